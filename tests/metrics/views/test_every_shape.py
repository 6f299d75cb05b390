"""Pages of figures for every shape and unit, with small KPIs entered for the test."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from tests.factories import ManagerFactory, StaffFactory, TicketFactory
from tests.metrics.figures import compute
from tests.metrics.small_kpis import small  # noqa: F401 - a fixture

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
MARCH = "from=2026-03-01&to=2026-03-20"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small")]


@pytest.fixture(autouse=True)
def _frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def manager(client):
    client.force_login(ManagerFactory())
    return client


def ticket(day, channel="email", **fields):
    created = datetime(2026, 3, day, 10, tzinfo=UTC)
    replied = created + timedelta(minutes=20)
    return TicketFactory(created_at=created, first_agent_reply_at=replied, channel=channel, agent_replies=2, **fields)


def rows_of(response):
    text = b"".join(response.streaming_content).decode()
    return list(csv.DictReader(io.StringIO(text)))


def test_every_page_of_every_shape_opens_with_and_without_data(manager, small):  # noqa: F811
    for filled in (False, True):
        if filled:
            for day in range(2, 12):
                ticket(day, channel="email" if day % 2 else "chat")
            compute()
        for code in small:
            for path in ("", "why/", "rows/", "rows.csv", "rows.xlsx", "figures.csv", "figures.csv?members=1"):
                response = manager.get(f"/kpis/{code}/{path}")
                assert (code, path, response.status_code) == (code, path, 200)
                if response.streaming:
                    b"".join(response.streaming_content)  # to its end, where the file is closed
            filtered = f"{MARCH}&where=channel%3Demail&where=channel%3Dchat&where=priority%3D&by=team&offer=channel"
            assert (code, manager.get(f"/kpis/{code}/?{filtered}").status_code) == (code, 200)


def test_the_number_of_rows_is_n_on_the_page_and_in_both_files(manager, small):  # noqa: F811
    for day in (2, 3, 4, 5):
        ticket(day, channel="email" if day % 2 else "=1+1")
    ticket(6, is_spam=True)
    compute()
    for code in small:
        for where, expected in (("", 4), ("&where=channel%3Demail", 2)):
            asked = f"{MARCH}{where}"
            page = manager.get(f"/kpis/{code}/?{asked}")
            n = page.context["why"].line.point.n
            assert (code, n) == (code, expected)
            assert manager.get(f"/kpis/{code}/rows/?{asked}").context["found"].total == n
            rows = rows_of(manager.get(f"/kpis/{code}/rows.csv?{asked}"))
            assert len(rows) == n
            assert {row["channel"] for row in rows} <= {"email", "'=1+1"}
            book = b"".join(manager.get(f"/kpis/{code}/rows.xlsx?{asked}").streaming_content)
            (sheet,) = CalamineWorkbook.from_filelike(io.BytesIO(book)).sheet_names
            table = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_name(sheet).to_python()
            assert len(table) == n + 1


def test_the_rows_in_a_file_say_when_in_our_own_time_zone(manager):
    ticket(2, external_id="T-7", source="desk")
    compute()
    (row,) = rows_of(manager.get(f"/kpis/small_quantile/rows.csv?{MARCH}"))
    assert [row[name] for name in ("Source", "Reference", "Counted at", "Counts as", "channel")] == [
        "desk", "T-7", "2026-03-02T10:00:00+00:00", "1200.0", "email",
    ]  # fmt: skip


def test_why_says_all_that_a_figure_rests_on(manager):
    ticket(2)
    ticket(3, is_spam=True)
    compute()
    why = manager.get(f"/kpis/small_whole/why/?{MARCH}").context["why"]
    assert (why.line.value, why.line.n, why.line.mean) == ("+0.50", "1", "+0.40")
    assert why.period_text == "1 Mar – 19 Mar 2026"
    assert why.bounds == ("+0.10", "+0.90")
    assert why.reasons == [("spam", "1")]
    assert why.notes == ["This is not a cause."]
    assert [(one.name, one.value) for one in why.beside] == [
        ("Simple", "−0.25"),
        ("Wait", "90\u00a0s"),
        ("Pairs", "3"),
        ("Nothing", "no data"),
    ]
    assert (why.zone, why.supply.last_day.isoformat(), why.is_computing) == ("UTC", "2026-03-03", False)


def test_a_figure_that_only_exists_by_a_dimension_says_so_and_adds_up(manager):
    for day, channel in ((2, "email"), (3, "email"), (4, "chat"), (5, "phone")):
        ticket(day, channel)
    compute()
    context = manager.get(f"/kpis/small_share/?{MARCH}").context
    assert [(line.label, line.value, line.n) for line in context["parts"].lines] == [
        ("email", "50.0\u00a0%", "2"),
        ("chat", "25.0\u00a0%", "1"),
        ("phone", "25.0\u00a0%", "1"),
    ]
    mix = context["mix"]
    assert mix.members == ["email", "chat", "phone"]
    assert [cell.text for cell in mix.rows[1].cells] == ["100.0\u00a0%", "0.0\u00a0%", "0.0\u00a0%"]
    assert "comparison" not in context
    page = manager.get(f"/kpis/small_breakdown/?{MARCH}").content.decode()
    assert "There is not one figure for everything: see it by" in page
    assert "A cohort." in page


@pytest.mark.parametrize(("code", "most_queries"), [("small_total", 60), ("small_whole", 150)])
def test_more_members_and_rows_cost_no_more_queries(manager, code, most_queries):
    counts = []
    for number in (1, 3):
        for day in range(number):
            ticket(2 + day, channel=f"channel {day}")
        compute()
        with CaptureQueriesContext(connection) as queries:
            manager.get(f"/kpis/{code}/?{MARCH}")
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= most_queries


def test_the_catalogue_costs_no_more_queries_for_more_kpis(client):
    client.force_login(StaffFactory())
    ticket(2)
    compute()
    client.get("/kpis/?q=small_total")
    counts = []
    for words in ("small_total", "small"):
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/kpis/?q={words}")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_staff_see_why_but_not_the_rows(client):
    client.force_login(StaffFactory())
    paths = ("why/", "rows/", "rows.csv", "rows.xlsx")
    assert [client.get(f"/kpis/small_total/{path}").status_code for path in paths] == [200, 403, 403, 403]


def test_there_is_no_file_of_another_kind(manager):
    assert manager.get("/kpis/small_total/rows.pdf").status_code == 404
    assert manager.get("/kpis/small_totl/rows.csv").status_code == 404
    assert manager.get("/kpis/small_total/rows.csv?from=x").status_code == 422
