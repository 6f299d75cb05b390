import re
from datetime import UTC, date, datetime
from html import unescape

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from goals import evaluation
from goals.models import Goal, Milestone
from tests.factories import GoalFactory, ManagerFactory, StaffFactory, UserFactory
from tests.goal_factories import goal_of

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 16, 9, tzinfo=UTC)
TODAY = "2026-03-16"
STEPS = (("Written", date(2026, 2, 2), None), ("Reviewed", date(2026, 4, 6), None), ("Read", date(2026, 6, 1), None))


@pytest.fixture(autouse=True)
def _frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def owner(client):
    found = StaffFactory(name="Jon")
    client.force_login(found)
    return found


def text_of(response):
    return unescape(re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", response.content.decode()))).replace("\u00a0", " ")


def post(client, one, what="done", **given):
    data = {f"milestone-{one.pk}-{name}": text for name, text in given.items()}
    return client.post(f"/goals/{one.goal_id}/milestones/{one.pk}/{what}/", data)


def test_the_owner_ticks_one_off(client, owner):
    goal = evaluation.evaluate(goal_of(*STEPS, owner=owner))
    one = goal.milestones.first()
    answer = post(client, one, on="2026-02-27", note="Two chapters more than planned.")
    assert (answer.status_code, answer["Location"]) == (303, f"/goals/{goal.pk}/#milestones")
    text = text_of(client.get(f"/goals/{goal.pk}/"))
    for words in (
        "“Written” is done.",
        "1 of 3 milestones",
        "1 of 3 should be done by now · next: “Reviewed”, due on 6 Apr 2026",
        "1 of 3 milestones are done; 1 were due by today. None is late.",
        "done Written done on 27 Feb 2026 by Jon · due on 2 Feb 2026 · 25 days late Two chapters more than planned.",
        "Milestones have no forecast",
        "“Written” was done on 27 Feb 2026 Two chapters more than planned. 16 Mar 2026, 09:00 · Jon",
    ):
        assert words in text


def test_it_is_taken_back_with_a_reason(client, owner):
    goal = goal_of(("Written", date(2026, 2, 2), date(2026, 2, 1)), *STEPS[1:], owner=owner)
    one = goal.milestones.first()
    refused = post(client, one, "open", why="")
    assert (refused.status_code, Milestone.objects.get(pk=one.pk).done_on) == (422, date(2026, 2, 1))
    assert post(client, one, "open", why="The tone was wrong.").status_code == 303
    assert Milestone.objects.get(pk=one.pk).done_on is None
    text = text_of(client.get(f"/goals/{goal.pk}/"))
    assert "“Written” is not done after all; it was told as done on 1 Feb 2026 The tone was wrong." in text
    assert "late Written due on 2 Feb 2026 · 42 days late" in text


@pytest.mark.parametrize(
    ("given", "status", "sentence"),
    [
        ({"on": "2026-03-17"}, 409, "That day has not come yet: tell when it was done, today at the latest."),
        ({"on": "0206-03-01"}, 409, "That is more than a year before the goal starts, on 1 Jan 2026."),
        ({"on": "yesterday"}, 422, "Enter a valid date."),
        ({"on": ""}, 422, "This field is required."),
        ({"on": TODAY, "note": "x" * 301}, 422, "Ensure this value has at most 300 characters (it has 301)."),
    ],
)
def test_what_is_refused_is_shown_again_with_what_was_written(client, owner, given, status, sentence):
    goal = goal_of(*STEPS, owner=owner)
    answer = post(client, goal.milestones.first(), **{"note": "After the move."} | given)
    assert (answer.status_code, sentence in text_of(answer)) == (status, True)
    if "note" not in given:
        assert 'value="After the move."' in answer.content.decode()
    assert not Milestone.objects.exclude(done_on=None).exists()


def test_a_goal_that_was_closed_meanwhile_changes_no_more(client, owner):
    goal = goal_of(*STEPS, owner=owner)
    Goal.objects.filter(pk=goal.pk).update(state="closed")
    answer = post(client, goal.milestones.first(), on=TODAY)
    assert answer.status_code == 409
    assert "This goal is not active (it is “closed”), so nothing about its milestones changes." in text_of(answer)


def test_they_are_the_owners_and_the_managers(client):
    goal = goal_of(*STEPS, owner=ManagerFactory())
    one = goal.milestones.first()
    for person, status in ((UserFactory(), 403), (StaffFactory(), 403), (ManagerFactory(), 303)):
        client.force_login(person)
        assert post(client, one, on=TODAY).status_code == status
        assert post(client, one, "open", why="No.").status_code == status
    client.force_login(StaffFactory())
    assert "Tick off" not in text_of(client.get(f"/goals/{goal.pk}/"))


def test_a_milestone_of_another_goal_is_not_found(client):
    client.force_login(ManagerFactory())
    one, other = goal_of(*STEPS).milestones.first(), GoalFactory()
    address = f"/goals/{other.pk}/milestones/{one.pk}/done/"
    assert client.post(address, {f"milestone-{one.pk}-on": TODAY}).status_code == 404


def test_nothing_is_done_by_looking(client):
    client.force_login(ManagerFactory())
    one = goal_of(*STEPS).milestones.first()
    assert client.get(f"/goals/{one.goal_id}/milestones/{one.pk}/done/").status_code == 405
    assert client.get(f"/goals/{one.goal_id}/milestones/{one.pk}/open/").status_code == 405


def test_the_page_takes_the_same_queries_for_one_and_for_five(client):
    client.force_login(ManagerFactory())
    by = ManagerFactory()
    counts = []
    for number in (1, 5):
        goal = evaluation.evaluate(goal_of(*[("Done", date(2026, 2, 2), date(2026, 2, 1))] * number))
        goal.milestones.update(done_by=by)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(f"/goals/{goal.pk}/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_what_somebody_typed_is_escaped(client):
    client.force_login(ManagerFactory())
    goal = evaluation.evaluate(goal_of(("<b>Written</b>", date(2026, 2, 2), None)))
    page = client.get(f"/goals/{goal.pk}/").content.decode() + client.get("/goals/").content.decode()
    assert "<b>Written</b>" not in page
    assert "&lt;b&gt;Written&lt;/b&gt;" in page


def test_the_board_shows_how_many_are_done_and_which_is_next(client):
    client.force_login(StaffFactory())
    evaluation.evaluate(goal_of(*STEPS))
    text = text_of(client.get("/goals/"))
    for words in (
        "Off track",
        "0 of 3 milestones",
        "1 of 3 should be done by now · next: “Written”, due on 2 Feb 2026",
    ):
        assert words in text


def test_two_hundred_of_them_cost_the_board_no_more_queries(client):
    client.force_login(ManagerFactory())
    for _number in range(3):
        evaluation.evaluate(goal_of(*STEPS))
    Goal.objects.bulk_create(
        [
            Goal(
                statement=f"Goal {number}",
                kpi="",
                state="active",
                status="at_risk",
                target=3,
                direction="higher",
                start=date(2026, 1, 1),
                due=date(2026, 6, 30),
                objective=Goal.objects.first().objective,
                owner=Goal.objects.first().owner,
            )
            for number in range(200)
        ]
    )
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/goals/").status_code == 200
    assert len(queries) <= 12
