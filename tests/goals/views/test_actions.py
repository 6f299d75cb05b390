import re
from datetime import UTC, date, datetime
from html import unescape

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from goals import actions
from goals.models import Action, ActionReminder, Decision
from tests.factories import GoalFactory, ManagerFactory, ReviewFactory, StaffFactory, UserFactory
from tests.goal_factories import ActionFactory
from tests.metrics.figures import organisation

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 18, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def manager(client):
    found = ManagerFactory(name="Mara")
    client.force_login(found)
    return found


@pytest.fixture
def staff(client):
    found = StaffFactory(name="Jon")
    client.force_login(found)
    return found


def text_of(response):
    return unescape(re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", response.content.decode()))).replace("\u00a0", " ")


def given(owner, /, **other):
    found = {"what": "Write it down", "owner": owner.pk, "due": "2026-03-20", "goal": ""} | other
    return {f"action-{name}": value for name, value in found.items()}


# --- On the page of a review
def test_a_decision_and_an_action_stand_on_the_page_of_the_review(client, manager):
    review, jon, goal = ReviewFactory(), StaffFactory(name="Jon"), GoalFactory()
    response = client.post(
        f"/reviews/{review.pk}/decisions/", {"decision-text": "The shift <b>stays</b>.\r\nAll of it."}
    )
    assert (response.status_code, response["Location"]) == (303, f"/reviews/{review.pk}/")
    assert Decision.objects.get().text == "The shift <b>stays</b>.\nAll of it."
    assert client.post(f"/reviews/{review.pk}/actions/", given(jon, goal=goal.pk)).status_code == 303
    made = Action.objects.get()
    assert (made.review, made.owner, made.goal, made.created_by) == (review, jon, goal, manager)
    page = client.get(f"/reviews/{review.pk}/")
    text = text_of(page)
    assert "The shift <b>stays</b>. All of it." in text
    assert "18 Mar 2026, 12:00 · Mara" in text
    assert "Open Write it down Jon · due on 20 Mar 2026 (in 2 days)" in text
    assert "<b>stays" not in page.content.decode()
    assert "Actions for this goal Open Write it down" in text_of(client.get(f"/goals/{goal.pk}/"))


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"what": ""}, "Write it down"),
        ({"owner": ""}, "This field is required"),
        ({"owner": "99999"}, "Select a valid choice"),
        ({"due": "2026-03-17"}, "This day is over. Choose today or a day to come."),
        ({"due": "soon"}, "Enter a valid date"),
        ({"goal": "99999"}, "Select a valid choice"),
        ({"what": "x" * 301}, "at most 300 characters"),
    ],
)
def test_a_bad_action_is_shown_again(client, manager, other, words):
    review = ReviewFactory()
    response = client.post(f"/reviews/{review.pk}/actions/", given(StaffFactory(), **other))
    assert response.status_code == 422
    assert words in text_of(response) or "This field is required" in text_of(response)
    assert not Action.objects.exists()


def test_nobody_who_left_gets_an_action(client, manager):
    left = StaffFactory(name="Gone", is_active=False)
    review = ReviewFactory()
    assert client.post(f"/reviews/{review.pk}/actions/", given(left)).status_code == 422
    assert "Gone" not in client.get(f"/reviews/{review.pk}/").content.decode()


def test_a_review_that_was_cancelled_takes_nothing(client, manager):
    review = ReviewFactory(state="cancelled")
    client.post(f"/reviews/{review.pk}/decisions/", {"decision-text": "x"})
    response = client.post(f"/reviews/{review.pk}/actions/", given(StaffFactory()))
    assert response.status_code == 409
    assert (Decision.objects.count(), Action.objects.count()) == (0, 0)
    page = client.get(f"/reviews/{review.pk}/").content.decode()
    assert "Add a decision" not in page
    assert "Add an action" not in page


def test_a_decision_without_words(client, manager):
    assert client.post(f"/reviews/{ReviewFactory().pk}/decisions/", {"decision-text": " "}).status_code == 422


def test_staff_read_what_was_agreed_and_agree_nothing(client, staff):
    review = ReviewFactory()
    ActionFactory(what="Ask ten customers", review=review)
    Decision.objects.create(review=review, text="The shift stays.")
    text = text_of(client.get(f"/reviews/{review.pk}/"))
    assert "The shift stays." in text
    assert "Ask ten customers" in text
    assert "Add an action" not in text
    assert client.post(f"/reviews/{review.pk}/decisions/", {"decision-text": "x"}).status_code == 403
    assert client.post(f"/reviews/{review.pk}/actions/", given(staff)).status_code == 403


# --- The list
def test_the_list_shows_what_is_open_and_can_be_narrowed(client, staff):
    mara = ManagerFactory(name="Mara")
    ActionFactory(what="Late", due=date(2026, 3, 1), owner=staff)
    ActionFactory(what="Later", due=date(2026, 4, 1), owner=mara)
    ActionFactory(what="Finished", state="done", ended_at=NOW, owner=mara, note="All of it.")

    def shown(asked=""):
        page = client.get(f"/reviews/actions/{asked}").content.decode()
        return re.findall(r'<a href="/reviews/actions/\d+/">(.*?)</a>', page)

    assert shown() == ["Late", "Later"]
    assert shown("?state=overdue") == ["Late"]
    assert shown("?state=done") == ["Finished"]
    assert shown("?state=all") == ["Later", "Finished", "Late"]
    assert shown(f"?owner={mara.pk}") == ["Later"]
    assert shown(f"?state=overdue&owner={mara.pk}") == []
    assert "Overdue Late Jon · due on 1 Mar 2026 (17 days ago)" in text_of(client.get("/reviews/actions/"))
    for nonsense in ("?state=x", "?owner=99999", "?owner=x"):
        assert client.get(f"/reviews/actions/{nonsense}").status_code == 422


