from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from time import sleep

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from goals import reviews, series
from goals.models import Review
from goals.reviews import NotPlannedError
from tests.factories import GoalFactory, ManagerFactory, ReviewFactory, StaffFactory
from tests.metrics.figures import organisation

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 19, 12, tzinfo=UTC)
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
REPEATED = ["weekly", "two_weekly", "monthly", "quarterly"]


@pytest.mark.parametrize(
    ("on", "cadence", "today", "found"),
    [
        ("2026-03-19", "once", "2026-03-19", None),
        ("2026-03-19", "weekly", "2026-03-19", "2026-03-26"),
        ("2026-03-19", "two_weekly", "2026-03-19", "2026-04-02"),
        ("2026-03-19", "monthly", "2026-03-19", "2026-04-16"),  # the third Thursday
        ("2026-03-19", "quarterly", "2026-03-19", "2026-06-18"),
        ("2026-11-19", "quarterly", "2026-11-19", "2027-02-18"),
        ("2026-12-17", "monthly", "2026-12-17", "2027-01-21"),
        ("2026-01-29", "monthly", "2026-01-29", "2026-02-26"),  # there is no fifth Thursday in February
        # held late: the rhythm stays, what is over is left out
        ("2026-03-05", "weekly", "2026-03-19", "2026-03-26"),
        ("2026-01-15", "monthly", "2026-03-25", "2026-04-16"),
        # held early: not twice in the same week
        ("2026-03-26", "weekly", "2026-03-19", "2026-04-02"),
    ],
)
def test_the_next_day_of_a_rhythm(on, cadence, today, found):
    day = series.next_day(date.fromisoformat(on), cadence, date.fromisoformat(today))
    assert day == (found and date.fromisoformat(found))


@given(on=DAYS, late=st.integers(-400, 400), cadence=st.sampled_from(REPEATED))
def test_the_next_one_is_to_come_and_on_the_same_weekday(on, late, cadence):
    today = on + timedelta(days=late)
    day = series.next_day(on, cadence, today)
    assert day > today
    assert day > on
    assert day.weekday() == on.weekday()


@given(on=DAYS)
def test_no_month_and_no_quarter_is_left_out(on):
    month, quarter = series.next_day(on, "monthly", on), series.next_day(on, "quarterly", on)
    assert (month.year * 12 + month.month) - (on.year * 12 + on.month) == 1
    assert (quarter.year * 12 + quarter.month) - (on.year * 12 + on.month) == 3
    assert (month.day - 1) // 7 in {(on.day - 1) // 7, 3}
    assert month.day <= monthrange(month.year, month.month)[1]


def dates(review, count):
    """Of the series, each held on its day."""
    found = [review.on]
    for _number in range(count):
        with time_machine.travel(datetime.combine(review.on, time(12), UTC), tick=False):
            reviews.hold(review.pk, "Said", seen=reviews.version(review), now=timezone.now())
        review = Review.objects.get(after=review)
        found.append(review.on)
    return [day.isoformat() for day in found]


def test_a_fifth_weekday_stays_the_last_one():
    review = ReviewFactory(on=date(2026, 1, 29), cadence="monthly")  # the fifth Thursday
    assert dates(review, 6) == [
        "2026-01-29", "2026-02-26", "2026-03-26", "2026-04-30", "2026-05-28", "2026-06-25", "2026-07-30",
    ]  # fmt: skip


def test_a_fourth_weekday_stays_the_fourth():
    review = ReviewFactory(on=date(2026, 2, 26), cadence="monthly")  # also the last one of its month
    assert dates(review, 3) == ["2026-02-26", "2026-03-26", "2026-04-23", "2026-05-28"]


def test_another_rhythm_begins_where_somebody_has_chosen_it():
    first = ReviewFactory(on=date(2026, 1, 29), cadence="weekly", state="held")
    moved = ReviewFactory(on=date(2026, 2, 26), cadence="monthly", after=first)
    assert dates(moved, 2) == ["2026-02-26", "2026-03-26", "2026-04-23"]


def held(review, text="Decided"):
    return reviews.hold(review.pk, text, seen=reviews.version(review), now=NOW)


def test_holding_one_plans_the_next_with_the_same_people_and_goals():
    jon, left, goal = StaffFactory(), StaffFactory(is_active=False), GoalFactory()
    over = GoalFactory(state="closed")
    review = ReviewFactory(
        title="Monthly",
        cadence="monthly",
        remind_days=5,
        agenda="1. Chat",
        participants=[jon, left],
        goals=[goal, over],
    )
    held(review)
    following = Review.objects.get(after=review)
    assert (following.title, following.cadence, following.remind_days, following.agenda) == (
        "Monthly",
        "monthly",
        5,
        "1. Chat",
    )
    assert (following.on, following.state, following.owner) == (date(2026, 4, 16), "planned", review.owner)
    assert (list(following.participants.all()), list(following.goals.all())) == ([jon], [goal])
    assert (following.minutes, following.held_at) == ("", None)


def test_one_that_is_not_repeated_plans_nothing():
    held(ReviewFactory())
    assert Review.objects.count() == 1


def test_cancelling_plans_the_next_too():
    review = ReviewFactory(cadence="weekly")
    following = reviews.cancel(review.pk, now=NOW)
    assert (following.on, following.after) == (date(2026, 3, 26), review)
    with pytest.raises(NotPlannedError, match="Only a planned review can be cancelled; this one is cancelled"):
        reviews.cancel(review.pk, now=NOW)
    assert Review.objects.count() == 2


