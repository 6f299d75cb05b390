"""The page of what is due and overdue."""

import csv
from http import HTTPStatus

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from metrics import targets
from metrics.models import ImportRun
from tests.factories import (
    AgentFactory,
    CalendarFactory,
    ManagerFactory,
    ServiceTargetFactory,
    StaffFactory,
    TeamFactory,
    TicketEventFactory,
    TicketFactory,
)
from tests.metrics.figures import at, organisation

pytestmark = pytest.mark.django_db
PAGE = "metrics:due"


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to("2026-03-02T18:00Z", tick=False)


@pytest.fixture
def manager(client):
    client.force_login(ManagerFactory())
    return client


@pytest.fixture
def _clocks():
    """Two clocks of one ticket are overdue, one is soon due, one stands still and one has time left."""
    organisation(pause_statuses=["waiting"])
    ServiceTargetFactory(name="Solve", seconds=3600, warn_minutes=30)
    ServiceTargetFactory(name="Answer", metric="first_response", seconds=600, warn_minutes=5)
    team = TeamFactory(name="Tier 1")
    TicketFactory(
        external_id="=late",
        created_at="2026-03-02T16:00Z",
        channel="chat",
        priority="high",
        subject="+Refund",
        team=team,
        agent=AgentFactory(name="Ada"),
    )
    answered = {"first_agent_reply_at": "2026-03-02T17:59Z", "channel": "mail"}
    TicketFactory(external_id="near", created_at="2026-03-02T17:20Z", **answered)
    TicketFactory(external_id="calm", created_at="2026-03-02T17:55Z", **answered)
    waits = TicketFactory(external_id="still", created_at="2026-03-02T17:30Z", status="waiting", **answered)
    TicketEventFactory(ticket=waits, at="2026-03-02T17:40Z", to_value="waiting")
    targets.apply_all()


def get(client, **asked):
    return client.get(reverse(PAGE), asked)


def text(client, **asked):
    return " ".join(get(client, **asked).content.decode().split())


def rows(answer):
    return [(line.found.ticket.external_id, line.what, line.left) for line in answer.context["lines"]]


def table(answer):
    content = b"".join(answer.streaming_content).decode()
    return list(csv.reader(content.splitlines()))


@pytest.mark.usefixtures("_clocks")
def test_what_asks_for_a_look_stands_in_the_order_of_its_due_time(manager):
    answer = get(manager)
    assert rows(answer) == [
        ("=late", "First response", "overdue by 1\u00a0h\u00a050\u00a0min"),
        ("=late", "Resolution", "overdue by 1\u00a0h"),
        ("near", "Resolution", "due soon: 20\u00a0min left"),
        ("still", "Resolution", "paused"),
    ]
    cards = [(card["name"], card["total"], card["told"]) for card in answer.context["cards"]]
    assert cards == [
        ("Overdue", 2, "First response: 1, resolution: 1"),
        ("Due soon", 1, "Resolution: 1"),
        ("Paused", 1, "Resolution: 1"),
        ("In time", 1, "Resolution: 1"),
    ]
    shown = text(manager)
    assert "Solve: 1 h of calendar time" in shown
    assert "in the status “waiting”" in shown
    assert '<time datetime="2026-03-02T17:00:00+00:00">2 Mar 2026, 17:00 UTC</time>' in shown
    assert "Ada" in shown


@pytest.mark.usefixtures("_clocks")
@pytest.mark.parametrize("zone", ["UTC", "Pacific/Auckland"])
def test_what_is_overdue_leads_to_the_rows_in_which_it_counts_as_missed(manager, zone):
    organisation(time_zone=zone)
    links = [line.link for line in get(manager).context["lines"]]
    assert [bool(link) for link in links] == [True, True, False, False]
    for link in links[:2]:
        assert [row.reference for row, _ in manager.get(link).context["shown"]] == ["=late"]


@pytest.mark.usefixtures("_clocks")
@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({"state": "overdue"}, ["=late", "=late"]),
        ({"state": "soon"}, ["near"]),
        ({"state": "paused"}, ["still"]),
        ({"state": "running"}, ["calm"]),
        ({"channel": "mail"}, ["near", "still"]),
        ({"team": "Tier 1", "state": "soon"}, []),
        ({"team": "-"}, ["near", "still"]),
    ],
)
def test_a_state_a_channel_and_a_team_are_kept(manager, asked, names):
    answer = get(manager, **asked)
    assert [name for name, *_ in rows(answer)] == names
    assert answer.context["page"].paginator.count == len(names)


