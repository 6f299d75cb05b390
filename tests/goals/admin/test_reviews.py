from datetime import UTC, date, datetime
from html import unescape

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from goals.models import Review
from tests.factories import GoalFactory, ManagerFactory, ReviewFactory, StaffFactory
from tests.metrics.figures import organisation

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 18, 23, 30, tzinfo=UTC)
ADD = "/admin/goals/review/add/"


@pytest.fixture(autouse=True)
def _frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def manager(client):
    found = ManagerFactory(name="Mara")
    client.force_login(found)
    return found


def values(owner, **other):
    given = {
        "title": "Spring",
        "on": "2026-03-20",
        "owner": owner.pk,
        "remind_days": "3",
        "agenda": "",
        "cadence": "once",
        "state": "planned",
    }
    return given | other


def change(review):
    return reverse("admin:goals_review_change", args=[review.pk])


def test_a_review_is_planned_with_people_and_goals(client, manager):
    jon, goal = StaffFactory(), GoalFactory()
    assert client.post(ADD, values(manager, participants=[jon.pk], goals=[goal.pk])).status_code == 302
    review = Review.objects.get()
    assert (review.on, list(review.participants.all()), list(review.goals.all())) == (date(2026, 3, 20), [jon], [goal])


def test_whoever_plans_it_is_offered_as_its_leader(client, manager):
    assert f'<option value="{manager.pk}" selected>Mara</option>' in client.get(ADD).content.decode()


@pytest.mark.parametrize(
    ("zone", "on", "is_past"),
    [("UTC", "2026-03-17", True), ("UTC", "2026-03-18", False), ("Europe/Berlin", "2026-03-18", True)],
)
def test_a_planned_review_is_not_in_the_past(client, manager, zone, on, is_past):
    organisation(time_zone=zone)
    response = client.post(ADD, values(manager, on=on))
    assert response.status_code == (200 if is_past else 302)
    sentence = "A planned review cannot be in the past. Choose today or a day to come."
    assert (sentence in unescape(response.content.decode())) == is_past


def test_one_that_was_held_may_be_entered_later(client, manager):
    client.post(ADD, values(manager, on="2026-01-20", state="held"))
    review = Review.objects.get()
    assert (review.on, review.held_at) == (date(2026, 1, 20), NOW)


def test_an_overdue_review_can_be_changed_without_being_moved(client, manager):
    review = ReviewFactory(on=date(2026, 3, 10), owner=manager)
    given = values(manager, on="2026-03-10", title=review.title, agenda="New")
    assert client.post(change(review), given).status_code == 302
    review.refresh_from_db()
    assert review.agenda == "New"
    assert client.post(change(review), given | {"on": "2026-03-11"}).status_code == 200


def test_minutes_written_meanwhile_stay(client, manager, monkeypatch):
    """The form of the administration was loaded before; it does not know them."""
    review = ReviewFactory(on=date(2026, 3, 20), owner=manager)
    save = Review.save

    def late(self, **kwargs):
        Review.objects.filter(pk=self.pk).update(minutes="Written on the page")
        save(self, **kwargs)

    monkeypatch.setattr(Review, "save", late)
    client.post(change(review), values(manager, title="Other"))
    review.refresh_from_db()
    assert (review.title, review.minutes) == ("Other", "Written on the page")


def test_people_who_left_and_goals_that_are_over_are_offered_where_they_were_chosen(client, manager):
    left, over = StaffFactory(name="Left", is_active=False), GoalFactory(statement="Over", state="closed")
    page = client.get(ADD).content.decode()
    assert ("Left" in page, "Over" in page) == (False, False)
    page = client.get(change(ReviewFactory(participants=[left], goals=[over]))).content.decode()
    assert ("Left" in page, "Over" in page) == (True, True)


def test_the_list_costs_the_same_for_one_and_three(client, manager):
    client.get("/admin/goals/review/")
    counts = []
    for more in (1, 2):
        for _number in range(more):
            ReviewFactory(participants=[StaffFactory(), StaffFactory()])
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/admin/goals/review/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_form_leads_to_the_page(client, manager):
    review = ReviewFactory()
    assert f"/reviews/{review.pk}/" in client.get(change(review)).content.decode()


@pytest.mark.parametrize("state", ["held", "cancelled"])
def test_one_of_a_series_that_is_over_plans_the_next_once(client, manager, state):
    jon = StaffFactory()
    review = ReviewFactory(on=date(2026, 3, 18), owner=manager)
    given = values(manager, on="2026-03-18", cadence="weekly", state=state, participants=[jon.pk])
    page = client.post(change(review), given, follow=True).content.decode()
    assert "The next one is planned for 25 Mar 2026." in page
    following = Review.objects.get(after=review)
    assert (following.on, following.title, list(following.participants.all())) == (date(2026, 3, 25), "Spring", [jon])
    client.post(change(review), given | {"title": "Other"})
    assert Review.objects.count() == 2


def test_a_planned_one_plans_nothing(client, manager):
    client.post(ADD, values(manager, cadence="monthly"))
    assert [review.cadence for review in Review.objects.all()] == ["monthly"]


def test_what_is_held_in_the_administration_keeps_its_agenda_too(client, manager):
    goal = GoalFactory(statement="Nine of ten")
    review = ReviewFactory(owner=manager)
    client.post(change(review), values(manager, state="held", goals=[goal.pk]))
    review.refresh_from_db()
    assert [topic["statement"] for topic in review.kept_agenda["topics"]] == ["Nine of ten"]
    client.post(change(review), values(manager, state="planned", goals=[goal.pk]))
    review.refresh_from_db()
    assert review.kept_agenda is None


def test_another_title_of_one_held_before_agendas_were_kept_does_not_make_one_up(client, manager):
    review = ReviewFactory(owner=manager, state="held", on=date(2026, 1, 5))
    client.post(change(review), values(manager, title="Winter", state="held", on="2026-01-05"))
    review.refresh_from_db()
    assert (review.title, review.kept_agenda) == ("Winter", None)


def test_several_are_cancelled_after_asking_and_the_next_are_planned(client, manager):
    weekly = ReviewFactory(title="Weekly", on=date(2026, 3, 20), cadence="weekly")
    once, held = ReviewFactory(title="Once", on=date(2026, 3, 21)), ReviewFactory(title="Held", state="held")
    chosen = {"action": "call_off", "_selected_action": [weekly.pk, once.pk, held.pk]}
    page = unescape(client.post("/admin/goals/review/", chosen).content.decode())
    assert "Cancel these reviews?" in page
    assert page.count("It is “held” already.") == 1
    assert Review.objects.filter(state="cancelled").count() == 0
    answer = client.post("/admin/goals/review/", chosen | {"confirmed": "Cancel"}, follow=True)
    assert [str(message) for message in answer.context["messages"]] == ["2 reviews are cancelled."]
    assert set(Review.objects.filter(state="cancelled")) == {weekly, once}
    assert [(one.title, one.on) for one in Review.objects.filter(state="planned")] == [("Weekly", date(2026, 3, 27))]
    held.refresh_from_db()
    assert held.state == "held"
