"""What figures rest on, and the words of the manual."""

from datetime import date, timedelta
from unittest.mock import patch

import pytest

from kpiproject.models import Organisation
from metrics.kpi import CATALOGUE
from metrics.models import ImportRun, Rollup
from metrics.queries import adopted
from tests.factories import AnswerFactory, CalendarFactory, InvitationFactory, TicketFactory
from tests.goals.measured import share
from tests.manual.chapters.built import AS_OF, build, facts, figures, lines, tables

pytestmark = pytest.mark.django_db


def test_sources_are_counted_up_to_the_instant_with_their_oddities_and_last_import() -> None:
    for values in (
        {},
        {"is_flagged": True},
        {"source": "shop"},
        {"is_stub": True},
        {"created_at": "2026-06-16T10:00Z"},
    ):
        TicketFactory(**{"source": "desk", "created_at": "2026-05-01T10:00Z", **values})
    done = {"kind": "tickets", "format": "generic", "state": ImportRun.State.DONE}
    for source, days, values in (("desk", 2, {}), ("desk", 1, {"is_dry_run": True}), ("desk", -1, {})):
        ImportRun.objects.create(**done, source=source, finished_at=AS_OF - timedelta(days=days), **values)
    assert tables(build("data").blocks)["Tickets by the system they come from"] == [
        ["desk", "2", "1", "13 Jun 2026"],
        ["shop", "1", "0", "–"],
    ]
    assert any(line.startswith("An oddity is a date that cannot be right") for line in lines("data"))


def test_every_feed_says_when_it_last_came_and_whether_the_last_try_failed() -> None:
    runs = [
        ("desk", "tickets", ImportRun.State.DONE, 3),
        ("desk", "tickets", ImportRun.State.FAILED, 2),
        ("desk", "customers", ImportRun.State.FAILED, 3),
        ("desk", "customers", ImportRun.State.DONE, 1),
        ("shop", "orders", ImportRun.State.FAILED, 1),
        ("shop", "costs", ImportRun.State.DONE, -1),
        ("shop", "messages", ImportRun.State.RUNNING, 1),
    ]
    for source, kind, state, days in runs:
        at = AS_OF - timedelta(days=days)
        ImportRun.objects.create(source=source, kind=kind, format="generic", state=state, finished_at=at)
    dry = {"is_dry_run": True, "state": ImportRun.State.DONE, "finished_at": AS_OF}
    ImportRun.objects.create(source="desk", kind="tickets", format="generic", **dry)
    assert tables(build("data").blocks)["When each kind of data last came"] == [
        ["desk", "customers", "14 Jun 2026", "yesterday"],
        ["desk", "tickets", "12 Jun 2026", "3 days ago"],
        ["shop", "messages", "–", "never came"],
        ["shop", "orders", "–", "never came"],
    ]
    sentence = "The last import failed, so that newer data are missing: desk (tickets), shop (orders)."
    assert sentence in lines("data")
    built = build("data").figures["feed:desk.tickets"]
    assert built == {"label": "Last import of tickets from desk", "words": "12 Jun 2026", "kind": "passing"}


def test_kpis_without_a_figure_are_named() -> None:
    said = lines("data")
    place = said.index("These KPIs belong to our work, but nothing was measured of them in the last complete month:")
    assert "Customer satisfaction (CSAT)" in said[place:]
    share("csat", date(2026, 5, 10), 10, n=40)
    said = lines("data")
    listed = said[place : said.index("What is left out")]
    assert ("Customer satisfaction (CSAT)" in listed, "Net Promoter Score (NPS)" in listed) == (False, True)


def test_own_surveys_are_counted_up_to_the_instant() -> None:
    for at in (AS_OF, AS_OF + timedelta(seconds=1)):
        InvitationFactory(created_at=at)
        AnswerFactory(answered_at=at)
    assert "From our own surveys: 1 invitation has been sent and 1 answer has been given." in lines("data")


