"""The chapters a new manual begins with: their order, their titles, and prose to publish after an hour's editing.

Knows no model, so that the migration which first writes them can use it, too.
"""

from pathlib import Path
from typing import Any, Final, NamedTuple

_CONTENT: Final = Path(__file__).parent / "content"


class Starter(NamedTuple):
    """`chapter` names what is generated beneath the prose (manual.chapters); empty for prose only."""

    slug: str
    chapter: str
    title: str

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
    Starter("goals", "goals", "Our goals"),
    Starter("kpis-and-the-business", "business", "How the KPIs fit the business"),
    Starter("our-surveys", "surveys", "Asking customers: our surveys"),
    Starter("unhappy-customers", "unhappy", "Unhappy customers and complaints"),
    Starter("reporting", "reporting", "Who is told what, and when"),
    Starter("reviews", "reviews", "Looking at it together: reviews"),
    Starter("data", "data", "What the figures rest on, and their limits"),
    Starter("glossary", "glossary", "Glossary"),
)
_STEP: Final = 10


def add_missing(sections: Any, versions: Any) -> int:
    """Create the starter sections whose short name no section has, by the two managers; how many are new."""
    known = set(sections.values_list("slug", flat=True))
    missing = [(place, starter) for place, starter in enumerate(STARTERS, start=1) if starter.slug not in known]
    for place, starter in missing:
        section, is_new = sections.get_or_create(
            slug=starter.slug,
            defaults={
                "chapter": starter.chapter,
                "title": starter.title,
                "position": place * _STEP,
                "text": starter.text,
            },
        )
        if is_new:
            versions.create(section=section, version=section.version, title=section.title, text=section.text)
    return len(missing)
