"""Amounts in plain sentences: “within 24 h”, “two working days”, “90 %”. English and German."""

import re
from dataclasses import dataclass
from typing import Final, Literal

Unit = Literal["seconds", "days", "business_days", "percent", "bare"]

_NUMBERS: Final = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "twenty-four": 24, "forty-eight": 48, "half an": 0.5, "half a": 0.5, "an": 1, "a": 1,
    "eine": 1, "einer": 1, "einem": 1, "eines": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6,
    "sieben": 7, "acht": 8, "neun": 9, "zehn": 10, "elf": 11, "zwölf": 12, "vierundzwanzig": 24,
    "achtundvierzig": 48,
}  # fmt: skip
_SECONDS: Final = {"s": 1, "m": 60, "h": 3600}
_DIGITS: Final = r"\d+(?:[.,]\d+)?"
# A word ends before its unit begins: “eines” is not one second.
_NUMBER: Final = rf"{_DIGITS}|(?:{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})(?=[\s\u00a0\u202f-])"
_OPEN: Final = r"(?:(?P<open>working|business|opening|office|arbeits|werk|geschäfts)[\s-]?)?"
_DURATION: Final = re.compile(
    rf"(?<![\w.,])(?P<number>{_NUMBER})[\s\u00a0\u202f-]*{_OPEN}"
    r"(?P<unit>seconds?|sec|s|sekunden?|minutes?|mins?|minuten?|h|hours?|hrs?|stunden?|std|days?|tag(?:e[ns]?|s)?|weeks?|wochen?)"
    r"(?!\w)",
    re.IGNORECASE,
)
_PERCENT: Final = re.compile(
    rf"(?<![\w.,])(?P<number>{_DIGITS})[\s\u00a0\u202f]*(?:%|percent\b|per cent\b|prozent\b)", re.I
)
_BARE: Final = re.compile(rf"(?<![\w.,])[+-]?(?P<number>{_DIGITS})(?![\w%])")
# “a day” is an amount only where somebody promises something within it.
_ARTICLE: Final = re.compile(
    r"\b(?:within|in|under|(?:less|more|later|longer) than|at most|innerhalb(?: von)?|binnen|nach|half)\s*"
    r"(?:half\s*)?$",
    re.IGNORECASE,
)
_ARTICLES: Final = frozenset({"a", "an", "eine", "einer", "einem", "eines"})
_SENTENCE: Final = re.compile(r"(?<=[.!?])\s+(?=\S)")
_FIELD: Final = re.compile(r"\{\{.*?\}\}", re.DOTALL)


@dataclass(frozen=True)
class Amount:
    """A number with its unit, and where in the text it stands."""

    number: float
    unit: Unit
    start: int
    end: int


def sentences(text: str) -> list[str]:
    """Without fields such as `{{ kpi:csat.value }}`, which say what is in force by themselves."""
    return [part.strip() for part in _SENTENCE.split(_FIELD.sub(" ", text)) if part.strip()]


def durations(text: str) -> list[Amount]:
    return [amount for match in _DURATION.finditer(text) if (amount := _duration(match, text[: match.start()]))]


def percents(text: str) -> list[Amount]:
    return [Amount(_number(match["number"]), "percent", *match.span()) for match in _PERCENT.finditer(text)]


def bare(text: str) -> list[Amount]:
    """Numbers without a unit."""
    return [Amount(_number(match["number"]), "bare", *match.span()) for match in _BARE.finditer(text)]


def _duration(match: re.Match[str], before: str) -> Amount | None:
    said = match["number"].lower()
    if said in _ARTICLES and not _ARTICLE.search(before):
        return None
    number, unit = _number(said), match["unit"].lower()
    if unit[0] in ("d", "t") or unit.startswith("w"):
        days = number * (7 if unit.startswith("w") else 1)
        return Amount(days, "business_days" if match["open"] else "days", *match.span())
    seconds = _SECONDS["h" if unit.startswith("st") else unit[0]]
    return Amount(number * seconds, "seconds", *match.span())


def _number(said: str) -> float:
    known = _NUMBERS.get(said.lower())
    return float(said.replace(",", ".")) if known is None else float(known)
