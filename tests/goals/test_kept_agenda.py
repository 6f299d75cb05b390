"""The agenda of a review that was held stays what it was, whatever happens to the figures afterwards."""

import json
from datetime import UTC, date, datetime

import pytest

from goals import agenda, kept_agenda, reviews
from goals.models import Goal, Review
from tests.factories import (
    AnswerFactory,
    GoalFactory,
    ManagerFactory,
    ReviewFactory,
    StaffFactory,
    SurveyFactory,
    UserFactory,
)
from tests.goal_factories import ActionFactory, CheckInFactory
from tests.goals.test_agenda import NOW, STEADY, TODAY, course
from tests.measure_factories import BenchmarkFactory
from tests.metrics.figures import organisation

pytestmark = pytest.mark.django_db
LATER = datetime(2026, 6, 1, 9, tzinfo=UTC)


@pytest.fixture
def full(db):
    """A planned review with something in every part of its agenda."""
    organisation(time_zone="Europe/Berlin")
    goal = GoalFactory(
        statement="Nine of ten",
        course=course(*STEADY, 60),
        status="off_track",
        value=60.0,
        progress=0.25,
        guardrail="nps",
        guardrail_limit=20.0,
        guardrail_value=5.0,
        guardrail_breached=True,
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    GoalFactory(statement="Draft", state="draft")
    CheckInFactory(goal=goal, at=NOW)
    ActionFactory(what="Ask ten", due=date(2026, 3, 1))
    BenchmarkFactory(kpi="csat", as_of=date(2020, 1, 1))
    for score, standing, words in ((1, -1, "Too slow"), (5, 1, "Great")):
        AnswerFactory(survey=SurveyFactory(kind="csat"), answered_at=NOW, score=score, standing=standing, comment=words)
    return ReviewFactory(on=TODAY, goals=[goal, *Goal.objects.filter(state="draft")])


def hold(review, now=NOW):
    reviews.hold(review.pk, "Decided", seen=reviews.version(review), now=now)
    review.refresh_from_db()
    return kept_agenda.read(review.kept_agenda)


def words(found):
    """Everything that is read in it, but the instant at which it was kept."""
    return {
        **{name: getattr(found, name) for name in (*kept_agenda._ROWS, "since", "more_actions", "attention")},
        "said": [(one.comment, one.score) for one in (*found.complaints, *found.praise)],
    }


def test_what_is_kept_is_what_stood_there_live(full):
    live = agenda.build(full, today=TODAY, zone="Europe/Berlin")
    kept = hold(full)
    assert words(kept) == words(live)
    assert all(words(live).values()) is False  # nothing was left of the actions
    assert [name for name, part in words(live).items() if not part] == ["more_actions"]
    assert (live.as_of, kept.as_of) == (None, NOW)


def test_it_is_plain_data(full):
    hold(full)
    assert json.loads(json.dumps(full.kept_agenda)) == full.kept_agenda


def test_figures_that_change_later_do_not_change_it(full):
    before = words(hold(full))
    Goal.objects.update(status="on_track", value=95.0, statement="Another one", guardrail_breached=False, course=[])
    goal = full.goals.exclude(state="draft").get()
    goal.check_ins.create(by=ManagerFactory(), confidence="on_track", what_changed="x", next_step="y", target=1.0)
    ActionFactory(what="Later", due=date(2026, 3, 2))
    BenchmarkFactory(kpi="csat", as_of=date(2019, 1, 1))
    AnswerFactory(answered_at=NOW, score=1, standing=-1, comment="Worse")
    full.refresh_from_db()
    assert words(kept_agenda.read(full.kept_agenda)) == before


def test_words_of_customers_are_not_copied_so_that_erased_ones_are_gone(full):
    kept = hold(full)
    assert "Too slow" not in json.dumps(full.kept_agenda)
    kept.complaints[0].answer.delete()
    type(kept.praise[0].answer).objects.update(comment="")
    found = kept_agenda.read(full.kept_agenda)
    assert (found.complaints, found.praise) == ([], [])


def test_what_was_deleted_is_still_named_but_leads_nowhere(full):
    kept = hold(full)
    assert {one.has_page for one in (*kept.topics, *kept.signals, *kept.actions)} == {True}
    Goal.objects.filter(state="active").delete()
    full.refresh_from_db()
    found = kept_agenda.read(full.kept_agenda)
    assert [(one.statement, one.has_page) for one in found.topics] == [("Nine of ten", False), ("Draft", True)]
    assert [one.has_page for one in found.signals] == [False]


def test_everybody_sees_of_it_what_they_may_see(full):
    kept = hold(full)
    nobody = agenda.seen_by(UserFactory(), kept)
    assert (nobody.actions, nobody.benchmarks, nobody.complaints, nobody.praise) == ([], [], [], [])
    staff = agenda.seen_by(StaffFactory(), kept)
    assert [one.statement for one in staff.topics] == ["Nine of ten"]
    assert len(agenda.seen_by(ManagerFactory(), kept).topics) == 2


def test_it_is_kept_once_and_anew_after_it_was_planned_again(full):
    first = hold(full)
    reviews.keep_agenda(full, LATER)
    full.refresh_from_db()
    assert kept_agenda.read(full.kept_agenda).as_of == first.as_of
    Review.objects.update(state="planned")
    reviews.keep_agenda(full, LATER)
    full.refresh_from_db()
    assert full.kept_agenda is None
    assert hold(full, LATER).as_of == LATER


def test_a_row_of_a_later_version_is_read_all_the_same(full):
    hold(full)
    full.kept_agenda["topics"][0]["new"] = 1
    del full.kept_agenda["stale"]
    found = kept_agenda.read(full.kept_agenda)
    assert (found.topics[0].statement, found.stale) == ("Nine of ten", [])


def test_reading_it_costs_the_same_however_much_there_is(full, django_assert_num_queries):
    hold(full)
    with django_assert_num_queries(3):
        kept_agenda.read(full.kept_agenda)
