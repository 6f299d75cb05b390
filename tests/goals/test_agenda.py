from datetime import UTC, date, datetime, timedelta

import pytest

from goals import agenda, variation
from tests.factories import (
    AnswerFactory,
    GoalFactory,
    ManagerFactory,
    ReviewFactory,
    StaffFactory,
    SurveyFactory,
    UserFactory,
)
from tests.goal_factories import ActionFactory, CheckInFactory, RebaseFactory
from tests.measure_factories import BenchmarkFactory
from tests.metrics.figures import organisation

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 18)
NOW = datetime(2026, 3, 18, 12, tzinfo=UTC)
STEADY = [80, 82, 79, 81, 83, 80, 78, 82, 81, 80, 82, 79]


def course(*values, end=date(2026, 3, 16)):
    """Complete weeks up to a Monday."""
    first = end - timedelta(weeks=len(values))
    found = []
    for number, value in enumerate(values):
        start = first + timedelta(weeks=number)
        days = {"start": start.isoformat(), "end": (start + timedelta(weeks=1)).isoformat()}
        found.append(days | {"value": value, "low": None, "high": None, "n": 50})
    return found


def build(*goals, review=None, reader=None):
    found = review or ReviewFactory(on=TODAY)
    found.goals.set(goals)
    return agenda.seen_by(reader or ManagerFactory(), agenda.build(found, today=TODAY, zone="UTC"))


# --- Since when
@pytest.mark.parametrize(
    ("held", "since"),
    [
        ([], date(2026, 2, 18)),
        ([date(2026, 3, 4)], date(2026, 3, 4)),
        ([date(2026, 1, 4), date(2026, 3, 1)], date(2026, 3, 1)),
        ([date(2025, 1, 4)], date(2025, 12, 16)),  # never more than a quarter
        ([date(2026, 4, 1)], date(2026, 2, 18)),  # a later one
    ],
)
def test_it_looks_back_to_the_review_before(held, since):
    for on in held:
        ReviewFactory(on=on, state="held")
    ReviewFactory(on=date(2026, 3, 10), state="cancelled")
    assert agenda.begins(ReviewFactory(on=TODAY), TODAY) == since


# --- Signals
@pytest.mark.parametrize(
    ("last", "direction", "tone"),
    [(95, "higher", "good"), (60, "higher", "bad"), (95, "lower", "bad"), (60, "lower", "good")],
)
def test_a_real_change_is_told_with_its_direction(last, direction, tone):
    goal = GoalFactory(course=course(*STEADY, last), direction=direction)
    (signal,) = build(goal).signals
    assert (signal.goal_id, signal.kpi_name, signal.tone) == (goal.pk, "Customer satisfaction (CSAT)", tone)
    goal.dimension, goal.member = "channel", "chat"
    goal.save()
    assert [one.kpi_name for one in build(goal).signals] == ["Customer satisfaction (CSAT), channel: chat"]
    words = signal.words.replace("\u00a0", " ")
    assert words.startswith(f"week of 9 Mar 2026: {last}.0 % is beyond the normal range. The normal range is ")


def test_a_change_that_lasts_is_told_once():
    (signal,) = build(GoalFactory(course=course(*STEADY, 95, 96, 97))).signals
    assert "97.0" in signal.words


def test_what_chance_alone_would_do_is_not_told():
    assert build(GoalFactory(course=course(*STEADY))).signals == []


def test_what_was_told_in_the_review_before_is_not_told_again():
    goal = GoalFactory(course=course(*STEADY[:9], 60, *STEADY[9:]))
    ReviewFactory(on=date(2026, 3, 4), state="held")
    assert build(goal).signals == []
    assert len(build(goal, review=ReviewFactory(on=date(2026, 3, 1))).signals) == 1


def test_limits_begin_anew_where_a_person_has_said_so():
    values = [*STEADY, 95, 94, 96, 95, 94, 96, 95, 94]
    goal = GoalFactory(course=course(*values))
    before = build(goal).signals
    assert len(before) == 1
    RebaseFactory(goal=goal, since=date.fromisoformat(goal.course[len(STEADY)]["start"]))
    RebaseFactory(goal=GoalFactory(course=course(*STEADY)), since=date(2026, 3, 2))  # another one's
    assert build(goal).signals == []
    goal.course = course(*values, 80)
    goal.save()
    goal.rebases.update(since=date.fromisoformat(goal.course[len(STEADY)]["start"]))
    (signal,) = build(goal).signals
    (row,) = [row for row in variation.variation(goal, list(goal.rebases.all())).rows[-1:] if row.told]
    assert row.told in signal.words  # the same limits as on the goal's page
    assert signal.tone == "bad"


