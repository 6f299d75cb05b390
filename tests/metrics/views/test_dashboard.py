from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from metrics import adoption, dirty
from tests.factories import AnswerFactory, ManagerFactory, StaffFactory, SurveyFactory, TicketFactory, UserFactory
from tests.metrics.figures import compute, organisation
from tests.metrics.importing import imported, written

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def staff(client):
    client.force_login(StaffFactory())
    return client


def tickets(days, *, replied_after=timedelta(hours=2), **fields):
    """One ticket on each of the days before now, answered after a while."""
    for ago in days:
        created = NOW - timedelta(days=ago)
        TicketFactory(created_at=created, first_agent_reply_at=created + replied_after, **fields)


def cards(response):
    return {card.kpi.code: card for group in response.context["groups"] for card in group.cards}


def test_an_empty_installation_says_what_to_do(client):
    client.force_login(ManagerFactory())
    response = client.get("/")
    assert response.templates[0].name == "metrics/first_steps_page.html"
    page = response.content.decode()
    assert 'href="/data/">Import tickets' in page
    assert 'href="/surveys/">Choose a survey' in page


def test_an_empty_installation_sends_staff_to_their_manager(staff):
    page = staff.get("/").content.decode()
    assert "Ask a manager of your organisation to import them." in page
    assert 'href="/data/"' not in page


ORDERS = ["external_id,customer,placed_at,amount", "O1,C1,2026-03-02,10", "O2,C1,2026-03-09,10", "O3,C2,2026-03-09,10"]


def test_orders_alone_have_figures_on_the_first_page(client, tmp_path):
    imported("orders", written(tmp_path, ORDERS))
    compute()
    client.force_login(ManagerFactory())
    page = client.get("/").content.decode()
    assert "Your data are in, but in this period none of the KPIs that you work with has a figure from them." in page
    assert 'href="/setup/kpis/">Choose KPIs that have figures' in page
    adoption.adopt(["repeat_purchase_rate"])
    response = client.get("/")
    assert response.templates[0].name == "front/home_page.html"
    assert cards(response)["repeat_purchase_rate"].value.replace("\xa0", " ") == "50.0 %"
    assert client.get("/", {"from": "nonsense"}).status_code == 422


def test_a_card_says_value_change_and_what_it_rests_on(staff):
    tickets([1, 2, 3], replied_after=timedelta(hours=2))
    tickets([31, 32, 70], replied_after=timedelta(hours=1))
    TicketFactory(created_at=NOW - timedelta(days=1), is_spam=True)
    compute()
    response = staff.get("/")
    assert response.context["period_text"] == "18 Feb – 19 Mar 2026"
    assert response.context["previous_text"] == "19 Jan – 17 Feb 2026"
    volume, speed = (cards(response)[code] for code in ("ticket_volume", "first_response_time"))
    assert (volume.value, volume.rests_on, volume.interval) == ("3", "", "")
    assert volume.change.text == "+50\u00a0%"
    assert volume.notes == ["Left out: 1 spam."]
    assert (speed.value, speed.rests_on) == ("2\u00a0h", "3 tickets")
    assert (speed.change.text, speed.change.tone) == ("+100\u00a0%", "bad")
    assert len(volume.trend) == 30
    assert volume.trend[-4:] == [0, 1, 1, 1]


def test_a_number_is_not_compared_with_a_time_before_all_data(staff):
    tickets([1, 2, 3])
    tickets([31, 32])
    compute()
    found = cards(staff.get("/"))
    assert found["ticket_volume"].change is None
    assert found["first_response_time"].change is not None


def test_a_number_has_no_course_before_the_first_fact_of_its_kind(staff):
    AnswerFactory(answered_at=NOW - timedelta(days=90))
    tickets([1, 3])
    compute()
    found = cards(staff.get("/"))
    assert found["ticket_volume"].change is None
    assert found["ticket_volume"].trend == [*[None] * 27, 1, 0, 1]
    assert found["backlog"].trend == [*[None] * 27, 1, 1, 2]
    old = cards(staff.get("/?from=2026-01-01&to=2026-02-01"))["ticket_volume"]
    assert (old.value, old.has_value) == ("no data", False)


def test_nothing_measured_is_no_data_and_never_0(staff):
    tickets([1])
    compute()
    response = staff.get("/")
    assert {code for code, card in cards(response).items() if not card.has_value} == {
        "resolution_time", "resolution_within_target", "first_contact_resolution", "reopen_rate",
        "csat", "nps", "ces", "survey_response_rate", "follow_up_within_one_day", "recovery_rate",
    }  # fmt: skip
    assert cards(response)["csat"].value == "no data"
    assert response.content.decode().count("Nobody answered in this period.") == 3


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("?period=7d", "13 Mar – 19 Mar 2026"),
        ("?period=12m", "20 Mar 2025 – 19 Mar 2026"),
        ("?from=2026-03-01&to=2026-03-08", "1 Mar – 7 Mar 2026"),
        ("?from=2026-03-01", "1 Mar – 19 Mar 2026"),
        ("?to=2026-03-01", "30 Jan – 28 Feb 2026"),
        ("?period=7d&from=2026-03-01&to=2026-03-02", "1 Mar 2026"),
    ],
)
def test_the_period_can_be_chosen(staff, query, text):
    tickets([1])
    compute()
    assert staff.get(f"/{query}").context["period_text"] == text


