"""What the manual generates beneath the prose: one module per chapter, in the order of the manual."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from manual.chapters import (
    business,
    data,
    escalation,
    glossary,
    goals,
    kpis,
    people,
    reporting,
    reviews,
    service_levels,
    surveys,
    unhappy,
    who,
)
from manual.chapters.context import Built, Context
from metrics.kpi import Text

__all__ = ["CHAPTERS", "Built", "Chapter", "Context"]


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """`about` tells whoever writes the prose what will stand beneath it. What is not for outsiders is shared only where
    somebody chooses its section."""

    code: str
    about: Text
    build: Callable[[Context], Built]
    is_for_outsiders: bool = True


_ALL: Final = (
    Chapter(
        code="who",
        about=_("Opening hours, holidays, teams, and the ways by which customers reach you."),
        build=who.build,
    ),
    Chapter(
        code="service_levels",
        about=_("The service targets in force, and how often they were kept."),
        build=service_levels.build,
    ),
    Chapter(
        code="kpis",
        about=_("A card for every KPI, with its figure, its formula and a year by month."),
        build=kpis.build,
    ),
    Chapter(
        code="goals",
        about=_("A sheet for every goal in force, the goals that have ended, and whether the forecasts come true."),
        build=goals.build,
    ),
    Chapter(
        code="business",
        about=_("The business objectives, each with the goals that serve it, and what may not suffer for them."),
        build=business.build,
    ),
    Chapter(
        code="surveys",
        about=_("Every open survey with its wording, its scale and its response rate, and whom you leave alone."),
        build=surveys.build,
    ),
    Chapter(
        code="unhappy",
        about=_("Which answers count as unhappy, who is told, and how many there were."),
        build=unhappy.build,
    ),
    Chapter(
        code="escalation",
        about=_("From which threshold on who is told, within what time and how; quiet hours, and how to acknowledge."),
        build=escalation.build,
    ),
    Chapter(
        code="reporting",
        about=_("The reports that are sent by themselves, what they tell, and the next dates."),
        build=reporting.build,
    ),
    Chapter(
        code="reviews",
        about=_("The reviews that are planned, what was decided last, and what was promised and is still open."),
        build=reviews.build,
    ),
    Chapter(
        code="people",
        about=_("The rules of recognition and support, and the goals that the team has reached."),
        build=people.build,
    ),
    Chapter(
        code="data",
        about=_(
            "Sources and how fresh they are, what is missing or left out, the rules for every figure, and definitions "
            "that have changed."
        ),
        build=data.build,
    ),
    Chapter(code="glossary", about=_("Words and their meaning, and every KPI with its formula."), build=glossary.build),
)

CHAPTERS: Final[Mapping[str, Chapter]] = {chapter.code: chapter for chapter in _ALL}
