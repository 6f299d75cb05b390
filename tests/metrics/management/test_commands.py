import csv
import io
import json
from unittest.mock import ANY

import pytest
from django.core.management import CommandError, call_command

from metrics import dirty
from metrics.catalogue import CATALOGUE
from metrics.dimensions import FURTHER
from metrics.kpi import Unit
from metrics.management import printing
from metrics.models import DirtyDay, Rollup
from tests.factories import AnswerFactory, CalendarFactory, CustomerFactory, SurveyFactory, TicketFactory
from tests.measure_factories import OrderFactory
from tests.metrics.figures import compute, organisation

pytestmark = pytest.mark.django_db


def run(*arguments):
    """What a command printed on standard output."""
    out = io.StringIO()
    call_command(*arguments, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def document(*arguments):
    return json.loads(run(*arguments, "--json"))


def test_kpi_prints_the_document_of_the_contract(time_machine):
    time_machine.move_to("2026-07-01T10:00Z", tick=False)
    organisation(time_zone="Europe/Berlin")
    AnswerFactory(score=5), AnswerFactory(score=1, survey=SurveyFactory(scale_max=6))
    compute()
    found = document("kpi", "csat", "--from", "2026-03-01", "--to", "2026-04-01")
    assert found == {
        "kpi": "csat",
        "revision": 3,
        "unit": "percent",
        "better": "higher",
        "calendar": None,
        "time_zone": "Europe/Berlin",
        "as_of": "2026-07-01T12:00:00+02:00",
        "parts_overlap": False,
        "points": [
            {
                "start": "2026-03-01",
                "end": "2026-04-01",
                "complete": True,
                "member": None,
                "value": 100,
                "n": 1,
                "part": 1,
                "whole": 1,
                "low": pytest.approx(20.6549, abs=0.0001),
                "high": 100,
                "mean": 5,
                "median": None,
                "p90": None,
                "excluded": {"scale_unknown": 1},
                "approximate": False,
                "provisional": None,
                "provisional_n": None,
                "beside": {},
                "notes": [],
                "withheld": None,
            }
        ],
    }


def test_kpi_brings_figures_up_to_date_first():
    TicketFactory()
    compute()
    other = TicketFactory()
    dirty.mark_tickets([other.pk])
    assert document("kpi", "ticket_volume")["points"][0]["value"] == 2
    assert not DirtyDay.objects.exists()


def test_kpi_in_business_and_calendar_time():
    CalendarFactory()
    TicketFactory(created_at="2026-03-06T16:00Z", solved_at="2026-03-09T10:00Z")
    compute()
    found = [document("kpi", "resolution_time", *more) for more in ([], ["--calendar", "calendar"])]
    assert [(one["calendar"], one["points"][0]["value"]) for one in found] == [("business", 7200), ("calendar", 237600)]


def test_kpi_at_an_instant_of_the_organisations_zone():
    organisation(time_zone="Europe/Berlin")
    TicketFactory(created_at="2026-03-02T10:00Z")
    compute()
    levels = {
        text: document("kpi", "backlog", "--at", text)["points"][0]
        for text in ("2026-03-02T10:59:59", "2026-03-02T11:00", "2026-03-02T10:00+00:00", "2026-03-02T10:00")
    }
    assert [point["value"] for point in levels.values()] == [0, 1, 1, 0]
    assert levels["2026-03-02T11:00"]["start"] == "2026-03-02T11:00:00+01:00"
    assert {point["end"] for point in levels.values()} == {None}


@pytest.mark.parametrize("code", ["ticket_volume", "backlog"])
def test_what_nobody_recorded_is_no_figure(code):
    """Before the first ticket nothing was counted, which is not 0; in a day without tickets after it, 0 were."""
    TicketFactory(created_at="2026-03-02T10:00Z", solved_at="2026-03-02T12:00Z")
    TicketFactory(created_at="2026-03-04T10:00Z", solved_at="2026-03-04T12:00Z")
    compute()
    days = document("kpi", code, "--from", "2026-02-28", "--to", "2026-03-05", "--grain", "day")["points"]
    counted = [1, 0, 1] if code == "ticket_volume" else [0, 0, 0]
    assert [point["value"] for point in days] == [None, None, *counted]
    (before,) = document("kpi", code, "--from", "2025-02-01", "--to", "2025-03-01")["points"]
    assert (before["value"], before["n"]) == (None, 0)


@pytest.mark.parametrize("code", ["ticket_volume", "backlog"])
def test_a_database_without_tickets_has_no_number_of_them(code):
    (found,) = document("kpi", code, "--from", "2026-03-01", "--to", "2026-04-01")["points"]
    assert found["value"] is None


def test_kpi_by_member_with_filters():
    TicketFactory(channel="mail", priority="high")
    TicketFactory(channel="chat", priority="high")
    TicketFactory(channel="", priority="low")
    compute()
    by = document("kpi", "ticket_volume", "--by", "channel")["points"]
    assert [(point["member"], point["value"]) for point in by] == [("", 1), ("chat", 1), ("mail", 1)]
    either = document("kpi", "ticket_volume", "--where", "channel=mail", "--where", "channel=chat")
    both = document("kpi", "ticket_volume", "--where", "channel=mail", "--where", "priority=low")
    assert [one["points"][0]["n"] for one in (either, both)] == [2, 0]


def test_kpi_withholds_how_satisfied_few_customers_are_with_one_person():
    for agent, count in (("ada", 30), ("bob", 29)):
        AnswerFactory.create_batch(count, agent=agent, score=5)
    compute()
    enough, few = document("kpi", "csat", "--by", "agent")["points"]
    assert (enough["member"], enough["n"], enough["value"], enough["withheld"]) == ("ada", 30, 100, None)
    figures = {few[name] for name in ("value", "part", "low", "high", "mean", "median", "p90", "provisional")}
    assert (few["member"], few["n"], figures) == ("bob", 29, {None})
    assert few["withheld"] == "fewer_than_30_answers_about_one_person"
    sentence = "Fewer than 30 answers say too little about one person, so this figure is not shown."
    assert few["notes"] == [sentence]
    (alone,) = document("kpi", "csat", "--where", "agent=bob")["points"]
    assert (alone["n"], alone["value"], alone["withheld"]) == (29, None, few["withheld"])
    table = run("kpi", "csat", "--where", "agent=bob", "--format", "csv")
    assert next(csv.DictReader(io.StringIO(table)))["value"] == ""
    assert run("kpi", "csat", "--where", "agent=bob").rstrip().endswith(sentence)


def test_kpi_as_a_table_of_commas():
    TicketFactory(is_spam=True)
    TicketFactory()
    compute()
    lines = list(csv.DictReader(io.StringIO(run("kpi", "ticket_volume", "--grain", "day", "--format", "csv"))))
    assert [(line["start"], line["value"], line["n"], line["excluded"]) for line in lines] == [
        ("2026-03-02", "1", "1", "spam=1")
    ]


def test_rows_of_customers_name_the_dimensions_that_a_customer_has():
    customer = CustomerFactory(segment="gold", signed_up_on="2026-03-01")
    OrderFactory(customer=customer, placed_at="2026-03-02T10:00Z")
    compute()
    asked = ("kpi", "cohort_retention", "--by", "cohort", "--from", "2026-03-01", "--to", "2026-04-01", "--rows")
    (row,) = document(*asked)["rows"]
    assert row["segment"] == "gold"
    (line,) = csv.DictReader(io.StringIO(run(*asked, "--format", "csv")))
    assert (line["segment"], line["cohort"]) == ("gold", row["cohort"])


def test_kpi_lists_the_rows_behind_it():
    ticket = TicketFactory(channel="mail", solved_at="2026-03-02T12:00Z")
    compute()
    found = document("kpi", "resolution_time", "--rows")
    assert (found["n"], found["calendar"]) == (1, "calendar")
    assert found["rows"] == [
        {
            "source": "test",
            "reference": ticket.external_id,
            "at": "2026-03-02T12:00:00+00:00",
            "value": 7200,
            "channel": "mail",
            "category": "",
            "type": "",
            "priority": "",
            "team": "",
            "agent": "",
            "tier": "",
        }
    ]
    assert ticket.external_id in run("kpi", "resolution_time", "--rows")
    assert run("kpi", "resolution_time", "--rows", "--format", "csv").splitlines()[0].startswith("source,reference,at")


@pytest.mark.parametrize(
    ("code", "values", "expected"),
    [
        ("resolution_time", {"solved_at": "2026-03-03T12:05Z"}, "26 h 05 min"),
        ("resolution_time", {"solved_at": "2026-03-02T10:00:20Z"}, "20 s"),
        ("resolution_time", {"solved_at": "2026-03-02T10:01:20Z"}, "80 s"),
        ("reopen_rate", {"solved_at": "2026-03-02T12:00Z", "reopens": 1}, "100.00 %"),
        ("first_response_time", {}, "–"),
    ],
)
def test_kpi_prints_values_with_units(code, values, expected):
    TicketFactory(**values)
    compute()
    assert f" {expected} " in run("kpi", code)


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (45.6, "money", "45.60 EUR"),
        (1234.5, "days", "1,234.5 days"),
        (0.97, "number", "0.97"),
        (31.25, "points", "+31.2"),
        (-0.421, "correlation", "-0.42"),
        (None, "money", "–"),
    ],
)
def test_values_have_their_unit_and_no_sign_that_means_nothing(value, unit, expected):
    organisation(currency="EUR")
    assert printing.written(value, Unit(unit)) == expected


