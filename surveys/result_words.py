"""Results in words: figures with their unit, names of members and reasons, in the reader's language."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpiproject.lib.periods import Grain
from kpiproject.queries import agent_names
from surveys import scales
from surveys.languages import LANGUAGES
from surveys.models import Answer, Entrance, Survey, Version
from surveys.scales import Scale
from surveys.scores import Difference, Score

Text = str | Promise
SPACE: Final = "\u00a0"
MINUS: Final = "−"

DIMENSIONS: Final[Mapping[str, Text]] = {
    "channel": gettext_lazy("channel"),
    "team": gettext_lazy("team"),
    "agent": gettext_lazy("agent"),
    "category": gettext_lazy("category"),
    "language": gettext_lazy("language"),
    "origin": gettext_lazy("way in"),
    "version": gettext_lazy("version"),
    "entrance": gettext_lazy("place"),
}


def rounded(value: float, decimals: int = 1) -> Decimal:
    """Half away from zero, of what the number is written as."""
    return Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP) + 0


def number(value: float, decimals: int = 0) -> str:
    """With the reader's separators and a real minus sign; never “−0”."""
    found = rounded(value, decimals)
    text = number_format(abs(found), decimals, use_l10n=True, force_grouping=True)
    return f"{MINUS}{text}" if found < 0 else text


def signed(value: float, decimals: int = 1) -> str:
    text = number(value, decimals)
    return f"+{text}" if rounded(value, decimals) > 0 else text


def percent(value: float | None) -> str:
    return "–" if value is None else _("%(number)s %%").replace(" ", SPACE) % {"number": number(value, 1)}


def value(amount: float | None, scale: Scale) -> str:
    """A score: percent, or points with their sign."""
    if amount is None:
        return "–"
    return signed(amount) if scale.is_recommendation else percent(amount)


def interval(score: Score | Difference, scale: Scale) -> str:
    if score.low is None or score.high is None:
        return "–"
    low, high = value(score.low, scale), value(score.high, scale)
    return _("%(low)s to %(high)s") % {"low": low, "high": high}


def points(difference: Difference) -> str:
    """The difference of two scores, which is in points whatever their unit."""
    return _("%(amount)s points").replace(" ", SPACE) % {"amount": signed(difference.value)}


def points_interval(difference: Difference) -> str:
    return _("%(low)s to %(high)s points") % {"low": signed(difference.low), "high": signed(difference.high)}


def groups(scale: Scale) -> str:
    """“4 and 5 satisfied, 3 neutral, 1 and 2 unhappy”."""
    found: dict[str, list[int]] = {}
    for score in scale.scores if scale.lower_is_better else reversed(scale.scores):
        found.setdefault(scale.group(score), []).append(score)
    if "" in found:
        return _("This scale has no agreed thresholds, so its answers are counted but not judged.")
    return ", ".join(f"{span(sorted(scores))} {scales.GROUP_NAMES[name]}" for name, scores in found.items())


def span(scores: Sequence[int]) -> str:
    """“3”, “1 and 2”, “0 to 6”: scores that follow each other."""
    if len(scores) == 1:
        return str(scores[0])
    template = _("%(first)s and %(last)s") if len(scores) == 2 else _("%(first)s to %(last)s")
    return template % {"first": scores[0], "last": scores[-1]}


def dimension(name: str) -> str:
    return str(DIMENSIONS.get(name, name))


def piece(start: date, end: date, grain: Grain) -> str:
    """The name of a piece of time: “January 2025”, of others the days from the first to the last."""
    last = end - timedelta(days=1)
    if grain is Grain.MONTH:
        return capfirst(date_format(start, "YEAR_MONTH_FORMAT"))
    if start == last:
        return date_format(start, "DATE_FORMAT")
    return f"{date_format(start, 'SHORT_DATE_FORMAT')} – {date_format(last, 'SHORT_DATE_FORMAT')}"


def days(start: date, end: date) -> str:
    last = end - timedelta(days=1)
    if start == last:
        return date_format(start, "DATE_FORMAT")
    return f"{date_format(start, 'DATE_FORMAT')} – {date_format(last, 'DATE_FORMAT')}"


def members(survey: Survey, name: str, found: Collection[str]) -> dict[str, str]:
    """What members of a dimension are called; the missing one has no name of its own."""
    known: Mapping[str, str] = {}
    if name == "agent":
        known = agent_names([member for member in found if member])
    elif name == "origin":
        known = {code: str(label) for code, label in Answer.Origin.choices}
    elif name == "language":
        known = LANGUAGES
    elif name == "version":
        numbers = Version.objects.filter(survey=survey).values_list("pk", "number")
        known = {str(pk): _("version %(number)s") % {"number": number} for pk, number in numbers}
    elif name == "entrance":
        names = Entrance.objects.filter(survey=survey).values_list("pk", "name")
        known = {str(pk): entrance for pk, entrance in names}
    return {member: capfirst(known.get(member, "")) or member or _("(not given)") for member in found}