def test_answers_of_other_systems_are_counted_apart_from_our_own() -> None:
    for number, at in enumerate((AS_OF, AS_OF, AS_OF + timedelta(seconds=1))):
        AnswerFactory(answered_at=at, origin="import", source="delighted", external_id=str(number))
        InvitationFactory(created_at=at, key=f"import:delighted:{number}")
    done = {"kind": "survey_responses", "format": "generic", "state": ImportRun.State.DONE, "source": "delighted"}
    ImportRun.objects.create(**done, finished_at=AS_OF - timedelta(days=2))
    assert tables(build("data").blocks)["Answers to surveys by the system they come from"] == [
        ["delighted", "2", "13 Jun 2026"]
    ]
    assert "From our own surveys: 0 invitations have been sent and 0 answers have been given." in lines("data")
    assert "Nothing has been imported yet." not in lines("data")


def test_what_is_left_out_is_listed_with_its_reason_and_period() -> None:
    share("reopen_rate", date(2026, 5, 10), 10, n=40)
    Rollup.objects.update(extra={"excluded": {"spam": 2, "test": 3}})
    assert tables(build("data").blocks)["Cases that were left out"] == [
        ["Reopen rate", "test", "3", "May 2026"],
        ["Reopen rate", "spam", "2", "May 2026"],
    ]


def test_rules_of_the_organisation_are_facts_and_figures() -> None:
    Organisation.objects.create(
        pk=1, time_zone="Asia/Tokyo", week_start=6, currency="JPY", pause_statuses=["waiting", "on hold"]
    )
    CalendarFactory(name="Shop hours")
    assert facts(build("data").blocks, "rules") == {
        "Time zone of days, weeks and months": "Asia/Tokyo",
        "First day of the week": "Sunday",
        "Currency": "JPY",
        "Business calendar": "Shop hours",
        "Statuses that stop the clock": "waiting, on hold",
    }
    assert figures("data")["organisation:time_zone"] == "Asia/Tokyo"


def test_reach_of_the_figures_ends_at_the_instant_and_passes_by_itself() -> None:
    share("csat", date(2026, 4, 1), 50)
    share("csat", date(2026, 6, 14), 50)
    assert "The figures reach from 1 Apr 2026 to 14 Jun 2026." in lines("data")
    assert build("data").figures["data:reach"] == {
        "label": "Figures reach up to",
        "words": "14 Jun 2026",
        "kind": "passing",
    }


def test_empty_organisation_says_so_in_words() -> None:
    said = lines("data")
    assert "Nothing has been imported yet." in said
    assert "In the periods of this manual, nothing had to be left out of any figure." in said
    assert "From our own surveys: 0 invitations have been sent and 0 answers have been given." in said
    assert figures("data")["data:reach"] == "no data"


def test_revised_definitions_are_listed() -> None:
    revised = [[str(kpi.name), str(kpi.revision)] for kpi in adopted() if kpi.revision > 1]
    assert tables(build("data").blocks)["KPIs whose meaning has changed"] == revised


def test_glossary_maps_words_that_others_use_differently() -> None:
    words = dict(tables(build("glossary").blocks)["Words and their meaning"])
    assert list(words) == sorted(words, key=str.casefold)
    assert words["Response time (average)"] == (
        "Some mean by it the time until the issue is solved. We call that the resolution time; the time until somebody "
        "answers at all is the first response time. See Resolution time."
    )
    assert words["Retention as length of stay"] == (
        "Some call “retention rate” how long somebody stays a customer on average. We call that the customer lifetime, "
        "and keep it apart from the share of customers who stay. See Customer lifetime."
    )


def test_glossary_says_when_there_is_no_such_kpi() -> None:
    with patch.dict(CATALOGUE):  # which puts everything back in its order
        del CATALOGUE["customer_lifetime"]
        words = dict(tables(build("glossary").blocks)["Words and their meaning"])
    assert words["Retention as length of stay"].endswith("who stay. It is not measured here yet.")