@pytest.mark.parametrize("by", [(), ("--by", "channel")])
@pytest.mark.parametrize("code", ["ticket_volume", "backlog", "solved_volume"])
def test_numbers_of_nothing_are_no_fault(code, by):
    assert document("kpi", code, *by)["points"] in ([], [ANY])
    TicketFactory(channel="mail")
    found = document("kpi", code, "--by", "team", "--from", "2020-01-01", "--to", "2020-02-01", "--where", "channel=no")
    assert found["points"] == []


def test_kpi_without_facts_says_so():
    assert run("kpi", "csat").splitlines()[1] == "There are no facts to measure yet."
    assert document("kpi", "csat")["points"] == []


@pytest.mark.parametrize(
    ("arguments", "sentence", "status"),
    [
        (["csta"], "“csta” is not a KPI; did you mean csat?", 1),
        (["csat", "--grain", "wek"], "'wek' is not a grain; did you mean week?", 1),
        (["csat", "--grain", "x"], "'x' is not a grain; there are day, week, month, quarter, year, all.", 1),
        (["csat", "--by", "chanel"], "“chanel” is not a dimension of csat; did you mean channel?", 1),
        (
            ["csat", "--from", "1.3.2026"],
            "'1.3.2026' is not a date; write it as YYYY-MM-DD, for example 2026-01-31.",
            1,
        ),
        (
            ["csat", "--from", "2026-03-02", "--to", "2026-03-01"],
            "The period starts on 2026-03-02 and ends before 2026-03-01; it must end after it starts.",
            1,
        ),
        (
            ["csat", "--where", "channel"],
            "'channel' is not a filter; write DIMENSION=MEMBER, for example channel=email.",
            1,
        ),
        (
            ["backlog", "--at", "noon"],
            "'noon' is not a time; write for example 2026-01-31T17:00 or 2026-01-31T17:00+01:00.",
            1,
        ),
        (
            ["backlog", "--at", "2026-01-31", "--to", "2026-03-01"],
            "--at asks for an instant; leave out --from and --to.",
            2,
        ),
        (
            ["csat", "--by", "channel", "--by", "team"],
            "Give --by once: figures are broken down by one dimension; --where keeps members of others.",
            2,
        ),
    ],
)
def test_kpi_refuses_what_it_cannot_answer(arguments, sentence, status):
    with pytest.raises(CommandError) as caught:
        run("kpi", *arguments)
    assert (str(caught.value), caught.value.returncode) == (sentence, status)


