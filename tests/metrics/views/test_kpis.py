import csv
import html
import io
import json
import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from metrics.definitions import STARTER
from metrics.queries import CATALOGUE
from tests.factories import (
    AgentFactory,
    AnswerFactory,
    CalendarFactory,
    ManagerFactory,
    StaffFactory,
    SurveyFactory,
    TicketFactory,
    UserFactory,
)
from tests.metrics.figures import compute

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
MARCH = "from=2026-03-01&to=2026-04-01"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def staff(client):
    client.force_login(StaffFactory())
    return client


@pytest.fixture
def manager(client):
    client.force_login(ManagerFactory())
    return client


def ticket(day, *, minutes=None, **fields):
    created = datetime(2026, 3, day, 10, tzinfo=UTC)
    replied = None if minutes is None else created + timedelta(minutes=minutes)
    return TicketFactory(created_at=created, first_agent_reply_at=replied, **fields)


def rows_of(response):
    return list(csv.DictReader(io.StringIO(response.content.decode())))


def test_the_catalogue_lists_every_kpi_with_its_definition(staff):
    page = staff.get("/kpis/").content.decode()
    linked = re.findall(r'<a href="/kpis/(\w+)/">', page)
    assert sorted(linked) == sorted(CATALOGUE)
    assert linked[: len(STARTER)] == [code for code in CATALOGUE if code in STARTER]
    assert "Share of solved tickets" in page


def test_the_page_of_every_kpi_opens_with_and_without_data(staff):
    for filled in (False, True):
        if filled:
            ticket(2, minutes=30, channel="email")
            compute()
        for code in CATALOGUE:
            assert (code, staff.get(f"/kpis/{code}/").status_code) == (code, 200)


def test_the_page_shows_the_figure_its_course_and_its_parts(staff):
    for day, minutes, channel in [(2, 10, "email"), (3, 20, "email"), (9, 60, "chat")]:
        ticket(day, minutes=minutes, channel=channel)
    ticket(10, minutes=5, channel="chat", is_outbound=True)
    compute()
    context = staff.get(f"/kpis/first_response_time/?{MARCH}&grain=week").context
    assert (context["overall"].value, context["overall"].counted) == ("20\u00a0min", "3 tickets")
    assert context["why"].reasons == [("started by us", "1")]
    assert [(line.label, line.value, line.n, line.left_out, line.is_complete) for line in context["lines"]] == [
        ("1 Mar 2026", "no data", "0", "0", False),
        ("2 Mar – 8 Mar 2026", "15\u00a0min", "2", "0", True),
        ("9 Mar – 15 Mar 2026", "1\u00a0h", "1", "1", True),
        ("16 Mar – 22 Mar 2026", "no data", "0", "0", False),
        ("23 Mar – 29 Mar 2026", "no data", "0", "0", False),
        ("30 Mar – 31 Mar 2026", "no data", "0", "0", False),
    ]
    page = staff.get(f"/kpis/first_response_time/?{MARCH}&grain=week").content.decode()
    assert page.count('class="table table-stack figures"') == 1
    assert page.count('class="table figures figures-long"') == 2
    assert page.count(">90 % are at most</th>") == 1
    assert "With 95 % certainty it lies between" in page or context["why"].bounds is None
    assert [(line.label, line.value, line.n) for line in context["parts"].lines] == [
        ("email", "15\u00a0min", "2"),
        ("chat", "1\u00a0h", "1"),
    ]


def test_the_chart_says_what_the_table_says(staff):
    ticket(2, minutes=10)
    compute()
    page = staff.get(f"/kpis/first_response_time/?{MARCH}&grain=day").content.decode()
    found = re.search(r'<script type="application/json" id="chart-course">(.+?)</script>', page, re.DOTALL)
    assert found
    spec = json.loads(found[1])
    assert [row["value"] for row in spec["data"]["values"][:3]] == [None, 10.0, None]
    assert spec["data"]["values"][1]["told0"] == "2 Mar 2026"
    assert page.count('<svg xmlns="http://www.w3.org/2000/svg"') == 2


