"""What leads each role: what waits for managers, how things stand for everybody."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from goals.models import Goal, Objective, Report, ReportRun, Review
from kpiproject.front import attention
from kpiproject.models import Mail, User
from manual.models import Edition, Section
from metrics.definitions import STARTER
from metrics.models import Adoption, ImportRun, RejectedRow, ServiceTarget
from surveys.models import Survey
from tests.factories import (
    ManagerFactory,
    ServiceTargetFactory,
    StaffFactory,
    TicketFactory,
    UserFactory,
)
from tests.follow_up_factories import FollowUpFactory
from tests.goal_factories import ActionFactory
from tests.metrics.figures import compute

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
TODAY = NOW.date()
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def manager() -> User:
    """Of an organisation where nothing waits: the KPIs are chosen, the manual is published, every open survey has its
    owner."""
    Adoption.objects.bulk_create(Adoption(kpi=code, baseline={}) for code in STARTER)
    manager = ManagerFactory(name="Mara Lindqvist")
    Survey.objects.update(owner=manager)
    edition(1)
    return manager


@pytest.fixture
def facts() -> None:
    """Tickets of last week, 9 to 15 March, and of this one."""
    for ago in (1, 5, 6, 7):
        created = NOW - timedelta(days=ago)
        TicketFactory(created_at=created, first_agent_reply_at=created + timedelta(hours=2))
    compute()


def edition(number: int, **fields: Any) -> Edition:
    given = {"content": {}, "digest": str(number), "as_of": NOW, "published_at": NOW}
    return Edition.objects.create(number=number, **given | fields)


def goal(owner: User, status: str, *, statement: str = "Nine of ten are satisfied", **fields: Any) -> Goal:
    objective = Objective.objects.get_or_create(name="Loyal customers")[0]
    given = {"kpi": "csat", "direction": "higher", "target": 90, "baseline": 80, "value": 82, "state": "active"}
    given |= {"start": date(2026, 1, 5), "due": date(2026, 6, 29), "reason": "gathering", "outlook": {"periods": 5}}
    return Goal.objects.create(statement=statement, objective=objective, owner=owner, status=status, **given | fields)


def review(owner: User, on: date, title: str = "Monthly review", **fields: Any) -> Review:
    return Review.objects.create(title=title, on=on, owner=owner, **fields)


def letter(key: str, state: str, **fields: Any) -> Mail:
    given = {"message_id": key, "sender": "a@example.org", "recipient": "b@example.org", "state": state}
    return Mail.objects.create(key=key, **given | fields)


def run(owner: User, start: date, problem: str = "") -> ReportRun:
    report = Report.objects.get_or_create(name="Weekly report", defaults={"owner": owner})[0]
    return ReportRun.objects.create(
        report=report, start=start, end=start + timedelta(days=7), content={}, problem=problem
    )


def imported(name: str, **fields: Any) -> ImportRun:
    given = {"kind": "tickets", "format": "generic", "source": "help desk", "state": "done"}
    return ImportRun.objects.create(file_name=name, **given | fields)


def told(user: User) -> list[str]:
    return [matter.text for matter in attention.needs(user, attention.this_moment()).matters]


def details(user: User) -> list[tuple[str, str]]:
    return [
        (one.text, one.note)
        for matter in attention.needs(user, attention.this_moment()).matters
        for one in matter.details
    ]


# --- What waits ---------------------------------------------------------------------------------------------------
def test_where_nothing_waits_the_page_says_so(client: Client, manager: User, facts: None) -> None:
    assert told(manager) == []
    client.force_login(manager)
    page = client.get("/").content.decode()
    assert "Nothing needs you today: no goal is in danger, no review is due" in page


def test_goals_in_danger_come_with_their_reason(manager: User) -> None:
    goal(manager, "on_track")
    goal(manager, "off_track", statement="Answered within an hour")
    goal(manager, "at_risk", statement="One contact is enough")
    goal(manager, "at_risk", statement="Nobody waits for a day")
    why = "5 complete weeks with enough data so far; a forecast needs 8."
    assert told(manager) == ["1 goal is off track", "2 goals are at risk"]
    assert details(manager) == [
        ("Answered within an hour", why),
        ("One contact is enough", why),
        ("Nobody waits for a day", why),
    ]


def test_goals_that_are_over_wait_to_be_closed(manager: User) -> None:
    goal(manager, "achieved", reason="")
    goal(manager, "missed", reason="", state="closed")
    assert told(manager) == ["1 goal is over and can be closed"]
    assert details(manager) == [("Nine of ten are satisfied", "It has not been judged yet.")]


def test_unhappy_customers_who_wait(manager: User) -> None:
    ben = ManagerFactory(name="Ben")
    hours = timedelta(hours=1)
    FollowUpFactory(due_at=NOW - 2 * hours, ticket="T-1")
    FollowUpFactory(state="taken", assignee=ben, due_at=NOW - hours, survey__name="After a ticket")
    FollowUpFactory(state="taken", assignee=ben, due_at=NOW + hours)
    FollowUpFactory(due_at=NOW + hours, ticket="T-2")
    for state in ("contacted", "resolved", "no_answer"):
        FollowUpFactory(state=state, assignee=ben, due_at=NOW - hours)
    Survey.objects.update(owner=manager)
    assert told(manager) == [
        "2 unhappy customers wait too long",
        "1 unhappy customer waits for somebody to take care",
    ]
    assert details(manager) == [
        ("Ticket T-1", "until 20 Mar 2026, 10:00, not taken"),
        ("After a ticket, 20 Mar 2026", "until 20 Mar 2026, 11:00, Ben takes care of it"),
        ("Ticket T-2", "until 20 Mar 2026, 13:00, not taken"),
    ]


def test_reviews_that_are_due_or_were_forgotten(manager: User) -> None:
    review(manager, TODAY - timedelta(days=1), "Forgotten")
    review(manager, TODAY - timedelta(days=9), "Held", state="held")
    review(manager, TODAY, "Today's")
    review(manager, TODAY + timedelta(days=3), "Near")
    review(manager, TODAY + timedelta(days=4), "Far")
    assert told(manager) == ["1 review is past its date without minutes", "2 reviews are due"]
    assert details(manager) == [
        ("Forgotten", "19 Mar 2026"),
        ("Today's", "20 Mar 2026"),
        ("Near", "23 Mar 2026"),
    ]


def test_mails_that_failed_or_were_not_confirmed(manager: User) -> None:
    letter("failed", Mail.State.FAILED)
    letter("failed long ago", Mail.State.FAILED, created_at=NOW - timedelta(days=8))
    letter("sent", Mail.State.SENT)
    letter("on its way", Mail.State.HANDED_OVER)
    letter("unclear", Mail.State.HANDED_OVER, created_at=NOW - timedelta(hours=2))
    letter("unclear too", Mail.State.HANDED_OVER, created_at=NOW - timedelta(hours=3))
    assert told(manager) == ["1 mail could not be sent", "2 mails were not confirmed"]


def test_reports_with_a_problem(manager: User) -> None:
    run(manager, date(2026, 3, 2))
    run(manager, date(2026, 3, 9), "It has no recipients.")
    assert told(manager) == ["1 report had a problem"]
    assert details(manager) == [("Weekly report", "It has no recipients.")]


def test_reports_that_are_overdue_for_longer_than_they_wait_for_figures(manager: User) -> None:
    for name, hours, is_active in (("Late", 4, True), ("Waiting", 2, True), ("Off", 9, False)):
        due = NOW - timedelta(hours=hours)
        Report.objects.create(name=name, owner=manager, next_due=due, is_active=is_active)
    assert told(manager) == ["1 report is overdue"]
    assert details(manager) == [("Late", "overdue since 20 Mar 2026, 08:00; the log of the worker says why")]


def test_imports_are_settled_by_a_later_one_that_takes_every_row(manager: User) -> None:
    imported("mended.csv", rejected=2)
    imported("again.csv")
    imported("other.csv", source="shop", rejected=1)
    imported("broken.csv", source="shop", kind="ticket_events", state="failed")
    imported("tried.csv", source="web", is_dry_run=True, rejected=5)
    assert told(manager) == ["1 import failed", "1 import had rejected rows"]
    assert details(manager) == [("broken.csv", ""), ("other.csv", "1 rejected row")]


def rejected(run: ImportRun, *reasons: str) -> None:
    for line, reason in enumerate(reasons, start=2):
        RejectedRow.objects.create(run=run, line=line, reason=reason, message="no time", row=[])


def test_rejected_rows_wait_until_they_came_again_or_were_left_out_or_taken_back(manager: User) -> None:
    rejected(imported("some.csv", rejected=3), "settled:9:bad_time", "bad_time", "bad_time")
    rejected(imported("all.csv", rejected=2), "settled:9:bad_time", "settled:9:bad_time")
    rejected(imported("undone.csv", rejected=1, state="undone"), "bad_time")
    rejected(imported("left.csv", rejected=1, dismissed_at=NOW), "bad_time")
    assert told(manager) == ["1 import had rejected rows"]
    assert details(manager) == [("some.csv", "2 rejected rows")]


def test_the_manual_is_published_once_or_said_to_be_missing(manager: User) -> None:
    Edition.objects.all().delete()
    assert told(manager) == ["The manual was never published"]


def test_an_edition_is_older_than_what_was_changed_since(manager: User) -> None:
    later, earlier = NOW + timedelta(minutes=1), NOW - timedelta(minutes=1)
    edition(2, pdf_attempts=3, lease_until=earlier, lease_token="of a dead worker")
    Section.objects.update(updated_at=earlier)
    Section.objects.filter(pk=Section.objects.first().pk).update(updated_at=later, version=2)
    target, survey = ServiceTargetFactory(), Survey.objects.first()
    for model, row, at in (
        (ServiceTarget, target, later),
        (ServiceTarget, target, later),
        (Survey, survey, earlier),
        (User, manager, later),
    ):
        kind = ContentType.objects.get_for_model(model)
        LogEntry.objects.create(
            user=manager, content_type=kind, object_id=str(row.pk), action_flag=CHANGE, action_time=at
        )
    assert told(manager) == [
        "Edition 2 of the manual has no PDF",
        "2 sections or rules have changed since edition 2 of the manual",
    ]


def test_kpis_that_were_never_chosen(client: Client, manager: User) -> None:
    assert attention.needs(manager, attention.this_moment()).matters == []
    Adoption.objects.all().delete()
    (matter,) = attention.needs(manager, attention.this_moment()).matters
    assert (matter.text, matter.tone) == ("The KPIs to work with have not been chosen yet", "")
    client.force_login(manager)
    assert client.get(matter.url).status_code == 200


def test_surveys_without_an_owner(manager: User) -> None:
    Survey.objects.filter(slug="csat").update(owner=None)
    Survey.objects.filter(slug="ces").update(owner=None, status="closed")
    assert told(manager) == ["1 open survey has no owner, so every manager is asked about unhappy answers"]
    assert details(manager) == [("Customer satisfaction", "")]


def everything_waits(manager: User, times: int) -> None:
    for number in range(times):
        goal(manager, "off_track")
        goal(manager, "at_risk")
        FollowUpFactory(survey__owner=manager, due_at=NOW - timedelta(hours=1))
        review(manager, TODAY - timedelta(days=1))
        review(manager, TODAY)
        letter(f"failed {times} {number}", Mail.State.FAILED)
        run(manager, TODAY - timedelta(days=70 * times + 7 * number), "It has no recipients.")
        imported("tickets.csv", state="failed")
        imported("tickets.csv", rejected=1)
    Survey.objects.update(owner=None)


def test_most_urgent_first_and_not_more_than_seven(client: Client, manager: User) -> None:
    everything_waits(manager, 1)
    found = attention.needs(manager, attention.this_moment())
    assert [matter.tone for matter in found.matters] == ["bad"] * 6 + ["warn"]
    assert found.more == 3
    assert len(attention.all_needs(manager, attention.this_moment()).matters) == 10


def test_more_rows_cost_no_more_queries(client: Client, manager: User, facts: None) -> None:
    client.force_login(manager)
    everything_waits(manager, 1)
    with CaptureQueriesContext(connection) as few:
        client.get("/")
    everything_waits(manager, 3)
    with CaptureQueriesContext(connection) as many:
        page = client.get("/").content.decode()
    assert "4 goals are off track" in page
    assert len(many) == len(few)
    assert len(few) <= 56  # 2 of them ask since when there are facts, 2 for the check-ins of this person


def test_nobody_is_told_of_what_they_cannot_settle(manager: User) -> None:
    everything_waits(manager, 1)
    clerk = UserFactory()
    clerk.user_permissions.add(Permission.objects.get(codename="change_mail"))
    assert told(clerk) == ["1 mail could not be sent"]
    assert told(StaffFactory()) == []


def test_what_waits_is_told_before_there_are_figures(client: Client, manager: User) -> None:
    imported("tickets.csv", state="failed")
    client.force_login(manager)
    page = client.get("/").content.decode()
    assert "First steps" in page
    assert "1 import failed" in page


def test_staff_see_what_they_have_promised(client: Client, facts: None) -> None:
    jon = StaffFactory()
    client.force_login(jon)
    assert "What you do next" not in client.get("/").content.decode()
    for number in range(6):
        ActionFactory(what=f"Thing {number}", owner=jon, due=TODAY + timedelta(days=number - 1))
    ActionFactory(what="Others'", due=TODAY)
    ActionFactory(what="Done", owner=jon, state="done", ended_at=NOW)
    page = client.get("/")
    promised = page.context["standing"].promised
    assert [(line.action.what, line.is_overdue) for line in promised] == [
        (f"Thing {number}", number == 0) for number in range(5)
    ]
    assert "What you do next" in page.content.decode()


# --- How things stand ---------------------------------------------------------------------------------------------
def test_staff_see_how_things_stand_and_nothing_of_others_mistakes(client: Client, manager: User, facts: None) -> None:
    everything_waits(manager, 1)
    goal(manager, "on_track", statement="Answered on the same day")
    goal(manager, "gathering", statement="A new one")
    review(manager, TODAY + timedelta(days=5), "Spring review")
    edition(2, note="Urgent requests are solved within four hours.")
    client.force_login(StaffFactory())
    response = client.get("/")
    standing, page = response.context["standing"], response.content.decode()
    assert response.context["needs"] is None
    assert (standing.goals.good, standing.goals.judged, standing.goals.unjudged) == (1, 3, 1)
    assert (standing.review.title, standing.edition.number) == ("Monthly review", 2)
    assert "Urgent requests are solved within four hours." in page
    assert "Answered on the same day" in page
    for silence in ("could not be sent", "failed", "unhappy customer", "problem", "has no owner"):
        assert silence not in page


def test_the_most_urgent_goals_come_first(client: Client, manager: User, facts: None) -> None:
    for status in ("achieved", "on_track", "at_risk", "off_track"):
        goal(manager, status)
    client.force_login(StaffFactory())
    shown = client.get("/").context["standing"].goals.shown
    assert [line.status for line in shown] == ["off_track", "at_risk", "on_track"]


def test_the_last_complete_week_with_its_numbers(client: Client, facts: None) -> None:
    client.force_login(StaffFactory())
    week = client.get("/").context["standing"].week
    assert week.name == "9 Mar – 15 Mar 2026"
    assert [(card.kpi.code, card.value, card.rests_on) for card in week.cards] == [
        ("csat", "no data", ""),
        ("first_response_time", "2\u00a0h", "3 tickets"),
        ("resolution_time", "no data", ""),
        ("ticket_volume", "3", ""),
    ]


def test_goals_beyond_the_first_six_are_counted(client: Client, manager: User, facts: None) -> None:
    for _number in range(8):
        goal(manager, "on_track")
    client.force_login(StaffFactory())
    response = client.get("/")
    assert (len(response.context["standing"].goals.shown), response.context["standing"].goals.others) == (6, 2)
    assert "2 more goals" in response.content.decode()


def test_without_goals_reviews_and_manual_nothing_is_said_of_them(client: Client, facts: None) -> None:
    client.force_login(StaffFactory())
    response = client.get("/")
    standing = response.context["standing"]
    assert not standing.has_anything
    assert response.content.decode().count('class="standing"') == 1  # of last week


def test_without_a_role_there_is_no_first_page(client: Client) -> None:
    client.force_login(UserFactory())
    assert client.get("/").status_code == 403
    client.logout()
    assert client.get("/").headers["Location"] == "/accounts/login/?next=/"
