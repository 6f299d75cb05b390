from datetime import UTC, date, datetime, timedelta

import pytest

from goals import calendar_feeds
from goals.models import CalendarFeed
from tests.factories import GoalFactory, ManagerFactory, ReviewFactory, StaffFactory, UserFactory
from tests.goal_factories import ActionFactory, CalendarFeedFactory, goal_of
from tests.metrics.figures import organisation

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 18, 11, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _address(settings):
    settings.BASE_URL = "https://plumbline.example.org"


@pytest.fixture
def jon(db):
    return StaffFactory(name="Jon")


def lines(person, now=NOW):
    return calendar_feeds.write(person, now).decode().replace("\r\n ", "").split("\r\n")


def values(person, name):
    return [line.split(":", 1)[1] for line in lines(person) if line.startswith((f"{name}:", f"{name};"))]


def test_reviews_led_or_attended_goals_owned_and_actions_of_ones_own(jon):
    organisation(name="Sports, Ltd", time_zone="Europe/Berlin")
    led = ReviewFactory(title="Led", owner=jon, on=date(2026, 3, 19), agenda="1. Chat")
    both = ReviewFactory(title="Both", owner=jon, participants=[jon], on=date(2026, 3, 26))
    attended = ReviewFactory(title="Attended", participants=[jon, StaffFactory()], on=date(2026, 4, 2))
    ReviewFactory(title="Others'")
    goal = GoalFactory(statement="Nine of ten", owner=jon, due=date(2026, 6, 30))
    GoalFactory()
    GoalFactory(owner=jon, state="draft")
    action = ActionFactory(what="Ask ten", owner=jon, due=date(2026, 3, 20), review=led)
    ActionFactory(owner=jon, state="done", ended_at=NOW)
    ActionFactory()
    assert values(jon, "SUMMARY") == ["Led", "Both", "Attended", "Goal due: Nine of ten", "Action due: Ask ten"]
    assert values(jon, "DTSTART") == ["20260319", "20260326", "20260402", "20260630", "20260320"]
    host = "plumbline.example.org"
    assert values(jon, "UID") == [
        *(f"review-{one.pk}@{host}" for one in (led, both, attended)),
        f"goal-{goal.pk}@{host}",
        f"action-{action.pk}@{host}",
    ]
    assert values(jon, "URL")[0] == f"https://{host}/reviews/{led.pk}/"
    assert values(jon, "X-WR-CALNAME") == ["Sports\\, Ltd: reviews and goals"]
    assert values(jon, "X-WR-TIMEZONE") == ["Europe/Berlin"]
    assert values(jon, "DESCRIPTION") == [
        "Led by Jon\\n\\n1. Chat",
        "Led by Jon",
        f"Led by {attended.owner}",
        "The target is 90.0\u00a0%.",
        "From: Led",
    ]


def test_what_is_moved_keeps_its_uid_and_what_is_cancelled_says_so(jon):
    review = ReviewFactory(owner=jon, on=date(2026, 3, 19))
    goal = GoalFactory(owner=jon, state="cancelled")
    before = values(jon, "UID")
    review.on, review.state = date(2026, 4, 1), "cancelled"
    review.save()
    assert values(jon, "UID") == before
    assert values(jon, "DTSTART") == ["20260401", f"{goal.due:%Y%m%d}"]
    assert values(jon, "STATUS") == ["CANCELLED", "CANCELLED"]


def test_what_is_more_than_a_year_ago_is_left_out(jon):
    ReviewFactory(title="Old", owner=jon, on=NOW.date() - timedelta(days=367), state="held")
    ReviewFactory(title="Held", owner=jon, on=NOW.date() - timedelta(days=366), state="held")
    assert values(jon, "SUMMARY") == ["Held"]


def test_it_shows_no_more_than_the_person_may_see():
    nobody = UserFactory()
    ReviewFactory(owner=nobody), GoalFactory(owner=nobody), ActionFactory(owner=nobody)
    assert values(nobody, "SUMMARY") == []


def test_an_address_is_found_by_its_whole_token_and_of_active_people_only(jon):
    feed = CalendarFeedFactory(person=jon)
    assert calendar_feeds.find(feed.token) == jon
    for nonsense in ("", "x", feed.token[:-1], feed.token.swapcase() + "x", "a" * 22):
        assert calendar_feeds.find(nonsense) is None
    jon.is_active = False
    jon.save()
    assert calendar_feeds.find(feed.token) is None


def test_a_new_address_replaces_the_old_one(jon):
    assert calendar_feeds.url(jon) == ""
    first = calendar_feeds.renew(jon)
    second = calendar_feeds.renew(jon)
    assert (calendar_feeds.url(jon), first != second, CalendarFeed.objects.count()) == (second, True, 1)
    assert second.startswith("https://plumbline.example.org/reviews/calendar/")
    assert calendar_feeds.find(first.rpartition("/")[2].removesuffix(".ics")) is None
    assert calendar_feeds.find(second.rpartition("/")[2].removesuffix(".ics")) == jon


def test_a_calendar_costs_the_same_for_one_and_for_three_of_everything(django_assert_num_queries):
    organisation()
    mara = ManagerFactory()
    mara.get_all_permissions()
    for more in (1, 2):
        for _number in range(more):
            ReviewFactory(participants=[mara]), GoalFactory(owner=mara)
            ActionFactory(owner=mara, review=ReviewFactory())
        with django_assert_num_queries(5):
            calendar_feeds.write(mara, NOW)


def test_open_milestones_of_ones_own_goals(jon):
    goal = goal_of(
        ("Written", date(2026, 3, 2), date(2026, 3, 1)),
        ("Read", date(2026, 4, 6), None),
        ("Some day", None, None),
        statement="The manual",
        owner=jon,
    )
    goal_of(("Others'", date(2026, 4, 6), None))
    goal_of(("Not yet", date(2026, 4, 6), None), owner=jon, state="draft")
    assert values(jon, "SUMMARY") == ["Goal due: The manual", "Milestone due: Read"]
    assert values(jon, "DTSTART") == ["20260630", "20260406"]
    assert values(jon, "DESCRIPTION") == ["The target is all 3 milestones.", "Of the goal: The manual"]
    assert values(jon, "URL")[1] == f"https://plumbline.example.org/goals/{goal.pk}/#milestones"