def test_an_empty_list_says_where_actions_come_from(client, staff):
    assert "Actions are written down on the page of a review." in text_of(client.get("/reviews/actions/"))
    assert "No action is like that" in text_of(client.get("/reviews/actions/?state=done"))


def test_the_list_comes_in_pages_and_costs_the_same_for_one_and_three(client, staff):
    organisation()
    counts = []
    for more in (1, 2):
        for _number in range(more):
            ActionFactory(review=ReviewFactory(), goal=GoalFactory())
        with CaptureQueriesContext(connection) as queries:
            client.get("/reviews/actions/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
    for _number in range(50):
        ActionFactory(owner=staff)
    assert client.get("/reviews/actions/?page=2").content.decode().count("/reviews/actions/") >= 3


# --- One action
def test_whoever_does_it_says_that_it_is_done(client, staff):
    action = ActionFactory(owner=staff, what="Ask <b>ten</b>", review=ReviewFactory(title="Spring"), goal=GoalFactory())
    page = client.get(f"/reviews/actions/{action.pk}/")
    assert "From Spring , 19 Mar 2026" in text_of(page)
    assert "<b>ten" not in page.content.decode()
    assert "Change it" not in text_of(page)
    response = client.post(f"/reviews/actions/{action.pk}/state/", {"state": "done", "note": "Nine."}, follow=True)
    assert "The action is done." in text_of(response)
    assert "What came of it Nine." in text_of(response)
    action.refresh_from_db()
    assert (action.state, action.ended_by) == ("done", staff)
    assert client.post(f"/reviews/actions/{action.pk}/state/", {"state": "open"}).status_code == 303
    action.refresh_from_db()
    assert action.state == "open"


def test_staff_settle_only_what_is_theirs(client, staff):
    action = ActionFactory()
    assert client.get(f"/reviews/actions/{action.pk}/").status_code == 200
    assert client.post(f"/reviews/actions/{action.pk}/state/", {"state": "done"}).status_code == 403
    assert client.post(f"/reviews/actions/{action.pk}/", given(staff)).status_code == 403
    assert "It is done" not in text_of(client.get(f"/reviews/actions/{action.pk}/"))


def test_dropping_needs_a_reason_and_what_somebody_else_said_stands(client, manager):
    action = ActionFactory()
    url = f"/reviews/actions/{action.pk}/state/"
    response = client.post(url, {"state": "dropped"})
    assert response.status_code == 422
    assert "Say in a few words why it is not done." in text_of(response)
    assert client.post(url, {"state": "nonsense"}).status_code == 422
    actions.end(action.pk, "done", note="", by=StaffFactory(name="Jon"), now=NOW)
    response = client.post(url, {"state": "dropped", "note": "No."})
    assert response.status_code == 409
    assert "Meanwhile Jon has said that this action is done." in text_of(response)


def test_managers_give_it_to_somebody_else(client, manager):
    action = ActionFactory(owner=StaffFactory(name="Gone", is_active=False), due=date(2026, 3, 1))
    page = text_of(client.get(f"/reviews/actions/{action.pk}/"))
    assert "Gone can no longer log in. Choose somebody else who does it." in page
    jon = StaffFactory(name="Jon")
    assert client.post(f"/reviews/actions/{action.pk}/", given(jon, due="2026-03-17")).status_code == 422
    assert client.post(f"/reviews/actions/{action.pk}/", given(jon)).status_code == 303
    action.refresh_from_db()
    assert (action.owner, action.due) == (jon, date(2026, 3, 20))


def test_a_refused_change_shows_what_is_stored_and_what_was_typed(client, manager):
    action = ActionFactory(what="Stored")
    response = client.post(f"/reviews/actions/{action.pk}/", given(StaffFactory(), what="Typed", due="2026-03-01"))
    assert response.status_code == 422
    assert "<h1>Stored</h1>" in response.content.decode()
    assert 'value="Typed"' in response.content.decode()
    actions.end(action.pk, "done", note="", by=StaffFactory(name="Jon"), now=NOW)
    assert client.post(f"/reviews/actions/{action.pk}/", given(StaffFactory())).status_code == 409


def test_who_was_reminded_is_shown(client, manager):
    action = ActionFactory(due=date(2026, 3, 17))
    ActionReminder.objects.create(action=action, on=action.due, moment="overdue", recipient=manager, at=NOW)
    assert "Told that it is overdue Mara, 18 Mar 2026, 12:00 (without a mail)" in text_of(
        client.get(f"/reviews/actions/{action.pk}/")
    )


def test_the_name_of_a_draft_is_not_told_to_staff(client, staff):
    action = ActionFactory(goal=GoalFactory(state="draft", statement="Nobody knows yet"), owner=staff)
    assert "Nobody knows yet" not in client.get(f"/reviews/actions/{action.pk}/").content.decode()


def test_people_without_a_role_and_nobody(client):
    action = ActionFactory()
    paths = ["/reviews/actions/", f"/reviews/actions/{action.pk}/"]
    client.force_login(UserFactory())
    assert [client.get(path).status_code for path in paths] == [403, 403]
    client.force_login(StaffFactory())
    assert client.get("/reviews/actions/99999/").status_code == 404
    client.logout()
    assert [client.get(path).status_code for path in paths] == [302, 302]
