from datetime import date

import pytest

from metrics.catalogue import CATALOGUE
from tests.goals.smart.written import checked

NBSP = "\u00a0"
FAST = {"kpi": "first_response_time", "direction": "lower", "baseline": 7200.0, "target": 3600.0}
GUARDED = FAST | {"guardrail": "csat", "guardrail_limit": 85.0}


def test_it_serves_the_business():
    assert checked()["objective"].text == "It serves “Loyal customers”."
    assert checked({"objective": ""})["objective"].outcome == "block"


@pytest.mark.parametrize(
    ("known", "fields", "outcome", "field", "beginning"),
    [
        ({}, {}, "pass", "state", "It needs no guardrail"),
        ({}, FAST, "block", "guardrail", "“First response time” is about speed or cost, which can be had at"),
        (
            {"guardrail_value": 90.0},
            GUARDED,
            "pass",
            "state",
            "Guarded by “Customer satisfaction (CSAT)” of at least 85",
        ),
        (
            {"guardrail_value": 80.0},
            GUARDED,
            "warn",
            "smart_note",
            "The guardrail is breached already: “Customer satisf",
        ),
        ({}, GUARDED, "warn", "smart_note", "“Customer satisfaction (CSAT)” was not measured in the last"),
        ({}, GUARDED | {"guardrail_limit": None}, "block", "guardrail_limit", "Say how far the guardrail may go"),
        (
            {},
            GUARDED | {"guardrail_limit": 120},
            "block",
            "guardrail_limit",
            "The limit of the guardrail, at least 120",
        ),
        ({}, GUARDED | {"guardrail": "smiles"}, "block", "guardrail", "The KPI of the guardrail, “smiles”, no longer"),
        ({}, GUARDED | {"guardrail": "first_response_time"}, "block", "guardrail", "A goal cannot guard itself."),
        (
            {},
            GUARDED | {"guardrail": "ticket_volume"},
            "block",
            "guardrail",
            "Of “Ticket volume” neither more nor less",
        ),
        (
            {},
            GUARDED | {"dimension": "tier", "member": "plus"},
            "block",
            "guardrail",
            "“Customer satisfaction (CSAT)” cannot be told apart as this goal is",
        ),
        (
            {"guardrail_value": 3600.0},
            GUARDED | {"guardrail": "resolution_time", "guardrail_limit": 7200.0},
            "warn",
            "smart_note",
            "The guardrail “Resolution time” is about speed or cost, too.",
        ),
        (
            {"guardrail_value": 3.0},
            GUARDED | {"guardrail": "reopen_rate", "guardrail_limit": 5.0},
            "pass",
            "state",
            f"Guarded by “Reopen rate” of at most 5.0{NBSP}%; it is 3.0{NBSP}% now.",
        ),
    ],
)
def test_not_at_the_cost_of_something_else(known, fields, outcome, field, beginning):
    found = checked(known, **fields)["guardrail"]
    assert (found.outcome, found.field, found.text[: len(beginning)]) == (outcome, field, beginning)


@pytest.mark.parametrize(
    ("fields", "outcome"),
    [
        ({"has_incentive": True}, "warn"),
        ({"has_incentive": True, "guardrail": "reopen_rate", "guardrail_limit": 5.0}, "pass"),
    ],
)
def test_money_that_depends_on_a_figure_needs_a_guardrail(fields, outcome):
    found = checked({"guardrail_value": 3.0}, **fields)["incentive"]
    assert found.outcome == outcome
    assert "(Goodhart’s law)" in found.text


def test_without_an_incentive_nothing_is_said():
    assert "incentive" not in checked()


@pytest.mark.parametrize(("others", "outcome"), [(0, "pass"), (4, "pass"), (5, "warn"), (9, "warn")])
def test_not_one_goal_too_many(others, outcome):
    assert checked({"companions": others})["load"].outcome == outcome


def test_one_channel_is_not_all():
    chat = {"dimension": "channel", "member": "chat"}
    assert "channels" not in checked()
    assert checked(**chat)["channels"].outcome == "pass"
    found = checked({"other_channels": ("email", "phone", "a", "b", "c", "d")}, **chat)["channels"]
    assert (found.outcome, found.text) == (
        "warn",
        ("Nothing looks at the other channels: email, phone, a, b, c …. Say why this one, or set goals for them, too."),
    )


@pytest.mark.parametrize(("on", "outcome"), [(date(2025, 6, 1), "pass"), (date(2025, 5, 31), "warn")])
def test_a_benchmark_of_this_year(on, outcome):
    assert checked({"benchmark_on": on})["benchmark"].outcome == outcome
    assert "benchmark" not in checked()


@pytest.mark.django_db  # figures in money ask for the currency
def test_every_kpi_is_known_to_need_a_guardrail_or_not():
    needed = {code for code in CATALOGUE if checked(kpi=code, target=90)["guardrail"].outcome == "block"}
    assert needed >= {"first_response_time", "resolution_time", "cost_per_contact", "average_handling_time"}
    assert not needed & {"csat", "nps", "first_contact_resolution", "retention_rate", "ticket_volume", "backlog"}