def test_kpi_says_what_must_be_said_beneath_the_table():
    CalendarFactory(name="Phone", is_default=False).uses.create(channel="phone")
    TicketFactory(channel="email", created_at="2026-03-07T20:00Z", first_agent_reply_at="2026-03-07T20:30Z")
    lines = run("kpi", "first_response_time", "--from", "2026-03-01", "--to", "2026-04-01").splitlines()
    assert "business time" in lines[0]
    assert lines[-1] == "1 ticket without a calendar is measured in calendar time."


def test_kpi_says_that_a_member_does_not_exist():
    TicketFactory(channel="email", created_at="2026-03-07T20:00Z")
    sentence = "Nothing that counts here has “emial” as its channel; did you mean email?"
    asked = ("ticket_volume", "--where", "channel=emial")
    assert run("kpi", *asked).splitlines()[-1] == sentence
    [point] = json.loads(run("kpi", *asked, "--json"))["points"]
    assert (point["n"], point["notes"]) == (0, [sentence])


def test_kpis_lists_the_catalogue():
    found = json.loads(run("kpis", "--json"))
    assert len(found) == len(CATALOGUE)
    assert found[0] | {"text": "…", "gaming": "…"} == {
        "code": "first_response_time",
        "name": "First response time",
        "family": "response",
        "unit": "seconds",
        "better": "lower",
        "shape": "quantile",
        "formula": "median of (first reply by a person − creation)",
        "source": "Zendesk, “first reply time”; Freshdesk, “first response time”",
        "dimensions": ["channel", "category", "type", "priority", "team", "agent", "tier", *FURTHER],
        "revision": 2,
        "text": "…",
        "gaming": "…",
    }
    assert len(run("kpis").splitlines()) == len(CATALOGUE)


