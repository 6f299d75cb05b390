"""Targets as people write them: 90, 90 %, −5, 2 h 30 min. Whether they make sense is not checked here."""

import re
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from metrics import presentation
from metrics.kpi import BUSINESS, Kpi, Unit
from metrics.target_forms import DurationField
from metrics.target_words import written

_NUMBER: Final = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
_THOUSANDS: Final = re.compile(r"[+-]?\d{1,3}(?:[., ]\d{3})+")
_MOST: Final = 1e12
_DURATION: Final = DurationField()


def read(text: str, kpi: Kpi, clock: str) -> float:
    """The value in the KPI's unit, in seconds where it is a duration. Raises ValidationError with one sentence."""
    text = text.replace(presentation.SPACE, " ").replace(presentation.MINUS, "-").strip()
    return _duration(text, clock) if kpi.unit is Unit.SECONDS else _number(text, kpi)


def write(value: float, kpi: Kpi) -> str:
    """So that it can be read again."""
    if kpi.unit is Unit.SECONDS:
        return written(round(value))
    return str(int(value)) if float(value).is_integer() else repr(round(value, 6))


def example(kpi: Kpi) -> str:
    """How a target of this KPI may be written."""
    return {
        Unit.SECONDS: _("a time with its unit, for example 45 min or 2 h 30 min"),
        Unit.PERCENT: _("a percentage, for example 90 or 92.5"),
        Unit.POINTS: _("points from −100 to 100, for example 35"),
        Unit.COUNT: _("a number, for example 120"),
        Unit.DAYS: _("a number of days, for example 14"),
        Unit.MONEY: _("an amount in the organisation’s currency, for example 4.50"),
        Unit.NUMBER: _("a number, for example 1.5"),
        Unit.CORRELATION: _("a number from −1 to 1, for example 0.3"),
    }[kpi.unit]


def _duration(text: str, clock: str) -> float:
    if clock == BUSINESS and "d" in text.lower():
        raise ValidationError(_("Business time has no days: write the hours, for example 16 h."))
    return float(_DURATION.clean(text))


def _number(text: str, kpi: Kpi) -> float:
    if kpi.unit is Unit.COUNT and _THOUSANDS.fullmatch(text):
        raise ValidationError(_("Write the number without separators of thousands, for example 1200."))
    bare = re.sub(r"\s*(%|points?)$", "", text, flags=re.IGNORECASE)
    if not _NUMBER.fullmatch(bare):
        message = _("“%(text)s” is not a target of “%(kpi)s”; write %(example)s.")
        raise ValidationError(message % {"text": text, "kpi": kpi.name, "example": example(kpi)})
    value = float(bare.replace(",", "."))
    if abs(value) > _MOST:
        message = _("%(value)s lies outside the scale of “%(kpi)s”; write %(example)s.")
        raise ValidationError(message % {"value": text, "kpi": kpi.name, "example": example(kpi)})
    return value