@pytest.mark.usefixtures("_clocks")
def test_the_file_has_the_same_rows_and_no_formula(manager):
    header, *lines = table(get(manager, download="csv", state="overdue"))
    found = [dict(zip(header, line, strict=True)) for line in lines]
    assert [(one["Ticket"], one["Subject"], one["What is due"]) for one in found] == [
        ("'=late", "'+Refund", "first response"),
        ("'=late", "'+Refund", "resolution"),
    ]
    assert [found[1][name] for name in ("Due", "Time zone", "Left, in seconds", "Target", "Promise", "Agent")] == [
        *("2026-03-02T17:00:00+00:00", "UTC", "-3600", "Solve", "1 h of calendar time", "Ada"),
    ]
    assert len(table(get(manager, download="csv"))) == 1 + 4


def test_due_times_are_in_the_zone_of_the_calendar_and_what_is_left_in_its_time(manager):
    organisation(time_zone="UTC")
    CalendarFactory(time_zone="America/New_York")
    ServiceTargetFactory(name="Solve", seconds=3600, clock="business")
    TicketFactory(created_at="2026-02-27T20:30Z")  # Friday, half past three in New York
    targets.apply_all()
    (line,) = get(manager).context["lines"]
    assert line.due == "27 Feb 2026, 16:30 EST"
    assert line.left == "overdue by 4\u00a0h\u00a030\u00a0min"
    assert line.note == "of business time; 68\u00a0h\u00a030\u00a0min by the clock"


def test_many_are_on_pages_and_the_number_of_queries_stays(manager):
    ServiceTargetFactory(seconds=3600)
    found = []
    for more in (3, 60):
        for _ in range(more):
            TicketFactory(team=TeamFactory(), agent=AgentFactory())
        targets.apply_all()
        with CaptureQueriesContext(connection) as queries:
            assert get(manager).status_code == HTTPStatus.OK
        found.append(len(queries))
    assert found[0] == found[1]
    assert len(rows(get(manager, page=2))) == 13
    assert "Page 2 of 2" in text(manager, page=2)
    assert len(rows(get(manager, page=99))) == 13


def test_without_a_target_the_way_to_one_is_shown(manager):
    TicketFactory()
    shown = text(manager)
    assert "No service target is set up" in shown
    assert f'href="{reverse("admin:metrics_servicetarget_presets")}"' in shown


def test_whoever_may_not_set_targets_is_told_whom_to_ask(client):
    reader = StaffFactory()
    reader.user_permissions.add(Permission.objects.get(codename="view_ticket"))
    client.force_login(reader)
    shown = text(client)
    assert "Ask a manager of your organisation to set one." in shown
    assert "/admin/" not in shown


def test_nothing_due_says_what_else_runs(manager):
    ServiceTargetFactory(seconds=3600, warn_minutes=1)
    assert "No open ticket is due" in text(manager)
    TicketFactory(created_at="2026-03-02T17:55Z")
    targets.apply_all()
    assert "Nothing is overdue or due soon" in text(manager)
    assert "1 clock runs and has time left." in text(manager)
    assert "No clock is like that" in text(manager, state="overdue")


def test_it_says_when_tickets_were_brought(manager):
    ImportRun.objects.create(kind="tickets", source="desk", state="done", finished_at=at("2026-03-02 09:00"))
    ImportRun.objects.create(kind="tickets", source="desk", state="done", finished_at=at("2026-03-01 09:00"))
    ImportRun.objects.create(kind="orders", source="shop", state="done", finished_at=at("2026-03-02 10:00"))
    shown = text(manager)
    assert "As of 2 Mar 2026, 18:00." in shown
    assert 'desk <time datetime="2026-03-02T09:00:00+00:00">2 Mar 2026, 09:00</time>' in shown
    assert "shop" not in shown


@pytest.mark.parametrize("asked", [{"state": "lost"}, {"channel": "fax"}, {"download": "pdf"}])
def test_nonsense_is_refused_with_the_form(manager, asked):
    answer = get(manager, **asked)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert answer.context["form"].errors


def test_a_link_to_a_channel_whose_last_ticket_is_done_still_works(manager):
    ServiceTargetFactory()
    TicketFactory(channel="fax", solved_at="2026-03-02T10:30Z")
    assert get(manager, channel="fax").status_code == HTTPStatus.OK


@pytest.mark.usefixtures("_clocks")
def test_only_who_may_see_tickets_sees_it(client):
    assert get(client).status_code == HTTPStatus.FOUND
    client.force_login(StaffFactory())
    assert get(client).status_code == HTTPStatus.FORBIDDEN
    assert get(client, download="csv").status_code == HTTPStatus.FORBIDDEN


@pytest.mark.usefixtures("_clocks")
def test_the_page_of_data_leads_here(manager):
    assert f'href="{reverse(PAGE)}"' in manager.get(reverse("metrics:data")).content.decode()