@pytest.mark.parametrize("fields", [{"course": course(80, 20, 80)}, {"kpi": "gone", "course": course(*STEADY, 60)}])
def test_too_few_values_or_a_kpi_that_is_gone_tell_nothing(fields):
    assert build(GoalFactory(**fields)).signals == []


# --- Actions, benchmarks, stale goals
def test_open_actions_the_latest_first_and_only_some_of_many():
    late, later = ActionFactory(due=date(2026, 3, 1)), ActionFactory(due=date(2026, 4, 1))
    ActionFactory(state="done", ended_at=NOW)
    assert [(line.action_id, line.is_overdue) for line in build().actions] == [(late.pk, True), (later.pk, False)]
    for _number in range(20):
        ActionFactory()
    found = build()
    assert (len(found.actions), found.more_actions) == (20, 1)


def test_benchmarks_of_the_goals_kpis_that_are_to_be_looked_up_again():
    goal = GoalFactory(kpi="csat")
    old = BenchmarkFactory(kpi="csat", as_of=date(2025, 1, 1))
    BenchmarkFactory(kpi="csat", as_of=date(2026, 1, 1))
    BenchmarkFactory(kpi="nps", as_of=date(2020, 1, 1))
    assert [(one.source, one.review_on, one.kpi_name) for one in build(goal).benchmarks] == [
        (old.source, old.review_on, "Customer satisfaction (CSAT)")
    ]


def test_goals_on_which_nobody_has_checked_in():
    given = {"status": "on_track", "created_at": datetime(2026, 1, 1, tzinfo=UTC)}
    stale, fresh = GoalFactory(**given), GoalFactory(**given, checked_in_on=TODAY)
    assert [(one.goal_id, one.words[:11]) for one in build(stale, fresh).stale] == [(stale.pk, "no check-in")]


def test_check_ins_that_nobody_has_acknowledged_since_the_review_before():
    read, unread = GoalFactory(), GoalFactory(statement="Nine of ten")
    for days in (1, 2, 60):
        CheckInFactory(goal=unread, at=NOW - timedelta(days=days))
    CheckInFactory(goal=read, at=NOW, acknowledged_at=NOW)
    assert [(one.statement, one.words) for one in build(read, unread).unread] == [("Nine of ten", "2 check-ins")]


# --- Comments
def test_what_customers_wrote_since_then_the_unhappy_ones_apart():
    survey = SurveyFactory(kind="csat")
    given = {"survey": survey, "answered_at": NOW - timedelta(days=3)}
    AnswerFactory(**given, score=1, standing=-1, comment="Too slow")
    AnswerFactory(**given, score=5, standing=1, comment="Great")
    AnswerFactory(**given, score=1, standing=-1, comment="")
    AnswerFactory(**given, score=3, standing=0, comment="So so")
    AnswerFactory(survey=survey, answered_at=NOW - timedelta(days=60), score=1, standing=-1, comment="Long ago")
    found = build()
    assert [one.comment for one in found.complaints] == ["Too slow"]
    assert [(one.comment, one.score, one.customer) for one in found.praise] == [("Great", "5 of 5", "")]


def test_what_employees_wrote_is_never_among_it():
    survey = SurveyFactory(kind="esat")
    AnswerFactory(survey=survey, kind="esat", answered_at=NOW, score=1, standing=-1, comment="My boss shouts")
    found = build()
    assert (found.complaints, found.praise) == ([], [])


# --- Who sees what, and what it costs
def test_what_somebody_may_not_see_is_empty():
    BenchmarkFactory(kpi="csat", as_of=date(2020, 1, 1))
    ActionFactory()
    AnswerFactory(answered_at=NOW, score=1, standing=-1, comment="Too slow")
    found = build(GoalFactory(), reader=UserFactory())
    assert (found.actions, found.benchmarks, found.complaints) == ([], [], [])
    found = build(GoalFactory(), reader=StaffFactory())
    assert [len(part) for part in (found.actions, found.benchmarks, found.complaints)] == [1, 1, 1]


def test_it_costs_the_same_for_one_and_three_of_everything(django_assert_num_queries):
    organisation()
    reader, review = ManagerFactory(), ReviewFactory(on=TODAY)
    reader.get_all_permissions()
    goals = []
    for more in (1, 2):
        for _number in range(more):
            goals.append(GoalFactory(course=course(*STEADY, 60)))
            RebaseFactory(goal=goals[-1], since=date(2025, 1, 6))
            ActionFactory()
            BenchmarkFactory(kpi="csat", as_of=date(2020, 1, 1))
            AnswerFactory(answered_at=NOW, score=1, standing=-1, comment="Too slow")
        review.goals.set(goals)
        with django_assert_num_queries(9):
            found = agenda.seen_by(reader, agenda.build(review, today=TODAY, zone="UTC"))
        assert len(found.signals) == len(goals)
