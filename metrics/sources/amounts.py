"""Amounts of money as people and machines write them: 1234.56, 1.234,56 €, (12.50), USD -3.

Whether a mark with three digits behind it splits thousands or begins the fraction (1.234) is one convention for a
whole file, proven by its other amounts.
"""

import re
from decimal import Decimal, InvalidOperation
from typing import Final

from django.utils.translation import gettext as _

from metrics.sources.faults import BadValue, Notes, short

PLACES: Final = Decimal("0.0001")
WHOLE_DIGITS: Final = 11
"""With four places that makes fifteen digits: more than that no database keeps alike."""

_NOISE: Final = Decimal("1e-9")  # what a program leaves behind that counts in binary fractions
_SIGN: Final = r"[-+−–]?"
_NAME: Final = r"[A-Za-z]{3}|[A-Za-z]{0,2}\$|[€£¥₹₽₺₩₫₪₴₱฿]|kr\.?|Kr\.?|zł|Kč|Ft|Fr\.?"
_AMOUNT: Final = re.compile(
    rf"(?P<open>\()?(?P<sign>{_SIGN})\s*(?P<before>{_NAME})?\s*(?P<inner>{_SIGN})\s*"
    r"(?P<digits>\d[\d.,'’ \u00a0\u202f\u2009]*|[.,]\d+)(?P<exponent>[eE][-+]?\d{1,2})?"
    rf"\s*(?P<after>{_NAME})?\s*(?P<behind>[-−–]?)(?P<close>\))?"
)
_SPACES: Final = str.maketrans("", "", "'’ \u00a0\u202f\u2009")
_GROUPED: Final = re.compile(
    r"\d*|\d{1,3}(?P<mark>[.,])(?:\d{2,3}(?P=mark))*\d{3}|\d{1,3}(?:['’ \u00a0\u202f\u2009]\d{3})+"
)
_OPEN: Final = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
_SIGNS: Final = {"€": "EUR", "£": "GBP", "₹": "INR", "₽": "RUB", "₺": "TRY", "zł": "PLN", "Kč": "CZK", "Ft": "HUF"}
_CODE: Final = re.compile(r"[A-Z]{3}")


class Marks:
    """What the amounts of a file prove about the mark before the fraction. `open_example` is one that can be read in
    two ways."""

    def __init__(self) -> None:
        self._commas = self._points = 0
        self.open_example = ""

    def add(self, text: str) -> None:
        if not ("," in text or "." in text) or not (match := _AMOUNT.fullmatch(text)):
            return
        digits = match["digits"].strip()
        if _OPEN.fullmatch(digits):
            self.open_example = min(self.open_example or digits, digits)
        elif mark := _fraction_mark(digits, is_comma=False):
            self._commas += mark == ","
            self._points += mark == "."
        else:  # it splits thousands, so the other one begins the fraction
            self._commas += "." in digits
            self._points += "," in digits

    @property
    def is_comma(self) -> bool | None:
        """None where the file proves nothing."""
        return self._commas > self._points if self._commas or self._points else None


def read_amount(text: str, notes: Notes, *, is_comma: bool) -> Decimal:
    """With four places. Raises BadValue for what is no amount, and for more digits than can be kept."""
    found = _parsed(text, is_comma=is_comma)
    if abs(found) >= 10**WHOLE_DIGITS:
        message = _("“%(text)s” is too large; an amount has at most %(digits)s digits before the decimal point.")
        raise BadValue("bad_amount", message % {"text": short(text), "digits": WHOLE_DIGITS})
    rounded = found.quantize(PLACES)
    if abs(rounded - found) > _NOISE:
        notes.add("amount_rounded", text)
    return rounded + 0  # without the sign of a nought


def read_number(text: str) -> float:
    """A number that is not money: a single comma begins the fraction. Raises BadValue."""
    try:
        return float(_parsed(text, is_comma="." not in text))
    except BadValue as fault:
        raise BadValue("bad_number", _("“%(text)s” is not a number.") % {"text": short(text)}) from fault


def read_currency(text: str) -> str:
    """The three letters of a currency. Raises BadValue."""
    found = _SIGNS.get(text, text.upper())
    if not _CODE.fullmatch(found):
        message = _("“%(text)s” is not a currency; write its three letters, such as EUR.")
        raise BadValue("bad_currency", message % {"text": short(text)})
    return found


def currency_of(text: str) -> str | None:
    """The currency that an amount itself names; "" where it names none, None where its sign stands for several."""
    match = _AMOUNT.fullmatch(text)
    name = (match["before"] or match["after"] or "") if match else ""
    found = _SIGNS.get(name, name.upper())
    return found if not found or _CODE.fullmatch(found) else None


def _parsed(text: str, *, is_comma: bool) -> Decimal:
    match = _AMOUNT.fullmatch(text)
    if not match or bool(match["open"]) != bool(match["close"]) or (match["before"] and match["after"]):
        raise _no_amount(text)
    digits = match["digits"].strip()
    mark = _fraction_mark(digits, is_comma=is_comma)
    whole, _mark, fraction = digits.rpartition(mark) if mark else (digits, "", "")
    signs = sum(match[name] not in ("", "+") for name in ("sign", "inner", "behind")) + bool(match["open"])
    if signs > 1 or not _GROUPED.fullmatch(whole) or (fraction and not fraction.isdecimal()):
        raise _no_amount(text)
    plain = re.sub(r"[.,]", "", whole.translate(_SPACES)) or "0"
    try:
        found = Decimal(f"{plain}.{fraction or '0'}{match['exponent'] or ''}")
    except InvalidOperation as error:
        raise _no_amount(text) from error
    return -found if signs else found


def _fraction_mark(digits: str, *, is_comma: bool) -> str:
    """The mark that begins the fraction; "" where there is none. `is_comma` decides what can be read in two ways."""
    marks = [letter for letter in digits if letter in ".,"]
    if not marks or (len(marks) > 1 and len(set(marks)) == 1):
        return ""  # none, or one that splits thousands
    last = marks[-1]
    is_open = len(marks) == 1 and _OPEN.fullmatch(digits)
    return "" if is_open and (last == ",") != is_comma else last


def _no_amount(text: str) -> BadValue:
    message = _("“%(text)s” is not an amount; write it like 1234.56.")
    return BadValue("bad_amount", message % {"text": short(text)})