def test_without_data_the_page_says_what_to_do_and_draws_nothing(manager):
    ticket(2)
    compute()
    response = manager.get(f"/kpis/first_response_time/?{MARCH}")
    page = response.content.decode()
    assert response.context["overall"].value == "no data"
    assert (response.context["chart"], response.context["parts_chart"]) == (None, None)
    assert "No ticket counts in this period; another period may have some." in page
    assert "Import tickets" not in page
    assert "application/json" not in page


def test_the_page_keeps_to_the_strict_policy(staff):
    ticket(2, minutes=10, channel="</script><script>alert(1)</script>")
    compute()
    response = staff.get(f"/kpis/first_response_time/?{MARCH}")
    page = response.content.decode()
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]
    assert "<script>" not in page
    assert not re.search(r"<[^>]+\s(?:style|on\w+)=", page)
    assert "<style" not in page


def test_members_of_a_dimension_can_be_kept(staff):
    ticket(2, minutes=10, channel="email", priority="high")
    ticket(3, minutes=30, channel="email", priority="low")
    ticket(4, minutes=50, channel="chat", priority="low")
    compute()
    response = staff.get(f"/kpis/first_response_time/?{MARCH}&where=channel%3Demail&by=priority")
    assert response.context["overall"].value == "20\u00a0min"
    assert [line.label for line in response.context["parts"].lines] == ["high", "low"]
    assert response.context["kept"] == [("channel", "email", f"{MARCH}&by=priority")]
    page = response.content.decode()
    linked = {html.unescape(link) for link in re.findall(r'<th scope="row"><a href="\?([^"]+)"', page)}
    assert {tuple(QueryDict(link).getlist("where")) for link in linked} == {
        ("channel=email", "priority=high"),
        ("channel=email", "priority=low"),
    }
    assert '<input type="hidden" name="where" value="channel=email"' in page


def test_agents_are_called_by_their_names(staff):
    ticket(2, minutes=10, agent=AgentFactory(external_id="a-7", name="Ada Lovelace"))
    compute()
    context = staff.get(f"/kpis/first_response_time/?{MARCH}&by=agent").context
    assert [(line.label, line.point.member) for line in context["parts"].lines] == [("Ada Lovelace", "a-7")]
    kept = staff.get("/kpis/first_response_time/?where=agent%3Da-7").context["kept"]
    assert kept == [("agent", "Ada Lovelace", "")]


def test_business_time_where_there_is_a_calendar(staff):
    CalendarFactory(name="Support hours")
    ticket(6, minutes=8 * 60)  # Friday 10:00 to 18:00, closed from 17:00 on
    compute()
    response = staff.get(f"/kpis/first_response_time/?{MARCH}")
    assert response.context["overall"].value == "7\u00a0h"
    assert "<dd>business time (Support hours)</dd>" in response.content.decode()
    response = staff.get(f"/kpis/first_response_time/?{MARCH}&clock=calendar")
    assert (response.context["overall"].value, response.context["clock_name"]) == ("8\u00a0h", "calendar time")


@pytest.mark.parametrize(
    ("query", "field", "sentence"),
    [
        ("grain=hour", "grain", "“hour” is not one of these: day, week, month, quarter, year."),
        (
            "by=colour",
            "by",
            (
                "“colour” is not one of these: channel, category, type, priority, team, agent, tier, "
                "language, segment, country, status, source, tags."
            ),
        ),
        ("clock=business", "clock", "“business” is not one of these: calendar."),
        ("from=2026-03-02&to=2026-03-01", "to", "The period must end after it starts: choose a day after 2026-03-02."),
        (
            "from=1970-01-01&grain=day",
            "grain",
            "These would be 20533 steps; at most 800 can be shown. Choose longer ones.",
        ),
        (
            "where=colour%3Dred",
            "__all__",
            (
                "“colour=red” keeps nothing: write a dimension (channel, category, type, priority, team, agent, tier, "
                "language, segment, country, status, source, tags), "
                "an equals sign and a member."
            ),
        ),
    ],
)
@pytest.mark.parametrize("address", ["/kpis/first_response_time/", "/kpis/first_response_time/figures.csv"])
def test_nonsense_is_refused_with_a_sentence(staff, address, query, field, sentence):
    response = staff.get(f"{address}?{query}")
    assert response.status_code == 422
    assert response.context["form"].errors[field] == [sentence]
    assert "figures" not in response.context


