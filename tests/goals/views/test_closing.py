import re
from datetime import UTC, date, datetime
from html import unescape

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.formats import date_format

from goals import close_out
from goals.models import CloseOut, Goal
from tests.factories import GoalFactory, ManagerFactory, StaffFactory, UserFactory
from tests.goal_factories import CheckInFactory, CloseOutFactory
from tests.goals import measured

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def manager(client):
    measured.house()
    found = ManagerFactory(name="Mara")
    client.force_login(found)
    return found


def text_of(response):
    return unescape(re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", response.content.decode()))).replace("\u00a0", " ")


def over(status="achieved", **fields):
    given = {"value": 92.0, "value_low": 90.5, "value_high": 94.0, "value_n": 400, "reason": status, "status": status}
    given |= {"value_start": date(2026, 5, 18), "value_end": date(2026, 5, 25)}
    given |= {"start": date(2026, 1, 5), "due": date(2026, 5, 24)}
    return GoalFactory(**given | fields)


def running():
    return over("on_track", reason="forecast", due=date(2026, 6, 28))


def url(goal):
    return f"/goals/{goal.pk}/close/"


# --- Closing
def test_the_result_is_shown_before_anything_is_closed(client, manager):
    goal = over()
    text = text_of(client.get(url(goal)))
    assert "What came of it Achieved" in text
    assert "Met clearly: 92.0 % in the week of 18 May 2026, and the target was 90.0 %." in text
    goal.refresh_from_db()
    assert goal.state == "active"


def test_a_goal_is_closed_with_a_retrospective_and_the_next_one(client, manager):
    measured.weeks("csat", [84] * 13)
    goal = over(statement="Nine of ten")
    CheckInFactory(goal=goal, confidence="on_track", status="at_risk")
    given = {"worked": "The <b>shift</b>", "did_not_work": "", "next_time": "More", "seeds_next": "on"}
    response = client.post(url(goal), given, follow=True)
    assert response.redirect_chain == [(f"/goals/{goal.pk}/", 303)]
    text = text_of(response)
    due = date_format(Goal.objects.latest("pk").due, "DATE_FORMAT")
    for words in (
        "The goal is closed: achieved.",
        f"The next goal is a draft: “Nine of ten (until {due})”.",
        "How it ended Achieved",
        "The person: of 1 check-in right in 1, wrong in 0, undecided in 0.",
        "What worked The <b>shift</b>",
        "What we do next More",
        "1 Jun 2026, 09:00 · Mara",
        "The next goal: Nine of ten",
    ):
        assert words in text
    assert "<b>shift" not in response.content.decode()
    goal.refresh_from_db()
    assert (goal.state, goal.close_out.by, goal.close_out.next_goal.state) == ("closed", manager, "draft")
    assert LogEntry.objects.get().change_message == "Closed: achieved."


def test_a_next_goal_that_cannot_be_set_up_keeps_nothing_from_being_closed(client, manager):
    measured.weeks("csat", [100] * 13)
    goal = over()
    text = text_of(client.post(url(goal), {"seeds_next": "on"}, follow=True))
    assert "The next goal could not be set up: “Customer satisfaction" in text
    assert Goal.objects.get().state == "closed"


def test_the_next_goal_can_be_set_up_later(client, manager):
    goal = over()
    client.post(url(goal), {})
    assert "Set up the next goal" in text_of(client.get(f"/goals/{goal.pk}/"))
    response = client.post(f"/goals/{goal.pk}/next/", follow=True)
    assert "The next goal is a draft" in text_of(response)
    assert "There is a next goal already." in text_of(client.post(f"/goals/{goal.pk}/next/", follow=True))
    assert Goal.objects.count() == 2


def test_there_is_no_next_goal_of_one_that_runs(client, manager):
    assert client.post(f"/goals/{over().pk}/next/").status_code == 404
    again = CloseOutFactory(goal=over()).goal
    assert client.post(f"/goals/{again.pk}/next/").status_code == 403


# --- Early
def test_ending_early_needs_how_and_why(client, manager):
    goal = running()
    page = client.get(url(goal))
    assert "It is not judged for good before it is due on 28 Jun 2026" in text_of(page)
    for given in (
        {},
        {"how": "close"},
        {"reason": "Why"},
        {"how": "close", "reason": " "},
        {"how": "x", "reason": "y"},
    ):
        assert client.post(url(goal), given).status_code == 422
    goal.refresh_from_db()
    assert goal.state == "active"


@pytest.mark.parametrize(
    ("how", "state", "outcome"), [("close", "closed", "achieved"), ("cancel", "cancelled", "cancelled")]
)
def test_ending_early(client, manager, how, state, outcome):
    goal = running()
    response = client.post(url(goal), {"how": how, "reason": "The shop is sold."}, follow=True)
    assert "Why it ended before it was due: The shop is sold." in text_of(response)
    goal.refresh_from_db()
    assert (goal.state, goal.close_out.outcome, goal.close_out.is_early) == (state, outcome, True)


def test_a_goal_that_waits_for_its_judgement_is_judged_soon(
    client, manager, monkeypatch, django_capture_on_commit_callbacks
):
    nudged = []
    monkeypatch.setattr("kpiproject.queue._send", lambda task, arguments: nudged.append((task.name, *arguments)))
    goal = over("on_track", reason="forecast")
    with django_capture_on_commit_callbacks(execute=True):
        page = client.get(url(goal))
    assert "Its time is over, and its last figures are just being judged." in text_of(page)
    assert nudged == [("goals.evaluate_goal", goal.pk)]


# --- Two at once
def test_whoever_is_second_is_told_and_keeps_their_words(client, manager):
    goal = over()
    other = ManagerFactory(name="Ines")
    close_out.close(goal.pk, close_out.Ending(learned=close_out.Learned(worked="Hers")), by=other)
    response = client.post(url(goal), {"worked": "His", "next_time": "More"})
    assert response.status_code == 409
    text = text_of(response)
    assert "Ines has closed this goal already: achieved. Your words stand beneath theirs, to be kept." in text
    assert re.search(r"<textarea[^>]*>\s*Hers\n\nHis</textarea>", response.content.decode())
    version = re.search(r'name="version" value="(\w+)"', response.content.decode())[1]
    given = {"worked": "Hers\r\n\r\nHis", "next_time": "More", "version": version}
    assert client.post(url(goal), given).status_code == 303
    found = CloseOut.objects.get()
    assert (found.worked, found.next_time, found.by) == ("Hers\n\nHis", "More", other)


def test_also_where_the_other_one_is_quicker_by_a_moment(client, manager, monkeypatch):
    goal, other = over(), ManagerFactory(name="Ines")
    real = close_out.close

    def slow(goal_id, ending, **kwargs):
        real(goal_id, close_out.Ending(), by=other)
        return real(goal_id, ending, **kwargs)

    monkeypatch.setattr(close_out, "close", slow)
    response = client.post(url(goal), {"worked": "His"})
    assert response.status_code == 409
    assert "Ines has closed this goal already" in text_of(response)


def test_words_of_two_who_write_later_are_not_lost(client, manager):
    made = CloseOutFactory(goal=over(state="closed"), worked="First")
    seen = close_out.version(made)
    close_out.write_retrospective(made.goal_id, close_out.Learned(worked="Hers"), seen=seen)
    response = client.post(url(made.goal), {"worked": "His", "version": seen})
    assert response.status_code == 409
    assert "Somebody else has written meanwhile." in text_of(response)
    assert re.search(r"<textarea[^>]*>\s*His</textarea>", response.content.decode())
    assert CloseOut.objects.get().worked == "Hers"


def test_the_retrospective_can_be_written_later(client, manager):
    made = CloseOutFactory(goal=over(state="closed"))
    page = client.get(url(made.goal)).content.decode()
    version = re.search(r'name="version" value="(\w+)"', page)[1]
    assert client.post(url(made.goal), {"worked": "All", "version": version}).status_code == 303
    assert client.post(url(made.goal), {"worked": "x" * 5001, "version": version}).status_code == 422
    assert CloseOut.objects.get().worked == "All"


# --- Who
def test_staff_do_not_close_and_read_how_it_ended(client):
    measured.house()
    owner = StaffFactory()
    client.force_login(owner)
    goal = over(owner=owner)
    assert [client.get(url(goal)).status_code, client.post(url(goal), {}).status_code] == [403, 403]
    assert "/close/" not in client.get(f"/goals/{goal.pk}/").content.decode()
    made = CloseOutFactory(goal=over(state="closed"), worked="The shift", next_goal=GoalFactory(state="draft"))
    page = client.get(f"/goals/{made.goal_id}/").content.decode()
    assert "The shift" in page
    assert "/close/" not in page
    assert "/next/" not in page
    assert f"/goals/{made.next_goal_id}/" not in page
    assert client.post(f"/goals/{made.goal_id}/next/").status_code == 403


def test_drafts_and_unknown_goals_and_people_without_a_role(client, manager):
    assert client.get(url(GoalFactory(state="draft"))).status_code == 404
    assert client.get("/goals/99999/close/").status_code == 404
    assert client.get(url(over(state="closed"))).status_code == 404  # closed before there were records
    goal = over()
    client.force_login(UserFactory())
    assert client.get(url(goal)).status_code == 403
    client.logout()
    assert client.post(url(goal)).status_code == 302


def test_the_page_costs_the_same_for_one_and_three_check_ins(client, manager):
    goal = over()
    counts = []
    for more in (1, 2):
        for _number in range(more):
            CheckInFactory(goal=goal)
        with CaptureQueriesContext(connection) as queries:
            client.get(url(goal))
        counts.append(len(queries))
    assert counts[0] == counts[1]
