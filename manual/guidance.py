"""The chapters of the edition in force, and the cards of its KPIs, for whoever must know what to do about an alarm."""

from collections.abc import Iterator
from typing import Any, Final

from django.urls import reverse

from goals.alarms.guidance import Chapter
from kpiproject.documents.tree import words_of
from manual import queries
from manual.chapters.places import anchor_of
from metrics.queries import adopted

_CARD: Final = "kpi:"


def chapters() -> list[Chapter]:
    latest = queries.latest()
    return list(_chapters(latest.content["sections"])) if latest else []


def _chapters(sections: list[dict[str, Any]]) -> Iterator[Chapter]:
    codes = {anchor_of(kpi.code): kpi.code for kpi in adopted()}
    for section in sections:
        path = reverse("manual:section", args=[section["anchor"]])
        yield Chapter(code=section["anchor"], title=section["title"], path=path)
        for block in section["blocks"]:
            if block["is"] == "heading" and block["anchor"] in codes:
                code, title = codes[block["anchor"]], words_of(block["inlines"])
                yield Chapter(code=_CARD + code, title=title, path=f"{path}#{block['anchor']}", kpi=code)