@pytest.mark.parametrize("path", ["", "figures.csv"])
def test_a_calendar_that_does_not_exist_is_refused_for_every_kpi(staff, path):
    response = staff.get(f"/kpis/csat/{path}?clock=lunar")
    assert response.status_code == 422
    assert "“lunar” is not one of these: calendar." in response.content.decode()
    assert staff.get(f"/kpis/csat/{path}?clock=calendar").status_code == 200


@pytest.mark.parametrize("path", ["", "rows/", "figures.csv"])
def test_an_unknown_kpi_is_not_found_and_a_near_one_named(manager, path):
    response = manager.get(f"/kpis/csta/{path}")
    assert response.status_code == 404
    assert [kpi.code for kpi in response.context["near"]] == ["csat"]
    assert '<a href="/kpis/csat/">Customer satisfaction (CSAT)</a>' in response.content.decode()


def test_the_rows_behind_a_figure_are_its_n(manager):
    for day in range(1, 20):
        for minutes in (10, 20, 30):
            ticket(day, minutes=minutes, channel="email")
    ticket(19, minutes=10, channel="chat")
    compute()
    first = manager.get(f"/kpis/first_response_time/rows/?{MARCH}&where=channel%3Demail")
    second = manager.get(f"/kpis/first_response_time/rows/?{MARCH}&where=channel%3Demail&page=2")
    beyond = manager.get(f"/kpis/first_response_time/rows/?{MARCH}&where=channel%3Demail&page=99")
    shown = [*first.context["found"].rows, *second.context["found"].rows]
    assert len({row.reference for row in shown}) == 57
    assert first.context["found"].total == 57
    assert [len(page.context["found"].rows) for page in (first, second, beyond)] == [50, 7, 7]
    assert {row.members["channel"] for row in shown} == {"email"}


def test_the_rows_behind_a_survey_figure_show_what_was_said(manager):
    rated = {"satisfaction_score": 4, "satisfaction_comment": "fine so far"}
    ticket(2, external_id="T-7", **rated)
    AnswerFactory(ticket="T-9", ticket_source="", score=2, comment="too slow", answered_at="2026-03-03T10:00Z")
    AnswerFactory(survey=SurveyFactory(kind="esat"), comment="my boss", answered_at="2026-03-03T10:00Z")
    compute()
    response = manager.get(f"/kpis/csat/rows/?{MARCH}")
    assert [(row.reference, row.score, comment) for row, comment in response.context["shown"]] == [
        ("T-7", "4 of 5", "fine so far"),
        ("T-9", "2 of 5", "too slow"),
    ]
    page = response.content.decode()
    assert "too slow" in page
    assert "my boss" not in page
    person = UserFactory()
    person.user_permissions.set(Permission.objects.filter(codename="view_ticket"))
    manager.force_login(person)
    page = manager.get(f"/kpis/csat/rows/?{MARCH}").content.decode()
    assert "2 of 5" in page
    assert "too slow" not in page


