"""A whole organisation, made once: every chapter has something to say, on the web, in print and as words."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from kpiproject.documents import pdf, words
from manual import arranging, editions, rendering
from manual.chapters import CHAPTERS, Context
from manual.drafts import draft
from tests.manual import company
from tests.manual.chapters.built import AS_OF
from tests.worlds import world

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def _company(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with world(django_db_blocker):
        company.found()
        yield


def test_every_chapter_is_written_for_the_web_as_words_and_in_print() -> None:
    document = draft(AS_OF).document
    html = rendering.of_document(document).body
    markdown = words.to_markdown(document)
    for section in document["sections"]:
        assert f'id="{section["anchor"]}"' in html
        assert f"## {section['number']} {section['title']}" in markdown
    assert "<Söhne>" not in html
    assert pdf.render(document)[:5] == b"%PDF-"


def test_every_generated_chapter_has_figures() -> None:
    found = draft(AS_OF).figures
    prefixes = {name.split(":")[0] for name in found}
    assert prefixes == {
        "actions", "alarm", "alert", "calendar", "chain", "data", "every", "follow-up", "goal", "kpi", "never",
        "objective", "organisation", "recognition", "report", "review", "role", "rule", "survey", "target", "team",
        "text",
    }  # fmt: skip
    assert all(figure["label"] for figure in found.values())
    assert len(CHAPTERS) == 22


def test_edition_of_the_company_keeps_its_digest_through_the_database() -> None:
    edition = editions.publish(by=None, number=1, as_of=AS_OF)
    assert editions.verify(editions.latest())
    assert edition.figures["kpi:csat.value"]["words"] == "40.0\u00a0% (1 Mar – 31 May 2026, 60 answers)"


def test_number_of_queries_is_bounded() -> None:
    draft(AS_OF)
    with CaptureQueriesContext(connection) as found:
        draft(AS_OF)
    assert len(found) <= 200


def test_no_own_section_takes_the_place_of_a_generated_heading() -> None:
    context = Context.at(AS_OF)
    blocks = [block for chapter in CHAPTERS.values() for block in chapter.build(context).blocks]
    anchors = {block["anchor"] for block in blocks if block["is"] == "heading"}
    assert len(anchors) > 30
    assert [anchor for anchor in anchors if arranging.add(anchor, by=None).slug == anchor] == []
