"""What people say in the sections, and the rules in force that it is held against."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import multimode
from typing import Final

from django.utils.translation import gettext as _

from goals.lines import target as goal_target
from goals.models import Goal
from goals.queries import active_goals
from kpiproject.calendars import default_worktime
from kpiproject.documents import markdown, tree
from kpiproject.documents.tree import words_of
from kpiproject.models import BusinessCalendar
from manual import queries, spoken
from manual.chapters import unhappy
from manual.contradictions import LevelRule, Passage, Subject, TimeRule
from manual.models import Section
from metrics.kpi import Kpi, Unit
from metrics.models import ServiceTarget
from metrics.queries import find
from metrics.target_words import applies_to, promise
from surveys import follow_up_rules

Metric = ServiceTarget.Metric
UNHAPPY: Final = "unhappy"
# In these, an answer is one to a survey, and times are those of reports or reviews.
_OTHER_TIMES: Final = frozenset(
    {
        "surveys", "kpis", "goals", "reporting", "reviews", "data", "glossary", "small_samples", "never",
        "roles", "training", "every_kpi", "every_survey", "every_alarm", "every_import", "running",
    }
)  # fmt: skip
_SUBJECTS: Final[dict[str, Subject]] = {
    Metric.FIRST_RESPONSE: "first",
    Metric.NEXT_REPLY: "next",
    Metric.RESOLUTION: "solution",
}
_UNITS: Final[dict[Unit, spoken.Unit]] = {Unit.PERCENT: "percent", Unit.SECONDS: "seconds", Unit.DAYS: "days"}


@dataclass(frozen=True, kw_only=True)
class TimeRules:
    """`promised` are the service targets, `contacted` is until when unhappy customers are."""

    promised: Sequence[TimeRule]
    contacted: Sequence[TimeRule]

    @classmethod
    def now(cls) -> "TimeRules":
        return cls(promised=time_rules(), contacted=contact_rules())

    def of(self, section: Section) -> Sequence[TimeRule]:
        """What times in a section are about."""
        if section.chapter == UNHAPPY:
            return self.contacted
        return [] if section.chapter in _OTHER_TIMES else self.promised


def contact_rules() -> list[TimeRule]:
    """Until when an unhappy customer is contacted; none where no survey tells of any."""
    if all(survey.is_anonymous for survey in queries.open_surveys()):
        return []
    hours, is_business = follow_up_rules.rules().due_hours, default_worktime() is not None
    day = follow_up_rules.WORKING_DAY_HOURS
    said = _("an unhappy customer is contacted within %(time)s") % {"time": unhappy.working(hours)}
    return [
        TimeRule(
            subject="contact",
            channel="",
            priority="",
            seconds=3600 * (hours if is_business else hours * 24 / day),
            days=None,
            is_business=is_business,
            words=said,
            anchor="alerts",
            day=(day * 3600, day * 3600),
        )
    ]


def time_rules() -> list[TimeRule]:
    day = _opening_day()
    return [
        TimeRule(
            subject=_SUBJECTS[target.metric],
            channel=target.channel,
            priority=target.priority,
            seconds=target.seconds if target.count == ServiceTarget.Count.SECONDS else None,
            days=target.days,
            is_business=target.clock == ServiceTarget.Clock.BUSINESS,
            words=f"{target.name}: {promise(target)} ({applies_to(target)})",
            anchor=f"promise-{target.metric.replace('_', '-')}",
            day=day,
        )
        for target in queries.service_targets()
    ]


def _opening_day() -> tuple[float, float] | None:
    """How many seconds the usual day of a calendar is open: in the one with the shortest, and with the longest."""
    usual: list[float] = []
    for week in BusinessCalendar.objects.values_list("week", flat=True):
        days = [seconds for hours in week.values() if (seconds := sum(map(_seconds, hours)))]
        # A short Saturday is not what somebody calls a working day.
        usual += [max(multimode(days))] if days else []
    return (min(usual), max(usual)) if usual else None


def _seconds(hours: Sequence[str]) -> float:
    """Of “09:00” to “17:00”."""
    (opens, opens_minute), (closes, closes_minute) = (map(int, clock.split(":")[:2]) for clock in hours)
    return (closes - opens) * 3600 + (closes_minute - opens_minute) * 60


def level_rules() -> list[LevelRule]:
    by_kpi: dict[str, list[Goal]] = {}
    for goal in active_goals():
        by_kpi.setdefault(goal.kpi, []).append(goal)
    return [_level(kpi, goals) for code, goals in by_kpi.items() if (kpi := find(code)) is not None]


def _level(kpi: Kpi, goals: Sequence[Goal]) -> LevelRule:
    ends = (end for goal in goals for end in (goal.target, goal.target_high) if end is not None)
    said = ", ".join(dict.fromkeys(goal_target(goal) for goal in goals))
    words = _("%(kpi)s, target %(target)s") % {"kpi": kpi.name, "target": said}
    return LevelRule(
        names=_names(kpi),
        values=frozenset(ends),
        unit=_UNITS.get(kpi.unit, "bare"),
        words=words,
        anchor=f"goal-{goals[0].pk}",
    )


def _names(kpi: Kpi) -> tuple[str, ...]:
    """“Customer satisfaction (CSAT)” is called by either, and by both."""
    name = str(kpi.name)
    before, _bracket, inside = name.partition(" (")
    return tuple(dict.fromkeys([name, before, *([inside.rstrip(")")] if inside else [])]))


def passages(section: Section) -> Iterator[Passage]:
    yield Passage(text=section.title)
    for text in (section.text, section.note):
        yield from _of_blocks(markdown.parse(text), section.title)


def _of_blocks(blocks: Sequence[tree.Block], heading: str) -> Iterator[Passage]:
    for block in blocks:
        if block["is"] == "heading":
            heading = words_of(block["inlines"])
        elif block["is"] == "paragraph":
            yield Passage(text=words_of(block["inlines"]), heading=heading)
        elif block["is"] == "table":
            yield from _of_table(block, heading)
        else:
            for inner in _inner(block):
                yield from _of_blocks(inner, heading)


def _inner(block: tree.Block) -> list[list[tree.Block]]:
    if block["is"] == "list":
        return block["items"]
    return [block["blocks"]] if block["is"] in ("quote", "note") else []


def _of_table(block: tree.Table, heading: str) -> Iterator[Passage]:
    """A row with the heads of its columns, which tell what the times in it are about."""
    heads = " ".join(column["title"] for column in block["columns"])
    for row in tree.rows_of(block):
        yield Passage(text=": ".join(words_of(cell) for cell in row), heading=f"{heading} {heads}")
