"""Whether the running goals together lead where they should: what a set of goals leaves out, nobody looks at.

Each check is about all of them, because a single goal cannot be one-sided. Own rules; five goals at most is what
the literature on objectives and key results advises, from three to five.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from metrics.kpi import Better, Family, Kpi, Unit

MOST_GOALS: Final = 5
EFFORT: Final = "ces"
_QUALITY: Final = frozenset({Family.RESOLUTION, Family.SATISFACTION})


@dataclass(frozen=True, kw_only=True)
class Aim:
    """What so many running goals of one person are about. `kpi` is None for one that is no longer in the catalogue, and
    for goals that are complete when their milestones are done: those measure nothing."""

    kpi: Kpi | None
    owner: str
    dimension: str = ""
    member: str = ""
    count: int = 1
    is_measured: bool = True


@dataclass(frozen=True, kw_only=True)
class Outdated:
    """The newest benchmark of a KPI, which is too old to be believed."""

    kpi_name: str
    as_of: date


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What is out of balance, and what to do about it."""

    code: str
    what: str
    advice: str


def is_speed(kpi: Kpi) -> bool:
    """Whether it says how fast we are: a time that should be short, or a share of answers in time."""
    return kpi.family is Family.RESPONSE or (kpi.unit is Unit.SECONDS and kpi.better is Better.LOWER)


def is_quality(kpi: Kpi) -> bool:
    """Whether it says how well things were solved, or how customers took it."""
    return kpi.family in _QUALITY and not is_speed(kpi)


def findings(aims: Sequence[Aim], outdated: Sequence[Outdated] = ()) -> list[Finding]:
    """What is out of balance; nothing without goals."""
    if not aims:
        return []
    return [finding for check in _CHECKS for finding in check(aims)] + list(_outdated(outdated))


def _nothing_measured(aims: Sequence[Aim]) -> Iterator[Finding]:
    """Whoever finishes what was planned may still not have helped anybody."""
    if not any(aim.is_measured for aim in aims):
        yield Finding(
            code="measured",
            what=_("All goals are milestones; none of them measures anything."),
            advice=_(
                "What was planned can all be done without anything getting better for customers. Set a goal for the "
                "figure that the milestones are to move."
            ),
        )


def _speed_alone(aims: Sequence[Aim]) -> Iterator[Finding]:
    kpis = [aim.kpi for aim in aims if aim.kpi]
    if any(map(is_speed, kpis)) and not any(map(is_quality, kpis)):
        yield Finding(
            code="speed",
            what=_("Goals for speed, none for quality."),
            advice=_(
                "Whoever is measured by speed alone closes tickets early. Add a goal for first contact resolution, "
                "reopened tickets or customer satisfaction."
            ),
        )


def _no_effort(aims: Sequence[Aim]) -> Iterator[Finding]:
    measured = [aim for aim in aims if aim.is_measured]
    if measured and not any(aim.kpi and aim.kpi.code == EFFORT for aim in measured):
        yield Finding(
            code="effort",
            what=_("No goal says how much effort we cost our customers."),
            advice=_(
                "Customers leave because of effort more often than because of a wait. Ask for it with the customer "
                "effort survey, and set a goal for the customer effort score."
            ),
        )


def _one_channel(aims: Sequence[Aim]) -> Iterator[Finding]:
    channels = {aim.member if aim.dimension == "channel" else "" for aim in aims if aim.is_measured}
    if len(channels) == 1 and (channel := channels.pop()):
        yield Finding(
            code="channel",
            what=_("All goals are about one channel: %(channel)s.") % {"channel": channel},
            advice=_(
                "Customers who use another way are looked at by nobody. Set a goal for all channels together, or one "
                "for the next busiest."
            ),
        )


def _too_many(aims: Sequence[Aim]) -> Iterator[Finding]:
    teams, owners = Counter[str](), Counter[str]()
    for aim in aims:
        if aim.dimension == "team":
            teams[aim.member] += aim.count
        owners[aim.owner] += aim.count
    yield from _crowded(teams, "team")
    yield from _crowded(owners, "owner")


def _crowded(counted: Mapping[str, int], whose: str) -> Iterator[Finding]:
    for name, count in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])):
        if count > MOST_GOALS:
            words = {"name": name, "count": count, "most": MOST_GOALS}
            what = (
                _("The team “%(name)s” has %(count)s running goals.")
                if whose == "team"
                else _("%(name)s owns %(count)s running goals.")
            )
            yield Finding(
                code=whose,
                what=what % words,
                advice=_("More than %(most)s at once get in each other's way. Choose what matters now; end the others.")
                % words,
            )


def _outdated(found: Sequence[Outdated]) -> Iterator[Finding]:
    if not found:
        return
    names = [
        _("%(kpi)s (of %(day)s)") % {"kpi": one.kpi_name, "day": date_format(one.as_of, "DATE_FORMAT")} for one in found
    ]
    text = ngettext(
        "A benchmark is older than 12 months: %(names)s.",
        "Benchmarks are older than 12 months: %(names)s.",
        len(found),
    )
    yield Finding(
        code="benchmark",
        what=text % {"names": ", ".join(names)},
        advice=_("What was good a year ago may be usual now. Look for newer figures, or say that there are none."),
    )


_CHECKS: Final[Sequence[Callable[[Sequence[Aim]], Iterator[Finding]]]] = (
    _nothing_measured,
    _speed_alone,
    _no_effort,
    _one_channel,
    _too_many,
)