def test_it_is_never_planned_twice():
    review = ReviewFactory(cadence="weekly")
    held(review)
    review.refresh_from_db()
    held(review, "Written anew")
    assert reviews.plan_next(review, NOW) is None
    Review.objects.filter(pk=review.pk).update(state="planned")  # somebody has taken it back
    review.refresh_from_db()
    held(review, "Held after all")
    assert Review.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_who_hold_it_at_the_same_moment_plan_one(at_once):
    organisation()
    review = ReviewFactory(cadence="weekly")

    def hold():
        try:
            reviews.hold(review.pk, "", seen=reviews.version(review), now=NOW)
        except reviews.ChangedMeanwhileError:
            return "told"
        return "held"

    assert sorted(at_once(hold, hold, hold)) == ["held", "told", "told"]
    assert at_once(Review.objects.count) == [2]


@pytest.mark.django_db(transaction=True)
def test_one_that_another_leads_meanwhile_plans_the_next_all_the_same(at_once):
    """PostgreSQL looks at the row anew after waiting, but not at the row of the leader that was joined to it."""
    organisation()
    review, other = ReviewFactory(cadence="weekly", state="held"), ManagerFactory()

    def change_slowly():
        with transaction.atomic():
            Review.objects.filter(pk=review.pk).update(owner=other)
            sleep(0.8)

    def plan_meanwhile():
        sleep(0.3)
        return reviews.plan_next(review, NOW).owner_id

    assert at_once(change_slowly, plan_meanwhile)[1] == other.pk


def test_a_review_whose_leader_left_is_led_by_a_manager_who_was_invited():
    gone, invited = ManagerFactory(is_active=False), ManagerFactory()
    ManagerFactory()
    review = ReviewFactory(cadence="weekly", owner=gone, participants=[StaffFactory(), invited])
    assert reviews.cancel(review.pk, now=NOW).owner == invited


def test_or_by_any_manager_and_else_by_nobody_new():
    gone = ManagerFactory(is_active=False)
    review = ReviewFactory(cadence="weekly", owner=gone, participants=[StaffFactory()])
    nobody = reviews.cancel(review.pk, now=NOW)
    assert nobody.owner == gone
    manager = ManagerFactory()
    assert reviews.cancel(nobody.pk, now=NOW + timedelta(days=1)).owner == manager


# --- When clocks change, and at the end of a year
@pytest.mark.parametrize(
    ("zone", "on", "cadence", "held_at", "following"),
    [
        # It is the next day, or still the day before, where the organisation is.
        ("Pacific/Auckland", "2026-12-31", "weekly", "2026-12-31T12:00Z", "2027-01-07"),
        ("America/Los_Angeles", "2026-12-31", "weekly", "2027-01-01T05:00Z", "2027-01-07"),
        ("Pacific/Auckland", "2026-12-24", "weekly", "2026-12-30T12:00Z", "2027-01-07"),  # the 31st there
        ("America/Los_Angeles", "2026-12-24", "weekly", "2026-12-31T05:00Z", "2026-12-31"),  # the 30th there
        # The night on which the clocks go forward or back
        ("Europe/Berlin", "2026-03-22", "weekly", "2026-03-28T22:59Z", "2026-03-29"),
        ("Europe/Berlin", "2026-03-22", "weekly", "2026-03-28T23:00Z", "2026-04-05"),  # the 29th there
        ("Europe/Berlin", "2026-10-18", "weekly", "2026-10-24T21:59Z", "2026-10-25"),
        ("Europe/Berlin", "2026-10-18", "weekly", "2026-10-24T22:00Z", "2026-11-01"),
        ("America/Santiago", "2026-08-30", "weekly", "2026-09-06T03:59Z", "2026-09-06"),
        ("America/Santiago", "2026-08-30", "weekly", "2026-09-06T04:00Z", "2026-09-13"),
        # Months and quarters over a new year
        ("Europe/Berlin", "2026-12-31", "monthly", "2026-12-31T12:00Z", "2027-01-28"),
        ("Europe/Berlin", "2026-12-15", "quarterly", "2026-12-15T12:00Z", "2027-03-16"),
        ("Europe/Berlin", "2027-12-31", "two_weekly", "2027-12-31T12:00Z", "2028-01-14"),
    ],
)
def test_the_next_one_follows_the_day_where_the_organisation_is(zone, on, cadence, held_at, following):
    organisation(time_zone=zone)
    review = ReviewFactory(on=date.fromisoformat(on), cadence=cadence)
    reviews.hold(review.pk, "", seen=reviews.version(review), now=datetime.fromisoformat(held_at))
    assert Review.objects.get(after=review).on == date.fromisoformat(following)


@pytest.mark.parametrize("cadence", ["weekly", "two_weekly", "monthly", "quarterly"])
def test_a_series_of_years_keeps_its_weekday_and_leaves_nothing_out(cadence):
    """Of three years; of those that are held more often, of as many times as there are weeks in a year and some."""
    review = ReviewFactory(on=date(2026, 10, 15), cadence=cadence)
    days = [review.on]
    while days[-1] < date(2029, 10, 15) and len(days) < 56:
        found = Review.objects.get(on=days[-1])
        reviews.hold(found.pk, "", seen=reviews.version(found), now=datetime.combine(found.on, time(12), UTC))
        days.append(Review.objects.get(after=found).on)
    assert {day.weekday() for day in days} == {3}
    gaps = {(after - before).days for before, after in pairwise(days)}
    assert gaps <= {"weekly": {7}, "two_weekly": {14}, "monthly": {28, 35}, "quarterly": {84, 91, 98}}[cadence]
