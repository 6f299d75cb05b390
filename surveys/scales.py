"""The explicit table of what is asked, on which scale, and what each score means. Imports no model."""

from collections.abc import Mapping
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
ANONYMOUS_KINDS = tuple(kind.code for kind in KINDS.values() if kind.is_about_employees)

# Position on the scale, counted from 1, at which the middle and the good scores begin; by number of points.
# 2 to 5 points as Simplesat, Zendesk and Delighted publish them; for 7 and 10 points nobody publishes a threshold:
# the two highest, and the middle between, are our own definition.
_SATISFACTION_STEPS = {2: (2, 2), 3: (2, 3), 4: (2, 3), 5: (3, 4), 7: (4, 6), 10: (7, 9)}
# Reichheld: 0-6, 7-8, 9-10. Only eleven points from 0 make a Net Promoter Score.
_RECOMMENDATION_STEPS = {11: (8, 10)}
# Gartner's CES 2.0: 5 to 7 of 7 agree; Delighted: 4 and 5 of 5.
_EFFORT_STEPS = {5: (3, 4), 7: (4, 5)}
_STEPS = {SATISFACTION: _SATISFACTION_STEPS, RECOMMENDATION: _RECOMMENDATION_STEPS, EFFORT: _EFFORT_STEPS}

# How a score looks on the page and in the mail, and on how many points that is possible.
LOOKS: Mapping[str, frozenset[int]] = MappingProxyType(
    {
        "numbers": frozenset({2, 3, 4, 5, 7, 10, 11}),
        "smileys": frozenset({2, 3, 4, 5, 7}),
        "stars": frozenset({3, 4, 5, 7, 10}),
        "thumbs": frozenset({2}),
    }
)

# On which side of the thresholds a score is.
GOOD, MIDDLE, BAD = 1, 0, -1


@dataclass(frozen=True, kw_only=True)
class Scale:
    """A kind on one scale, with its thresholds: `middle_from` and `good_from` are the first scores of the middle and of
    the good group, read from the bad end. Without own ones the agreed ones count, if there are any.

    With `lower_is_better` ("how much effort …?") the bad end is the highest score.
    """

    kind: str
    low: int
    high: int
    lower_is_better: bool = False
    middle_from: int | None = None
    good_from: int | None = None

    @property
    def points(self) -> int:
        return self.high - self.low + 1

    @property
    def scores(self) -> range:
        return range(self.low, self.high + 1)

    @property
    def groups(self) -> tuple[str, str, str]:
        """The names of the good, the middle and the bad group."""
        return KINDS[self.kind].groups

    @property
    def is_recommendation(self) -> bool:
        """Whether the score is promoters minus detractors."""
        return self.groups == RECOMMENDATION

    @property
    def steps(self) -> tuple[int, int] | None:
        """`middle_from` and `good_from` as they count; None where nobody has agreed on any."""
        if self.middle_from is not None and self.good_from is not None:
            return self.middle_from, self.good_from
        found = steps(self.kind, self.low, self.high)
        if found is None or not self.lower_is_better:
            return found
        return self._mirrored(found[0]), self._mirrored(found[1])

    def standing(self, score: int) -> int | None:
        """GOOD, MIDDLE or BAD; None where the scale has no thresholds. Raises ScoreOutOfScaleError."""
        check_score(score, self.low, self.high)
        found = self.steps
        if found is None:
            return None
        sign = -1 if self.lower_is_better else 1
        if sign * score >= sign * found[1]:
            return GOOD
        return MIDDLE if sign * score >= sign * found[0] else BAD

    def group(self, score: int) -> str:
        """The name of the group, such as "promoter"; "" where the scale has no thresholds."""
        standing = self.standing(score)
        return "" if standing is None else group_of(self.kind, standing)

    def _mirrored(self, score: int) -> int:
        return self.low + self.high - score


def group_of(kind: str, standing: int) -> str:
    """The name a kind has for GOOD, MIDDLE or BAD."""
    return KINDS[kind].groups[1 - standing]


def steps(kind: str, low: int, high: int) -> tuple[int, int] | None:
    """The agreed scores from which on the middle and the good group begin; None where there are none."""
    groups = KINDS[kind].groups
    positions = _STEPS[groups].get(high - low + 1)
    if positions is None or (groups == RECOMMENDATION and low != 0):
        return None
    return low + positions[0] - 1, low + positions[1] - 1


def points_of(kind: str) -> tuple[int, ...]:
    """On how many points a kind can be asked."""
    return tuple(sorted(_STEPS[KINDS[kind].groups]))


def check_score(score: int, low: int, high: int) -> int:
    """Return the score, or raise ScoreOutOfScaleError."""
    if not low <= score <= high:
        raise ScoreOutOfScaleError(
            _("%(score)s is not on this scale. Please choose a number from %(low)s to %(high)s.")
            % {"score": score, "low": low, "high": high}
        )
    return score
