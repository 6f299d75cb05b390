import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from goals import reviews
from goals.models import Goal, Review
from tests.factories import AnswerFactory, GoalFactory, ManagerFactory, ReviewFactory, StaffFactory, UserFactory
from tests.goal_factories import ActionFactory
from tests.measure_factories import BenchmarkFactory
from tests.metrics.figures import organisation

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 18, 12, tzinfo=UTC)
TODAY = date(2026, 3, 18)


@pytest.fixture(autouse=True)
def _frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def staff(client):
    client.force_login(StaffFactory(name="Jon"))
    return client


@pytest.fixture
def manager(client):
    client.force_login(ManagerFactory(name="Mara"))
    return client


def text_of(response):
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", response.content.decode())).replace("\u00a0", " ")


def titles(response):
    return re.findall(r'<h3><a href="/reviews/\d+/">(.*?)</a>', response.content.decode())


def post(client, review, **data):
    given = {"minutes": "Decided", "version": reviews.version(review)}
    return client.post(f"/reviews/{review.pk}/", given | data)


# --- The list
def test_what_is_to_come_stands_before_what_is_past(staff):
    for title, days, state in (
        ("Later", 40, "planned"),
        ("Soon", 2, "planned"),
        ("Overdue", -2, "planned"),
        ("Long ago", -60, "held"),
        ("Lately", -20, "held"),
        ("Never", -30, "cancelled"),
    ):
        ReviewFactory(title=title, on=TODAY + timedelta(days=days), state=state, minutes="* **One** thing\n* another")
    page = staff.get("/reviews/")
    assert titles(page) == ["Overdue", "Soon", "Later", "Lately", "Never", "Long ago"]
    text = text_of(page)
    for words in ("Friday 20 Mar 2026 Soon in 2 days", "Overdue overdue, 2 days ago", "One thing · another"):
        assert words in text
    assert "/admin/" not in page.content.decode()


def test_an_empty_list_tells_each_role_what_to_do(client):
    client.force_login(ManagerFactory())
    assert "/admin/goals/review/add/" in client.get("/reviews/").content.decode()
    client.force_login(StaffFactory())
    assert "A manager of your organisation plans them." in text_of(client.get("/reviews/"))


def test_past_reviews_come_in_pages(staff):
    owner = ManagerFactory()
    for number in range(21):
        ReviewFactory(title=f"R{number}", on=TODAY - timedelta(days=number), state="held", owner=owner)
    assert len(titles(staff.get("/reviews/"))) == 20
    assert titles(staff.get("/reviews/?page=2")) == ["R20"]
    assert staff.get("/reviews/?page=x").status_code == 200