def test_the_csv_holds_the_numbers_of_the_table(staff):
    ticket(2, minutes=10)
    ticket(9, minutes=20)
    ticket(9, minutes=40)
    compute()
    response = staff.get(f"/kpis/first_response_time/figures.csv?{MARCH}&grain=month")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == (
        'attachment; filename="first_response_time-2026-03-01-2026-04-01.csv"'
    )
    (row,) = rows_of(response)
    assert row == {
        "start": "2026-03-01", "end": "2026-04-01", "complete": "False", "member": "", "value": "1200", "n": "3",
        "part": "", "whole": "", "low": "600", "high": "2400", "mean": "1400", "median": "1200",
        "p90": row["p90"], "excluded": "", "approximate": "False", "provisional": "", "provisional_n": "",
        "beside": "unanswered=0", "notes": "", "withheld": "",
        "kpi": "first_response_time", "unit": "seconds", "calendar": "calendar",
        "revision": str(CATALOGUE["first_response_time"].revision), "better": "lower", "time_zone": "UTC",
        "as_of": "2026-03-20T12:00:00+00:00",
    }  # fmt: skip


def test_the_csv_of_the_page_is_that_of_the_command(staff):
    ticket(2, minutes=10)
    ticket(2, minutes=10, is_spam=True)
    compute()
    page = staff.get(f"/kpis/first_response_time/figures.csv?{MARCH}&grain=week").content.decode()
    out = io.StringIO()
    asked = ["--from", "2026-03-01", "--to", "2026-04-01", "--grain", "week", "--format", "csv"]
    call_command("kpi", "first_response_time", *asked, stdout=out)
    assert page.splitlines() == out.getvalue().splitlines()
    assert "spam=1" in page


def test_the_csv_says_which_members_nothing_has(staff):
    ticket(2, minutes=10, channel="chat")
    compute()
    asked = f"{MARCH}&grain=month&where=channel%3Dchatt"
    (row,) = rows_of(staff.get(f"/kpis/ticket_volume/figures.csv?{asked}"))
    assert row["notes"] == "Nothing that counts here has “chatt” as its channel; did you mean chat?"


def test_no_cell_of_the_csv_becomes_a_formula(staff):
    for channel in ("=1+1", "+1", "-1", "@x", "\tx", "chat"):
        ticket(2, minutes=10, channel=channel)
    compute()
    found = rows_of(staff.get(f"/kpis/ticket_volume/figures.csv?{MARCH}&grain=month&by=channel&members=1"))
    assert sorted(row["member"] for row in found) == sorted(["'=1+1", "'+1", "'-1", "'@x", "'\tx", "chat"])


def test_a_long_history_costs_no_more_queries(staff):
    address = f"/kpis/ticket_volume/?{MARCH}&grain=month"
    ticket(2, channel="email")
    compute()
    with CaptureQueriesContext(connection) as small:
        staff.get(address)
    for day in range(1, 20):
        for channel in ("email", "chat", "phone"):
            ticket(day, channel=channel)
    compute()
    with CaptureQueriesContext(connection) as large:
        staff.get(address)
    assert len(large) == len(small)


def test_who_may_see_what(client):
    assert client.get("/kpis/csat/").headers["Location"] == "/accounts/login/?next=/kpis/csat/"
    client.force_login(UserFactory())
    assert [client.get(f"/kpis/{path}").status_code for path in ("", "csat/", "csat/figures.csv")] == [403, 403, 403]
    client.force_login(StaffFactory())
    assert client.get("/kpis/csat/rows/").status_code == 403


def test_two_breakdowns_at_once_are_refused_with_a_sentence(staff):
    sentence = "Figures are broken down by one dimension at a time; keep members of the others instead."
    response = staff.get("/kpis/csat/?by=channel&by=team")
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert staff.get("/kpis/csat/?by=channel&by=channel").status_code == 200


@pytest.mark.parametrize("path", ["", "why/"])
def test_a_member_that_no_fact_has_is_said_to_be_unknown(staff, path):
    ticket(5, minutes=10, channel="email")
    compute()
    sentence = "Nothing that counts here has “emial” as its channel; did you mean email?"
    assert sentence in staff.get(f"/kpis/first_response_time/{path}?{MARCH}&where=channel%3Demial").content.decode()
    assert sentence not in staff.get(f"/kpis/first_response_time/{path}?{MARCH}&where=channel%3Demail").content.decode()
