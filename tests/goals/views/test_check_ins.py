import re
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from goals.models import CheckIn, Goal
from tests.factories import GoalFactory, ManagerFactory, StaffFactory, UserFactory
from tests.goal_factories import CheckInFactory
from tests.metrics.figures import organisation

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 18, 12, tzinfo=UTC)


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


def judged(owner, status="on_track", **fields):
    given = {"value": 84.0, "value_n": 57, "value_start": date(2026, 3, 9), "value_end": date(2026, 3, 16)}
    given |= {"created_at": datetime(2026, 1, 1, tzinfo=UTC)}
    return GoalFactory(owner=owner, status=status, probability=0.7, **given | fields)


def post(client, goal, **data):
    given = {"what_changed": "A second shift.", "next_step": "Start it earlier.", "confidence": "on_track"}
    return client.post(f"/goals/{goal.pk}/check-in/", given | data)


def test_the_owner_checks_in_and_sees_both_views(client, owner):
    goal = judged(owner, "at_risk")
    response = post(client, goal, difference="The shift began on Monday.", what_changed="One.\r\nTwo.")
    assert (response.status_code, response["Location"]) == (303, f"/goals/{goal.pk}/#check-ins")
    assert CheckIn.objects.get().what_changed == "One.\nTwo."
    text = text_of(client.get(f"/goals/{goal.pk}/"))
    for words in (
        "Person: on track",
        "Judged: at risk",
        "84.0 % · chance about 7 in 10",
        "What has changed: One. Two.",
        "What to try next: Start it earlier.",
        "Why seen differently: The shift began on Monday.",
        "18 Mar 2026, 12:00 · Jon",
        "A person sees it on track",
    ):
        assert words in text
    assert "A person sees it on track" in text_of(client.get("/goals/"))


def test_the_number_is_not_asked_for(client, owner):
    page = client.get(f"/goals/{judged(owner).pk}/").content.decode()
    form = page[page.index("check-in/#check-ins") :].split("</form>")[0]
    assert set(re.findall(r'name="(\w+)"', form)) == {
        "csrfmiddlewaretoken",
        "what_changed",
        "next_step",
        "confidence",
        "difference",
    }
    assert "The number fills itself: 84.0" in text_of(client.get(f"/goals/{judged(owner).pk}/"))


def test_a_difference_without_a_sentence_is_shown_again_with_the_words(client, owner):
    goal = judged(owner, "off_track")
    response = post(client, goal, what_changed="A <b>shift</b>")
    assert response.status_code == 422
    assert "You see it differently from what was judged (“off track”). Say in a sentence why." in text_of(response)
    assert "A &lt;b&gt;shift&lt;/b&gt;" in response.content.decode()
    assert not CheckIn.objects.exists()


def test_where_nothing_is_judged_no_difference_is_asked_for(client, owner):
    goal = judged(owner, "gathering")
    assert 'name="difference"' not in client.get(f"/goals/{goal.pk}/").content.decode()
    assert post(client, goal).status_code == 303


@pytest.mark.parametrize(
    "data",
    [
        {"what_changed": ""},
        {"next_step": " "},
        {"confidence": "hopeful"},
        {"confidence": ""},
        {"what_changed": "x" * 2001},
    ],
)
def test_a_bad_form_keeps_nothing(client, owner, data):
    assert post(client, judged(owner), **data).status_code == 422
    assert not CheckIn.objects.exists()


def test_a_goal_that_is_judged_anew_meanwhile_asks_again(client, owner, monkeypatch):
    goal = judged(owner)
    real = Goal.objects.select_for_update

    def later(*args, **kwargs):
        Goal.objects.filter(pk=goal.pk).update(status="off_track")
        return real(*args, **kwargs)

    monkeypatch.setattr(Goal.objects, "select_for_update", later)
    response = post(client, goal)
    assert response.status_code == 409
    assert "The goal is judged “off track”. Say in a sentence why you see it differently." in text_of(response)
    assert 'name="difference"' in response.content.decode()


def test_a_goal_that_was_closed_meanwhile_gives_the_words_back(client, owner):
    goal = judged(owner, state="closed", status="achieved")
    response = post(client, goal, what_changed="Long words")
    assert response.status_code == 409
    assert "This goal is not active (it is “closed”)" in text_of(response)
    assert "Long words" in response.content.decode()


def test_staff_check_in_on_their_own_goals_only(client, owner):
    theirs = judged(ManagerFactory())
    assert post(client, theirs).status_code == 403
    assert "/check-in/" not in client.get(f"/goals/{theirs.pk}/").content.decode()
    assert post(client, judged(owner, state="draft")).status_code == 404
    client.force_login(ManagerFactory())
    assert post(client, theirs).status_code == 303