@pytest.mark.parametrize("path", ["/reviews/", "/reviews/{}/"])
def test_one_and_three_reviews_cost_the_same(manager, path):
    organisation()
    counts = []
    people = [StaffFactory(), StaffFactory()]
    for more in (1, 2):
        for _number in range(more):
            goal = GoalFactory(status="off_track")
            found = ReviewFactory(participants=people, goals=[])
            ReviewFactory(state="held", participants=people, goals=[goal], minutes="x")
        with CaptureQueriesContext(connection) as queries:
            assert manager.get(path.format(found.pk)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- One review
def test_the_agenda_is_the_goals_that_matter_first(staff):
    for status in ("on_track", "off_track"):
        GoalFactory(statement=f"Goal {status}", status=status, value=86.0, progress=0.6)
    GoalFactory(statement="Draft", state="draft")
    found = ReviewFactory(
        title="Spring", on=TODAY, agenda="1. **Phone**\n2. <b>Chat</b>", participants=[StaffFactory(name="Ada")]
    )
    response = staff.get(f"/reviews/{found.pk}/")
    page = response.content.decode()
    assert re.findall(r'<h3><a href="/goals/\d+/">(.*?)</a>', page) == ["Goal off_track", "Goal on_track"]
    assert "<strong>Phone</strong>" in page
    assert "<b>Chat" not in page
    text = text_of(response)
    assert "Wednesday, 18 Mar 2026 today" in text
    assert ", with Ada" in text
    assert "2 goals as they stand now; 1 needs attention." in text
    assert "From 80.0 % to 90.0 %, now 86.0 % · 60 % of the way" in text
    assert "<form" not in page.split("<main")[1]


def test_a_review_of_chosen_goals_shows_those_and_drafts_to_managers(client):
    draft, other = GoalFactory(statement="Draft", state="draft"), GoalFactory(statement="Chosen")
    GoalFactory(statement="Not chosen")
    GoalFactory(statement="Cancelled", state="cancelled")
    found = ReviewFactory(goals=[draft, other])
    for factory, names in ((StaffFactory, ["Chosen"]), (ManagerFactory, ["Chosen", "Draft"])):
        client.force_login(factory())
        page = client.get(f"/reviews/{found.pk}/").content.decode()
        assert sorted(re.findall(r'<h3><a href="/goals/\d+/">(.*?)</a>', page)) == names


def test_a_review_whose_goals_are_all_drafts_shows_staff_none(staff):
    GoalFactory(statement="Not chosen")
    found = ReviewFactory(goals=[GoalFactory(state="draft")])
    assert "There is no goal to look at." in text_of(staff.get(f"/reviews/{found.pk}/"))


def test_managers_write_minutes(manager):
    found = ReviewFactory(on=TODAY)
    response = post(manager, found, minutes="* One\r\n* Two", keep="1")
    assert (response.status_code, response["Location"]) == (303, f"/reviews/{found.pk}/")
    found.refresh_from_db()
    assert (found.minutes, found.state) == ("* One\n* Two", "planned")
    page = manager.get(f"/reviews/{found.pk}/").content.decode()
    assert "<li>One</li>" in re.sub(r"</?p>|\n", "", page)
    post(manager, found, hold="1")
    found.refresh_from_db()
    assert (found.minutes, found.state, found.held_at) == ("Decided", "held", NOW)
    assert 'name="hold"' not in manager.get(f"/reviews/{found.pk}/").content.decode()


def test_whoever_was_too_late_sees_both_texts_and_may_join_them(manager):
    found = ReviewFactory(on=TODAY)
    seen = reviews.version(found)
    reviews.write_minutes(found.pk, "Hers", seen=seen)
    response = post(manager, found, minutes="His", version=seen)
    assert response.status_code == 409
    text = text_of(response)
    assert "Your text was not kept yet" in text
    assert "Minutes Hers" in text
    page = response.content.decode()
    assert re.search(r"<textarea[^>]*>\s*His</textarea>", page)
    assert Review.objects.get().minutes == "Hers"
    version = re.search(r'name="version" value="(\w+)"', page)[1]
    assert post(manager, found, minutes="Hers and his", version=version).status_code == 303
    assert Review.objects.get().minutes == "Hers and his"


def test_a_text_for_a_review_that_was_cancelled_meanwhile_is_given_back(manager):
    found = ReviewFactory(on=TODAY)
    seen = reviews.version(found)
    Review.objects.update(state="cancelled")
    response = post(manager, found, minutes="His <b>", version=seen)
    assert response.status_code == 409
    assert "It was cancelled meanwhile." in text_of(response)
    assert "<pre>His &lt;b&gt;</pre>" in response.content.decode()


@pytest.mark.parametrize("data", [{"version": ""}, {"minutes": "x" * 50_001}, {"version": "x" * 17}])
def test_a_bad_form_is_shown_again_with_the_text(manager, data):
    found = ReviewFactory(on=TODAY)
    response = post(manager, found, **data)
    assert response.status_code == 422
    assert data.get("minutes", "Decided") in response.content.decode()
    assert Review.objects.get().minutes == ""


def test_staff_cannot_write(staff):
    found = ReviewFactory(on=TODAY)
    assert post(staff, found).status_code == 403
    assert Review.objects.get().minutes == ""


def test_who_may_not_see_reviews(client):
    found = ReviewFactory()
    client.force_login(UserFactory())
    assert [client.get(path).status_code for path in ("/reviews/", f"/reviews/{found.pk}/")] == [403, 403]
    client.force_login(StaffFactory())
    assert client.get("/reviews/99999/").status_code == 404


# --- A series, and what is put together for it
def test_holding_one_of_a_series_tells_when_the_next_one_is(manager):
    found = ReviewFactory(title="Weekly", on=TODAY, cadence="weekly")
    response = manager.post(
        f"/reviews/{found.pk}/", {"minutes": "Decided", "version": reviews.version(found), "hold": "1"}, follow=True
    )
    text = text_of(response)
    assert "The next one is planned for 25 Mar 2026." in text
    assert "Repeated every week. The next one: 25 Mar 2026" in text
    assert "every week" in text_of(manager.get("/reviews/"))


@pytest.mark.parametrize(("days", "is_told"), [(-3, False), (0, False), (8, True)])
def test_a_review_that_was_held_early_says_so_and_keeps_its_rhythm(manager, days, is_told):
    review = ReviewFactory(on=TODAY + timedelta(days=days), cadence="weekly")
    post(manager, review, hold="1")
    assert ("held early, on 18 Mar 2026" in text_of(manager.get(f"/reviews/{review.pk}/"))) is is_told
    assert (Review.objects.get(after=review).on - review.on).days % 7 == 0


def test_a_form_names_its_token_once(manager):
    review = ReviewFactory()
    page = manager.get(f"/reviews/{review.pk}/").content.decode()
    forms = re.findall(r"<form.*?</form>", page, re.DOTALL)
    posting = [form for form in forms if 'method="post"' in form]
    assert len(posting) > 2
    assert {form.count("csrfmiddlewaretoken") for form in posting} == {1}


def test_a_review_is_cancelled_on_its_page_and_only_once(manager):
    found = ReviewFactory(on=TODAY, cadence="weekly")
    response = manager.post(f"/reviews/{found.pk}/cancel/", follow=True)
    assert response.redirect_chain == [(f"/reviews/{found.pk}/", 303)]
    assert "The review is cancelled. The next one is planned for 25 Mar 2026." in text_of(response)
    assert "/cancel/" not in response.content.decode()
    again = manager.post(f"/reviews/{found.pk}/cancel/", follow=True)
    assert "Only a planned review can be cancelled; this one is cancelled." in text_of(again)
    assert Review.objects.count() == 2


def test_staff_cannot_cancel(staff):
    found = ReviewFactory(on=TODAY)
    assert "/cancel/" not in staff.get(f"/reviews/{found.pk}/").content.decode()
    assert staff.post(f"/reviews/{found.pk}/cancel/").status_code == 403
    assert staff.get(f"/reviews/{found.pk}/cancel/").status_code == 405


def test_what_there_is_to_look_at_is_put_together_until_it_was_held(staff):
    GoalFactory(statement="Silent", status="on_track", created_at=datetime(2026, 1, 1, tzinfo=UTC))
    ActionFactory(what="Ask ten customers", due=date(2026, 3, 1))
    AnswerFactory(answered_at=NOW, score=1, comment="Too <b>slow</b>")
    BenchmarkFactory(kpi="csat", source="An old study", as_of=date(2020, 1, 1))
    found = ReviewFactory(on=TODAY)
    response = staff.get(f"/reviews/{found.pk}/")
    text = text_of(response)
    for words in (
        "Open actions",
        "Ask ten customers",
        "Goals nobody has checked in on Silent : no check-in in its first",
        "What customers wrote The latest since 18 Feb 2026, without their names.",
        "Benchmarks to look up again Customer satisfaction (CSAT): An old study, to be reviewed by 1 Jan 2021",
    ):
        assert words in text
    assert "<b>slow" not in response.content.decode()
    Review.objects.update(state="held")
    assert "Open actions" not in text_of(staff.get(f"/reviews/{found.pk}/"))  # held before agendas were kept


def test_a_held_review_shows_its_agenda_as_it_was(manager):
    goal = GoalFactory(statement="Nine of ten", status="off_track", value=60.0)
    action = ActionFactory(what="Ask ten customers", due=date(2026, 3, 1))
    AnswerFactory(answered_at=NOW, score=1, comment="Too slow")
    found = ReviewFactory(on=TODAY)
    post(manager, found, hold="1")
    goal.status, goal.value, goal.statement = "on_track", 95.0, "Renamed"
    goal.save()
    action.delete()
    text = text_of(manager.get(f"/reviews/{found.pk}/"))
    for words in (
        "As of 18 Mar 2026, 12:00, when the review was held. Figures that have changed since then do not change it.",
        "1 goal as it stood then; 1 needed attention.",
        "off track",
        "now 60.0 %",
        "Ask ten customers",
        "Too slow",
    ):
        assert words in text
    assert "Renamed" not in text.partition("For the goal")[0]
    assert f"/reviews/actions/{action.pk}/" not in text
    assert "As of" not in text_of(manager.get(f"/reviews/{ReviewFactory(on=TODAY).pk}/"))


def test_what_was_kept_is_shown_by_what_the_reader_may_see(client):
    GoalFactory(statement="Nine of ten")
    draft = GoalFactory(statement="A draft", state="draft")
    found = ReviewFactory(on=TODAY, goals=[draft, Goal.objects.get(statement="Nine of ten")])
    reviews.hold(found.pk, "Decided", seen=reviews.version(found), now=NOW)
    client.force_login(StaffFactory())
    page = client.get(f"/reviews/{found.pk}/").content.decode()
    assert ("Nine of ten" in page, "A draft" in page) == (True, False)
