from datetime import timedelta

import pytest

from kpiproject.lib.periods import Grain
from metrics.queries import BadQuestion, Question, check, extent, figures, find_kpi
from tests.factories import AnswerFactory, CalendarFactory, InvitationFactory, TicketFactory
from tests.metrics.figures import at, compute, day, organisation

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ({"code": "csta"}, "“csta” is not a KPI; did you mean csat?"),
        ({"code": "csat", "by": "chanel"}, "“chanel” is not a dimension of csat; did you mean channel?"),
        (
            {"code": "csat", "where": {"tier": ["gold"]}},
            "“tier” is not a dimension of csat; there are channel, category, team, agent, survey.",
        ),
        (
            {"code": "csat", "start": day("2026-03-02"), "end": day("2026-03-01")},
            "The period starts on 2026-03-02 and ends before 2026-03-01; it must end after it starts.",
        ),
        (
            {"code": "csat", "start": day("2026-03-02"), "end": day("2026-03-02")},
            "The period starts on 2026-03-02 and ends before 2026-03-02; it must end after it starts.",
        ),
        (
            {"code": "first_response_time", "clock": "bussiness"},
            "“bussiness” is not a calendar; did you mean business?",
        ),
        ({"code": "csat", "clock": "x"}, "“x” is not a calendar; there are calendar, business."),
        (
            {"code": "first_response_time", "clock": "business"},
            "The organisation has no business calendar yet; ask for calendar time, or set a default calendar.",
        ),
        (
            {"code": "csat", "at": at("2026-03-02 10:00")},
            "csat is counted over a period, so there is no figure at an instant; give a start and an end.",
        ),
        (
            {"code": "backlog", "at": at("2026-03-02 10:00"), "start": day("2026-03-02")},
            "Ask for a stock at an instant or over a period, not both.",
        ),
        (
            {"code": "csat", "start": day("0001-01-01"), "end": day("2026-01-01")},
            "0001-01-01 is out of reach; give days from 1970-01-01 to 2200-01-01.",
        ),
        (
            {"code": "csat", "start": day("2026-01-01"), "end": day("9999-12-31")},
            "9999-12-31 is out of reach; give days from 1970-01-01 to 2200-01-01.",
        ),
        (
            {"code": "backlog", "at": at("9999-12-31 23:59")},
            "9999-12-31 is out of reach; give days from 1970-01-01 to 2200-01-01.",
        ),
        (
            {"code": "csat", "start": day("1970-01-01"), "end": day("2200-01-01"), "grain": Grain.DAY},
            "These would be 84006 figures; at most 5000 are given at once. Ask for fewer or longer steps.",
        ),
    ],
)
def test_what_does_not_exist_is_refused_with_a_sentence(question, sentence):
    with pytest.raises(BadQuestion) as caught:
        figures(Question(**question))
    assert str(caught.value) == sentence


def test_too_many_periods_times_members_are_refused():
    for number in range(3):
        TicketFactory(created_at="2026-03-01T10:00Z", channel=f"c{number}")
    compute()
    question = {"code": "ticket_volume", "start": day("2020-01-01"), "end": day("2026-01-01"), "by": "channel"}
    assert len(figures(Question(**question, grain=Grain.MONTH)).points) == 0
    wide = question | {"end": day("2026-07-01")}
    with pytest.raises(BadQuestion, match=r"^These would be 7119 figures"):
        figures(Question(**wide, grain=Grain.DAY))
    assert len(figures(Question(**wide)).points) == 3


def test_unknown_kpi_without_a_near_one_lists_all():
    with pytest.raises(BadQuestion, match=r"^“qqq” is not a KPI; there are first_response_time, .*\.$"):
        find_kpi("qqq")


@pytest.mark.parametrize(
    ("given", "start", "end"),
    [
        ({}, "2026-03-01", "2026-03-06"),
        ({"start": day("2026-03-04")}, "2026-03-04", "2026-03-06"),
        ({"end": day("2026-03-04")}, "2026-03-01", "2026-03-04"),
        ({"start": day("2027-01-01")}, "2027-01-01", "2027-01-02"),
        ({"end": day("2025-01-01")}, "2024-12-31", "2025-01-01"),
        ({"start": day("2020-01-01"), "end": day("2021-01-01")}, "2020-01-01", "2021-01-01"),
    ],
)
def test_open_ends_are_the_first_and_the_last_day_with_facts(given, start, end):
    organisation(time_zone="Asia/Tokyo")
    TicketFactory(created_at="2026-02-28T20:00Z", closed_at="2026-03-05T10:00Z", target_due_at="2026-09-09T10:00Z")
    period = check(Question(code="ticket_volume", **given)).period
    assert (str(period.start), str(period.end)) == (start, end)


def test_extent_is_that_of_the_kpis_own_facts():
    TicketFactory(created_at="2026-03-01T10:00Z", satisfaction_at="2026-03-09T10:00Z", satisfaction_score=5)
    AnswerFactory(answered_at="2026-03-03T10:00Z")
    InvitationFactory(created_at=at("2026-03-02 10:00"))
    spans = {code: extent(find_kpi(code), "UTC") for code in ("ticket_volume", "csat", "survey_response_rate")}
    assert {code: (str(span.start), str(span.end)) for code, span in spans.items()} == {
        "ticket_volume": ("2026-03-01", "2026-03-02"),
        "csat": ("2026-03-02", "2026-03-10"),
        "survey_response_rate": ("2026-03-02", "2026-03-04"),
    }


def test_clock_is_the_organisations_own_and_named():
    TicketFactory()
    assert figures(Question(code="resolution_time")).clock == "calendar"
    CalendarFactory()
    assert figures(Question(code="resolution_time")).clock == "business"
    assert figures(Question(code="resolution_time", clock="calendar")).clock == "calendar"
    assert figures(Question(code="ticket_volume", clock="calendar")).clock is None


def test_a_calendar_that_never_opens_counts_as_none():
    CalendarFactory(week={})
    TicketFactory()
    assert figures(Question(code="resolution_time")).clock == "calendar"


def test_a_stock_without_a_period_is_asked_for_now(time_machine):
    time_machine.move_to("2026-03-02T12:00Z", tick=False)
    TicketFactory(created_at="2026-03-02T11:59Z")
    TicketFactory(created_at="2026-03-02T12:01Z")
    found = figures(Question(code="backlog"))
    assert [(one.start, one.end, one.value) for one in found.points] == [(at("2026-03-02 12:00"), None, 1)]


def test_recent_days_are_those_that_may_change(time_machine):
    time_machine.move_to("2026-03-20T12:00Z", tick=False)
    question = {"start": day("2026-03-01"), "end": day("2026-03-02"), "grain": Grain.DAY}
    assert check(Question(code="first_contact_resolution", **question)).last_mature_day == day("2026-03-12")
    assert check(Question(code="transfer_rate", **question)).last_mature_day > day("9999-12-30") - timedelta(days=1)