def test_somebody_without_a_role_and_reading(client, owner):
    goal = judged(owner)
    assert client.get(f"/goals/{goal.pk}/check-in/").status_code == 405
    client.force_login(UserFactory())
    assert post(client, goal).status_code == 403
    client.logout()
    assert post(client, goal).status_code == 302


def test_a_stale_goal_says_so_on_its_card_and_on_its_page(client, owner):
    goal = judged(owner, checked_in_on=date(2026, 3, 1), check_in_cadence="weekly")
    assert "No check-in for 17 days" in text_of(client.get("/goals/"))
    assert "No check-in for 17 days" in text_of(client.get(f"/goals/{goal.pk}/"))
    post(client, goal)
    assert "No check-in for" not in text_of(client.get("/goals/"))


def test_what_people_wrote_is_escaped(client, owner):
    goal = judged(owner)
    CheckInFactory(goal=goal, what_changed="<script>alert(1)", next_step="<script>alert(2)", difference="<script>")
    assert "<script>alert" not in client.get(f"/goals/{goal.pk}/").content.decode()


def test_one_and_three_check_ins_cost_the_same(client, owner):
    organisation()
    goal = judged(owner)
    counts = []
    for more in (1, 2):
        for _number in range(more):
            CheckInFactory(goal=goal)
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/goals/{goal.pk}/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- Many of them, and who has read them
def test_ten_are_on_a_page_and_the_pages_lead_back_to_the_list(client, owner):
    organisation()
    goal = judged(owner)
    for number in range(21):
        CheckInFactory(goal=goal, at=NOW - timedelta(days=number), what_changed=f"Change {number}.")
    shown = []
    for number in (1, 2, 3):
        page = client.get(f"/goals/{goal.pk}/?page={number}").content.decode()
        shown.append(re.findall(r"Change (\d+)\.", page))
    assert shown == [[str(n) for n in range(10)], [str(n) for n in range(10, 20)], ["20"]]
    assert f'href="/goals/{goal.pk}/?page=2#check-ins"' in page
    for nonsense in ("x", "0", "9" * 5000, "-1"):
        assert client.get(f"/goals/{goal.pk}/?page={nonsense}").status_code == 200
    refused = client.post(f"/goals/{goal.pk}/check-in/", {})
    assert f'href="/goals/{goal.pk}/?page=2#check-ins"' in refused.content.decode()


def test_ten_and_thirty_check_ins_cost_the_same(client, owner):
    organisation()
    goal, counts = judged(owner), []
    for _step in range(3):
        for _number in range(10):
            CheckInFactory(goal=goal, acknowledged_by=ManagerFactory(), acknowledged_at=NOW)
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/goals/{goal.pk}/")
        counts.append(len(queries))
    assert len(set(counts)) == 1
    assert counts[0] <= 25


def acknowledge(client, found):
    return client.post(f"/goals/{found.goal_id}/check-ins/{found.pk}/acknowledge/")


def test_the_reviewer_acknowledges_what_the_owner_wrote(client, owner):
    reviewer = StaffFactory(name="Rita")
    found = CheckInFactory(goal=judged(owner, reviewer=reviewer), by=owner)
    path = f"/goals/{found.goal_id}/"
    assert "not acknowledged yet" in text_of(client.get(path))
    assert "Acknowledge: I have read it" not in text_of(client.get(path))
    assert acknowledge(client, found).status_code == 403
    client.force_login(reviewer)
    assert "Acknowledge: I have read it" in text_of(client.get(path))
    answer = acknowledge(client, found)
    assert (answer.status_code, answer["Location"]) == (303, f"{path}#check-ins")
    text = text_of(client.get(path))
    assert "acknowledged by Rita on 18 Mar 2026" in text
    assert "Acknowledge: I have read it" not in text
    assert acknowledge(client, found).status_code == 303  # the form was sent twice
    client.force_login(ManagerFactory())
    acknowledge(client, found)
    assert "It was acknowledged already." in text_of(client.get(path))


def test_who_may_not_acknowledge(client, owner):
    draft = CheckInFactory(goal=judged(owner, state="draft"), by=ManagerFactory())
    assert acknowledge(client, draft).status_code == 404
    found = CheckInFactory(goal=judged(owner), by=ManagerFactory())
    other = judged(owner)
    assert client.post(f"/goals/{other.pk}/check-ins/{found.pk}/acknowledge/").status_code == 404
    assert client.get(f"/goals/{found.goal_id}/check-ins/{found.pk}/acknowledge/").status_code == 405
    client.force_login(UserFactory())
    assert acknowledge(client, found).status_code == 403
    found.refresh_from_db()
    assert found.acknowledged_at is None