@pytest.mark.parametrize(
    ("query", "field", "sentence"),
    [
        ("period=week", "period", "“week” is not one of 7d, 30d, 90d and 12m."),
        ("from=yesterday", "from", "This is not a day. Write it as year-month-day, for example 2025-01-31."),
        ("from=2026-02-30", "from", "This is not a day. Write it as year-month-day, for example 2025-01-31."),
        ("from=2026-03-02&to=2026-03-02", "to", "The period must end after it starts: choose a day after 2026-03-02."),
        ("from=0001-01-01", "from", "Choose a day from 1970 on."),
        ("to=9999-12-31", "to", "Choose a day before 2200."),
    ],
)
def test_nonsense_is_refused_with_a_sentence_and_kept(staff, query, field, sentence):
    tickets([1])
    compute()
    response = staff.get(f"/?{query}")
    assert response.status_code == 422
    assert response.context["form"].errors[field] == [sentence]
    assert sentence in response.content.decode()
    assert "groups" not in response.context


def test_a_day_that_is_not_over_is_said_to_be(staff):
    tickets([1])
    compute()
    response = staff.get("/")
    assert not response.context["includes_today"]
    assert "whole days only, without today" in response.content.decode()
    assert staff.get("/?from=2026-03-01&to=2026-03-21").context["includes_today"]
    assert not staff.get("/?from=2026-03-01&to=2026-03-20").context["includes_today"]


def test_a_period_that_is_not_over_is_not_rated(staff):
    tickets([0, 1, 2], replied_after=timedelta(hours=2))
    tickets([5, 6, 7, 20], replied_after=timedelta(hours=1))
    compute()
    rated = cards(staff.get("/?from=2026-03-16&to=2026-03-20"))["first_response_time"].change
    assert (rated.text, rated.tone) == ("+100\u00a0%", "bad")
    unrated = cards(staff.get("/?from=2026-03-17&to=2026-03-21"))["first_response_time"].change
    assert (unrated.text, unrated.tone) == ("+100\u00a0%", "")


def test_the_first_day_of_all_is_shown_before_it_is_over(staff):
    tickets([0])
    compute()
    assert cards(staff.get("/"))["ticket_volume"].value == "1"


def test_old_data_is_found_without_searching(staff):
    tickets([700, 710])
    compute()
    response = staff.get("/")
    assert response.context["period_text"] == "21 Mar – 19 Apr 2024"
    assert cards(response)["ticket_volume"].value == "2"
    assert "Your data ends on 19 Apr 2024, so the period shown ends there too." in response.content.decode()


def test_days_that_wait_to_be_computed_are_counted(staff):
    tickets([1])
    compute()
    assert "All days are computed." in staff.get("/").content.decode()
    dirty.mark(dirty.TICKETS, [NOW.date(), NOW.date() - timedelta(days=1)])
    dirty.mark(dirty.ANSWERS, [NOW.date()])
    assert "2 days are still being computed; reload in a moment." in staff.get("/").content.decode()


def test_what_is_not_computed_yet_is_not_called_no_data(staff):
    tickets([1])
    compute()
    assert "being computed" not in staff.get("/").content.decode()
    dirty.mark(dirty.TICKETS, [NOW.date() - timedelta(days=1)])
    found = cards(staff.get("/"))
    assert (found["resolution_time"].is_computing, found["csat"].is_computing) == (True, False)
    assert not cards(staff.get("/?from=2026-03-01&to=2026-03-10"))["resolution_time"].is_computing
    assert staff.get("/").content.decode().count(">being computed<") == sum(
        card.is_computing and not card.has_value for card in found.values()
    )


def test_after_another_time_zone_nothing_is_said_to_be_computed(staff):
    tickets([1])
    compute()
    organisation(time_zone="Asia/Tokyo")
    page = staff.get("/").content.decode()
    assert "All days are computed." not in page
    assert "All figures are being computed again" in page
    assert ">no data<" not in page
    compute()
    assert "All days are computed." in staff.get("/").content.decode()


def test_without_a_service_target_the_card_says_so(client):
    tickets([1])
    compute()
    client.force_login(ManagerFactory())
    page = client.get("/").content.decode()
    assert "No service target is set." in page
    assert 'href="/admin/metrics/servicetarget/add/"' in page
    assert "Import tickets" not in page
    client.force_login(StaffFactory())
    page = client.get("/").content.decode()
    assert "Ask a manager of your organisation to set one." in page
    assert 'href="/admin/metrics/servicetarget/add/"' not in page


def test_the_days_are_those_of_the_organisation(staff):
    organisation(time_zone="Pacific/Auckland")  # 21 March, 01:00
    tickets([0])
    compute()
    assert staff.get("/?period=7d").context["period_text"] == "15 Mar – 21 Mar 2026"


def test_a_long_history_costs_no_more_queries(staff):
    survey = SurveyFactory()
    tickets([1, 40])
    AnswerFactory(survey=survey, answered_at=NOW - timedelta(days=1))
    compute()
    with CaptureQueriesContext(
        connection,
    ) as small:
        staff.get("/")
    tickets(range(60))
    for ago in range(60):
        AnswerFactory(survey=survey, answered_at=NOW - timedelta(days=ago))
    compute()
    with CaptureQueriesContext(connection) as large:
        staff.get("/")
    assert len(large) == len(small)
    assert len(small) <= 38  # 31 for the cards, one for the navigation, the others for what matters today


def test_who_may_not_see_figures(client):
    assert client.get("/").headers["Location"] == "/accounts/login/?next=/"
    client.force_login(UserFactory())
    assert client.get("/").status_code == 403
