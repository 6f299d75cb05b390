"""The manual as it would be published now."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kpiproject.documents import pdf, words
from kpiproject.models import BusinessCalendar, CalendarUse, Organisation
from manual.drafts import draft, moment
from manual.models import Section
from manual.starter import STARTERS
from tests.factories import CalendarFactory, SectionFactory
from tests.manual import company

pytestmark = pytest.mark.django_db
AS_OF = datetime(2026, 6, 1, 22, 30, tzinfo=UTC)


def test_draft_has_every_shown_section_numbered_with_prose_before_what_is_generated() -> None:
    Organisation.objects.create(pk=1, name="Fernweh", time_zone="Europe/Berlin")
    Section.objects.filter(slug="goals").update(text="Our own words.")
    found = draft(AS_OF).document
    assert (found["title"], found["subtitle"], found["language"]) == ("Customer Service Manual", "Fernweh", "en")
    assert found["facts"] == [("Figures as of", "2 Jun 2026, 00:30 (Europe/Berlin)")]
    assert [(section["number"], section["anchor"]) for section in found["sections"]] == [
        (str(number), starter.slug) for number, starter in enumerate(STARTERS, start=1)
    ]
    goals = next(section for section in found["sections"] if section["anchor"] == "goals")
    assert words.lines(goals["blocks"]) == [
        "Our own words.",
        "No goal is in force. As long as there is none, the KPIs are watched and nothing is promised.",
    ]


def test_addresses_in_the_draft_are_unique() -> None:
    SectionFactory(text="# Goals\n\n# Goals\n\n# Kpi csat")
    found = draft(AS_OF).document
    anchors = [section["anchor"] for section in found["sections"]]
    for section in found["sections"]:
        anchors += [block["anchor"] for block in section["blocks"] if block["is"] == "heading"]
    assert len(anchors) == len(set(anchors))


def test_link_to_a_chapter_that_is_left_out_becomes_words() -> None:
    Section.objects.filter(slug="our-kpis").update(is_shown=False)
    assert "#kpi-" not in str(draft(AS_OF).document)


def test_own_section_and_chapter_that_is_no_more_are_prose_only() -> None:
    Section.objects.exclude(slug="goals").delete()
    Section.objects.update(chapter="retired", text="Only words.")
    (section,) = draft(AS_OF).document["sections"]
    assert words.lines(section["blocks"]) == ["Only words."]


def test_text_of_every_section_is_among_the_figures_by_its_digest() -> None:
    before = draft(AS_OF).figures["text:goals"]
    Section.objects.filter(slug="goals").update(text="Other words.")
    after = draft(AS_OF).figures["text:goals"]
    assert before["digest"] != after["digest"]
    assert (after["label"], after["words"], after["kind"]) == ("Goals this period", "", "text")


def test_same_instant_gives_the_same_draft() -> None:
    assert draft(AS_OF) == draft(AS_OF)


def test_a_draft_reads_the_calendars_once_and_the_next_draft_anew() -> None:
    company.found()
    late = CalendarFactory(name="Late", is_default=False)
    CalendarUse.objects.create(calendar=late, channel="chat")
    draft(AS_OF)
    with CaptureQueriesContext(connection) as read:
        document = draft(AS_OF).document
    tables = [query["sql"].partition(' FROM "kpiproject_')[2].partition('"')[0] for query in read.captured_queries]
    assert tables.count("calendaruse") == 1
    # The default calendar, and those that count for some: each with its days.
    own = {name: tables.count(name) for name in ("businesscalendar", "holiday", "specialday")}
    assert own == dict.fromkeys(own, 2)
    BusinessCalendar.objects.filter(is_default=True).update(name="Another shop")
    assert "“Another shop”" not in str(document)
    assert "“Another shop”" in str(draft(AS_OF).document)


def test_moment_names_its_zone() -> None:
    assert moment(AS_OF, "Asia/Tokyo") == "2 Jun 2026, 07:30 (Asia/Tokyo)"


def test_every_chapter_of_an_empty_organisation_is_written_in_print_too() -> None:
    assert pdf.render(draft(AS_OF).document)[:5] == b"%PDF-"