def test_recompute_takes_what_is_dirty():
    TicketFactory()
    compute()
    assert document("recompute") | {"seconds": 0} == {"days": 0, "rollups": 0, "seconds": 0}


def test_recompute_again_what_is_asked_for():
    TicketFactory(created_at="2026-03-02T10:00Z", closed_at="2026-03-20T10:00Z")
    compute()
    n = Rollup.objects.count()
    Rollup.objects.all().delete()
    some = document("recompute", "--from", "2026-03-02", "--to", "2026-03-05", "--kpi", "ticket_volume")
    assert some["days"] == 3
    assert document("recompute", "--all")["days"] == 19
    assert Rollup.objects.count() == n


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--kpi", "nop"], "“nop” is not a KPI; did you mean nps?"),
        (
            ["--from", "2026-03-02", "--to", "2026-03-02"],
            "The range starts on 2026-03-02 and ends before 2026-03-02; it must end after it starts.",
        ),
        (["--to", "2026-13-01"], "'2026-13-01' is not a date; write it as YYYY-MM-DD, for example 2026-01-31."),
    ],
)
def test_recompute_refuses_what_it_cannot_read(arguments, sentence):
    with pytest.raises(CommandError) as caught:
        run("recompute", *arguments)
    assert str(caught.value) == sentence


def test_kpi_writes_no_formula_into_a_table_of_commas():
    TicketFactory(channel="=1+1")
    compute()
    lines = list(csv.DictReader(io.StringIO(run("kpi", "ticket_volume", "--by", "channel", "--format", "csv"))))
    assert [line["member"] for line in lines] == ["'=1+1"]
    assert "'=1+1" in run("kpi", "ticket_volume", "--rows", "--format", "csv")
