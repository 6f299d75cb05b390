"""The chapters a new manual begins with: their order, their titles, and prose to publish after an hour's editing.

Knows no model, so that the migration which first writes them can use it, too.
"""

from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import Any, Final, NamedTuple

_CONTENT: Final = Path(__file__).parent / "content"


class Starter(NamedTuple):
    """`chapter` names what is generated beneath the prose (manual.chapters); empty for prose only. What `is_inside`
    is for the house only, unless somebody decides otherwise."""

    slug: str
    chapter: str
    title: str
    is_inside: bool = False

    @property
    def text(self) -> str:
        return (_CONTENT / f"{self.slug}.md").read_text(encoding="utf-8").strip()


STARTERS: Final = (
    Starter("our-promise", "", "Our promise to customers"),
    Starter("who-we-are", "who", "Who we are and when we are there"),
    Starter("how-we-speak", "", "How we speak with customers"),
    Starter("handling-a-contact", "", "Handling a contact, step by step"),
    Starter("service-levels", "service_levels", "How fast we promise to be"),
    Starter("our-kpis", "kpis", "Our KPIs"),
    Starter("goals", "goals", "Goals this period"),
    Starter("kpis-and-the-business", "business", "How the KPIs fit the business"),
    Starter("our-surveys", "surveys", "Asking customers: our surveys"),
    Starter("unhappy-customers", "unhappy", "Unhappy customers and complaints"),
    Starter("escalation", "escalation", "Alarms and escalation"),
    Starter("authority", "", "What each of us may decide"),
    Starter("reporting", "reporting", "Who is told what, and when"),
    Starter("reviews", "reviews", "Looking at it together: reviews"),
    Starter("people", "people", "Our people: starting, learning, support and thanks"),
    Starter("data", "data", "What the figures rest on, and their limits"),
    Starter("glossary", "glossary", "Glossary"),
    Starter("small-samples", "small_samples", "How to read a small sample"),
    Starter("never", "never", "What we never do with these figures"),
    Starter("help", "roles", "Help for each role"),
    Starter("training", "training", "Learning to read the figures", is_inside=True),
    Starter("every-kpi", "every_kpi", "Every KPI there is"),
    Starter("every-survey", "every_survey", "Every kind of survey"),
    Starter("every-alarm", "every_alarm", "Every kind of alarm"),
    Starter("every-import", "every_import", "What can be imported", is_inside=True),
    Starter("running", "running", "Settings and commands, for whoever runs Plumbline", is_inside=True),
)
TO_FILL_IN: Final = "to be filled in"
"""Stands in the prose where only the organisation knows what belongs there."""
_STEP: Final = 10
_MOST: Final = 32767


def add_missing(sections: Any, versions: Any) -> int:
    """Create the starter sections that are not there, by the two managers; how many are new.

    Each comes after the one that it follows in the outline, wherever people have moved that; what is there keeps its
    text, its title and its place among the others. A name that an own section has already gets a number.
    """
    found = list(sections.order_by("position", "id"))
    missing = [starter for starter in STARTERS if not _is_there(starter, found)]
    for starter in missing:
        slug = _free(starter.slug, {section.slug for section in found})
        words = {"chapter": starter.chapter, "title": starter.title, "text": starter.text}
        section, is_new = sections.get_or_create(slug=slug, defaults=words | _inside(starter, sections))
        if is_new:
            versions.create(section=section, version=section.version, title=section.title, text=section.text)
        found.insert(_place(starter, found), section)
    if missing:
        for number, section in enumerate(found, start=1):
            sections.filter(pk=section.pk).update(position=min(number * _STEP, _MOST))
    return len(missing)


def _inside(starter: Starter, sections: Any) -> dict[str, bool]:
    """Nothing where an early migration asks, which does not know of it yet."""
    is_known = any(field.name == "is_inside" for field in sections.model._meta.fields)
    return {"is_inside": starter.is_inside} if is_known else {}


def _is_there(starter: Starter, found: Sequence[Any]) -> bool:
    """What is generated is known by its chapter, prose by its name."""
    if starter.chapter:
        return any(section.chapter == starter.chapter for section in found)
    return any(section.slug == starter.slug for section in found)


def _place(starter: Starter, found: Sequence[Any]) -> int:
    """Behind the nearest of those before it in the outline that is there."""
    for before in reversed(STARTERS[: STARTERS.index(starter)]):
        for place, section in enumerate(found):
            if section.slug == before.slug or (before.chapter and section.chapter == before.chapter):
                return place + 1
    return 0


def _free(slug: str, taken: set[str]) -> str:
    return next(name for number in count(1) if (name := slug if number == 1 else f"{slug}-{number}") not in taken)
