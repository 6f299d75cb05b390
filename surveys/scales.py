"""The explicit table of what is asked, on which scale, and what each score means. Imports no model."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class ScoreOutOfScaleError(ValueError):
    """A score that its scale does not have."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of survey as it is asked by default. `groups` names the scores from good over middling to bad."""

    code: str
    name: Promise
    question: Promise
    low: int
    high: int
    low_label: Promise
    high_label: Promise
    groups: tuple[str, str, str]
    is_about_employees: bool = False

    @property
    def slug(self) -> str:
        return self.code


SATISFACTION = ("satisfied", "neutral", "unhappy")
RECOMMENDATION = ("promoter", "passive", "detractor")
EFFORT = ("easy", "neutral", "effort")

GROUP_NAMES: Mapping[str, Promise] = MappingProxyType(
    {
        "satisfied": gettext_lazy("satisfied"),
        "neutral": gettext_lazy("neutral"),
        "unhappy": gettext_lazy("unhappy"),
        "promoter": gettext_lazy("promoters"),
        "passive": gettext_lazy("passives"),
        "detractor": gettext_lazy("detractors"),
        "easy": gettext_lazy("easy"),
        "effort": gettext_lazy("effort"),
    }
)

KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        kind.code: kind
        for kind in (
            Kind(
                code="csat",
                name=gettext_lazy("Customer satisfaction"),
                question=gettext_lazy("How satisfied were you with the service you received today?"),
                low=1,
                high=5,
                low_label=gettext_lazy("Very dissatisfied"),
                high_label=gettext_lazy("Very satisfied"),
                groups=SATISFACTION,
            ),
            Kind(
                code="nps",
                name=gettext_lazy("Recommendation"),
                question=gettext_lazy("How likely are you to recommend [Company] to a friend or colleague?"),
                low=0,
                high=10,
                low_label=gettext_lazy("Not at all likely"),
                high_label=gettext_lazy("Extremely likely"),
                groups=RECOMMENDATION,
            ),
            Kind(
                code="ces",
                name=gettext_lazy("Ease of getting help"),
                question=gettext_lazy("How easy was it to get your issue resolved today?"),
                low=1,
                high=7,
                low_label=gettext_lazy("Very difficult"),
                high_label=gettext_lazy("Very easy"),
                groups=EFFORT,
            ),
            Kind(
                code="esat",
                name=gettext_lazy("Employee satisfaction"),
                question=gettext_lazy("How satisfied are you with your work at [Company]?"),
                low=1,
                high=5,
                low_label=gettext_lazy("Very dissatisfied"),
                high_label=gettext_lazy("Very satisfied"),
                groups=SATISFACTION,
                is_about_employees=True,
            ),
            Kind(
                code="enps",
                name=gettext_lazy("Employee recommendation"),
                question=gettext_lazy("How likely are you to recommend [Company] as a place to work?"),
                low=0,
                high=10,
                low_label=gettext_lazy("Not at all likely"),
                high_label=gettext_lazy("Extremely likely"),
                groups=RECOMMENDATION,
                is_about_employees=True,
            ),
        )
    }
)

# Position on the scale, counted from 1, at which the middle and the good scores begin; by number of points.
# 2 to 5 points as Simplesat, Zendesk and Delighted publish them; for 7 and 10 points nobody publishes a threshold:
# the two highest, and the middle between, are our own definition.
_SATISFACTION_STEPS = {2: (2, 2), 3: (2, 3), 4: (2, 3), 5: (3, 4), 7: (4, 6), 10: (7, 9)}
# Reichheld: 0-6, 7-8, 9-10. Only eleven points from 0 make a Net Promoter Score.
_RECOMMENDATION_STEPS = {11: (8, 10)}
# Gartner's CES 2.0: 5 to 7 of 7 agree; Delighted: 4 and 5 of 5.
_EFFORT_STEPS = {5: (3, 4), 7: (4, 5)}
_STEPS = {SATISFACTION: _SATISFACTION_STEPS, RECOMMENDATION: _RECOMMENDATION_STEPS, EFFORT: _EFFORT_STEPS}


def steps(kind: str, low: int, high: int) -> tuple[int, int] | None:
    """The scores from which on the middle and the good group begin; None where the scale has no agreed thresholds."""
    groups = KINDS[kind].groups
    positions = _STEPS[groups].get(high - low + 1)
    if positions is None or (groups == RECOMMENDATION and low != 0):
        return None
    return low + positions[0] - 1, low + positions[1] - 1


def check_score(score: int, low: int, high: int) -> int:
    """Return the score, or raise ScoreOutOfScaleError."""
    if not low <= score <= high:
        raise ScoreOutOfScaleError(
            _("%(score)s is not on this scale. Please choose a number from %(low)s to %(high)s.")
            % {"score": score, "low": low, "high": high}
        )
    return score


def group(kind: str, score: int, low: int, high: int) -> str:
    """The name of the group a score belongs to, such as "promoter"; "" where the scale has no agreed thresholds."""
    check_score(score, low, high)
    good, middle, bad = KINDS[kind].groups
    found = steps(kind, low, high)
    if found is None:
        return ""
    middle_from, good_from = found
    if score >= good_from:
        return good
    return middle if score >= middle_from else bad


def of_customers() -> Iterator[tuple[str, int, int]]:
    """Kind, number of points of a scale with agreed thresholds, and how many of its lowest scores are bad."""
    for kind in KINDS.values():
        if not kind.is_about_employees:
            for points, (middle_from, _good_from) in _STEPS[kind.groups].items():
                yield kind.code, points, middle_from - 1
