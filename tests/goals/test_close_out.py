"""What came of a goal, and that exactly one person closes it."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from goals import close_out, close_out_words, status
from goals.aims import Aim
from goals.changes import NotPossibleError
from goals.close_out import Ending, Learned
from goals.models import CheckIn, CloseOut, Goal
from kpiproject.lib import intervals
from tests.factories import GoalFactory, ManagerFactory
from tests.goal_factories import CheckInFactory, CloseOutFactory
from tests.goals import measured
from tests.metrics.figures import organisation

pytestmark = pytest.mark.django_db
TODAY = measured.TODAY
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
OVER = {"start": date(2026, 1, 5), "due": date(2026, 5, 24)}
EARLIER = "To end it earlier, give the reason on its page."
STEADY = [80, 82, 79, 81, 83, 80, 78, 82, 81, 80, 82, 79, 81]


@pytest.fixture(autouse=True)
def _frozen():
    with time_machine.travel(NOW, tick=False):
        yield


def over(status="achieved", **fields):
    """A goal whose last week was judged: 91 % with an interval around it."""
    given = {"value": 92.0, "value_low": 90.5, "value_high": 94.0, "value_n": 400, "reason": status}
    given |= {"value_start": date(2026, 5, 18), "value_end": date(2026, 5, 25), "status": status}
    return GoalFactory(**OVER | given | fields)


def closed(goal, by=None, **ending):
    return close_out.close(goal.pk, Ending(**ending), by=by, now=NOW)


def result_of(goal, *, breached=None):
    return close_out.result(goal, TODAY, is_guardrail_breached=breached)


# --- Certainty: the vectors of a share against its target by Wilson's interval
@pytest.mark.parametrize(
    ("good", "n", "target", "found"),
    [
        (9, 10, 90, "too_close_to_call"),
        (90, 100, 80, "met_clearly"),
        (400, 500, 90, "missed_clearly"),
        (19, 20, 50, "met_clearly"),
    ],
)
def test_a_target_within_the_interval_is_too_close_to_call(good, n, target, found):
    low, high = intervals.wilson(good, n)
    judged = status.final(100 * good / n, Aim(low=target, high=None), low=low, high=high)
    assert close_out.certainty(judged) == found


@given(value=st.floats(-100, 100), target=st.floats(-100, 100), down=st.floats(0, 20), up=st.floats(0, 20))
def test_lower_is_better_is_the_mirror_of_higher_is_better(value, target, down, up):
    one = status.final(value, Aim(low=target, high=None), low=value - down, high=value + up)
    other = status.final(-value, Aim(low=None, high=-target), low=-value - up, high=-value + down)
    assert close_out.certainty(one) == close_out.certainty(other)


@pytest.mark.parametrize(
    ("value", "low", "high", "direction", "outcome", "certainty"),
    [
        (92.0, 90.5, 94.0, "higher", "achieved", "met_clearly"),
        (92.0, 88.0, 95.0, "higher", "achieved", "too_close_to_call"),
        (89.0, 85.0, 92.0, "higher", "missed", "too_close_to_call"),
        (80.0, 76.0, 84.0, "higher", "missed", "missed_clearly"),
        (80.0, 76.0, 84.0, "lower", "achieved", "met_clearly"),
        (92.0, 90.5, 94.0, "lower", "missed", "missed_clearly"),
        (90.0, None, None, "higher", "achieved", "met_clearly"),  # a number is itself
    ],
)
def test_outcome_and_certainty(value, low, high, direction, outcome, certainty):
    found = result_of(over(value=value, value_low=low, value_high=high, direction=direction))
    assert (found.outcome, found.certainty, found.is_early) == (outcome, certainty, False)


@pytest.mark.parametrize(
    ("value", "breached", "outcome"),
    [
        (92.0, None, "achieved"),
        (92.0, False, "achieved"),
        (92.0, True, "hollow"),
        (80.0, True, "missed"),
    ],
)
def test_a_target_that_was_met_at_the_cost_of_its_guardrail_is_a_hollow_win(value, breached, outcome):
    assert result_of(over(value=value), breached=breached).outcome == outcome


def test_a_hollow_win_does_not_count_as_achieved(monkeypatch):
    monkeypatch.setattr(close_out, "guardrail_breached", lambda _goal: True)
    goal = over()
    made = closed(goal)
    goal.refresh_from_db()
    assert (made.outcome, made.is_guardrail_breached, goal.state, goal.status) == ("hollow", True, "closed", "missed")
    change = goal.status_changes.get()
    assert (change.before, change.after, change.value) == ("achieved", "missed", 92.0)
    told = close_out_words.of_goal(goal)
    assert (told.name, told.tone) == ("hollow win", "warn")
    assert told.sentences[1].startswith("A hollow win: the target was met, but its guardrail was breached")


# --- Normal variation
@pytest.mark.parametrize(("value", "is_within"), [(84.0, True), (92.0, False), (70.0, False)])
def test_whether_the_process_gave_such_values_before(value, is_within):
    measured.house()
    measured.weeks("csat", STEADY, before=date(2026, 1, 5))
    goal = over(value=value, value_low=value - 1, value_high=value + 1)
    found = result_of(goal)
    assert (found.is_within_normal, found.normal.n) == (is_within, 13)
    assert (round(found.normal.low, 1), round(found.normal.high, 1)) == (74.6, 86.6)
    made = closed(goal)
    assert (made.is_within_normal, made.normal_n) == (is_within, 13)
    sentence = close_out_words.of_goal(Goal.objects.get()).sentences[-1]
    before = "normal variation: in the 13 weeks before its start the figure lay at 74.6\u00a0% to 86.6\u00a0%"
    assert sentence.startswith(("Inside " if is_within else "Outside ") + before)


@pytest.mark.parametrize("fields", [{}, {"kpi": "no_longer_there"}, {"dimension": "nonsense", "member": "x"}])
def test_where_too_little_is_known_nothing_is_said_of_it(fields):
    measured.house()
    measured.weeks("csat", STEADY[:5], before=date(2026, 1, 5))
    found = result_of(over(**fields))
    assert (found.normal, found.is_within_normal) == (None, None)


# --- Early, and not measured
@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (
            {"status": "on_track", "due": date(2026, 6, 28)},
            f"It is not judged for good before it is due on 28 Jun 2026. {EARLIER}",
        ),
        (
            {"status": "on_track", "reason": "maturing", "outlook": {"settled": "2026-06-08"}},
            f"Its last figures are not final before 8 Jun 2026. {EARLIER}",
        ),
        (
            {"status": "on_track", "reason": "forecast"},
            f"Its time is over, and its last figures are just being judged. {EARLIER}",
        ),
    ],
)
def test_closing_before_the_end_needs_a_reason(fields, words):
    goal = over(**fields)
    with pytest.raises(NotPossibleError) as caught:
        closed(goal)
    assert str(caught.value) == words
    made = closed(goal, reason="The shop is sold.")
    goal.refresh_from_db()
    assert (made.is_early, made.reason, made.outcome, goal.state, goal.status) == (
        True,
        "The shop is sold.",
        "achieved",
        "closed",
        "achieved",
    )


def test_what_is_cancelled_is_not_judged():
    goal = over("on_track", due=date(2026, 6, 28))
    made = closed(goal, is_cancelled=True, reason="No longer wanted.")
    goal.refresh_from_db()
    assert (made.outcome, made.certainty, goal.state, goal.status) == ("cancelled", "", "cancelled", "on_track")
    assert close_out_words.of_goal(goal).sentences == ["It was cancelled, so it is not judged."]


def test_what_is_judged_is_closed_and_not_cancelled_away():
    with pytest.raises(NotPossibleError, match="so it can be closed but not cancelled"):
        closed(over("missed"), is_cancelled=True, reason="Let us forget it.")


def test_a_goal_that_was_cancelled_and_taken_up_again_can_end_again():
    goal = over("on_track", due=date(2026, 6, 28))
    closed(goal, is_cancelled=True, reason="Not now.")
    Goal.objects.update(state="active", status="achieved")
    closed(goal)
    assert CloseOut.objects.get().outcome == "achieved"


@pytest.mark.parametrize("reason", sorted(close_out.UNJUDGEABLE))
def test_a_goal_that_will_never_be_judged_is_closed_as_not_measured(reason):
    goal = over("gathering", reason=reason, value=None, value_low=None, value_high=None, value_n=0)
    made = closed(goal)
    goal.refresh_from_db()
    assert (made.outcome, made.value, made.is_early, made.calibration) == ("unknown", None, False, {})
    assert (goal.state, goal.status) == ("closed", "gathering")
    assert close_out_words.of_goal(goal).sentences == ["There is no figure of the last period to judge it by."]


def test_an_old_value_does_not_judge_a_goal_whose_end_was_not_measured():
    assert result_of(over("gathering", reason="overdue")).outcome == "unknown"


# --- Who saw it coming
def views(*pairs):
    return [CheckIn(confidence=person, status=machine) for person, machine in pairs]


@pytest.mark.parametrize(
    ("is_met", "person", "machine"),
    [
        (True, {"right": 2, "wrong": 1, "undecided": 1}, {"right": 1, "wrong": 1, "undecided": 2}),
        (False, {"right": 1, "wrong": 2, "undecided": 1}, {"right": 1, "wrong": 1, "undecided": 2}),
    ],
)
def test_person_and_machine_are_counted_against_the_end(is_met, person, machine):
    said = views(
        ("on_track", "on_track"), ("on_track", "off_track"), ("off_track", "gathering"), ("at_risk", "at_risk")
    )
    assert close_out.calibration(said, is_met=is_met) == {"person": person, "machine": machine}


@given(
    st.lists(st.tuples(st.sampled_from(CheckIn.Confidence.values), st.sampled_from(Goal.Status.values)), max_size=30),
    st.booleans(),
)
def test_every_check_in_counts_once_for_each_of_the_two(pairs, is_met):
    found = close_out.calibration(views(*pairs), is_met=is_met)
    assert [sum(counts.values()) for counts in found.values()] == [len(pairs)] * 2


def test_it_is_told_in_words():
    goal = over()
    for confidence, judged in (("on_track", "at_risk"), ("on_track", "on_track"), ("off_track", "off_track")):
        CheckInFactory(goal=goal, confidence=confidence, status=judged)
    closed(goal)
    goal.refresh_from_db()
    assert close_out_words.of_goal(goal).calibration == [
        "The person: of 3 check-ins right in 2, wrong in 1, undecided in 0.",
        "Plumbline: of 3 check-ins right in 1, wrong in 1, undecided in 1.",
    ]


# --- Who closes it
def test_everything_is_stored_with_the_person_and_their_words():
    by, goal = ManagerFactory(), over()
    made = closed(goal, by, learned=Learned(worked="The shift.", did_not_work="Mails.", next_time="More shifts."))
    made.refresh_from_db()
    assert (made.by, made.at, made.goal, made.outcome, made.certainty) == (by, NOW, goal, "achieved", "met_clearly")
    assert (made.target, made.value, made.value_low, made.value_high, made.value_n) == (90.0, 92.0, 90.5, 94.0, 400)
    assert (made.worked, made.did_not_work, made.next_time) == ("The shift.", "Mails.", "More shifts.")
    assert close_out_words.of_goal(Goal.objects.get()).sentences == [
        "Met clearly: 92.0\u00a0% in the week of 18 May 2026, and the target was 90.0\u00a0%."
    ]


@pytest.mark.parametrize("state", ["draft", "closed", "cancelled"])
def test_only_active_goals_are_closed(state):
    with pytest.raises(NotPossibleError, match=r"^Only active goals can be closed; this one is “\w+”\.$"):
        closed(over(state=state))


def test_who_comes_second_is_told_by_whom_it_was_closed():
    goal = over()
    closed(goal, ManagerFactory(name="Mara"))
    with pytest.raises(NotPossibleError, match=r"^Mara has closed this goal already, on 1 Jun 2026, 09:00\.$"):
        closed(goal, ManagerFactory())


@pytest.mark.django_db(transaction=True)
def test_of_two_who_close_at_once_exactly_one_wins(at_once):
    organisation()
    goal, people = over(), [ManagerFactory(name="Mara"), ManagerFactory(name="Ines")]

    def close(person):
        try:
            return closed(goal, person).by.name
        except NotPossibleError as error:
            return str(error).split(" has closed")[0]

    found = at_once(*(lambda person=person: close(person) for person in people))
    assert len(set(found)) == 1  # one has closed it, and the other was told who
    assert at_once(CloseOut.objects.count) == [1]


def test_a_goal_judged_meanwhile_is_closed_by_what_is_known_now():
    goal = over("achieved")
    Goal.objects.update(status="missed", reason="missed", value=80.0, value_low=78.0, value_high=82.0)
    assert closed(goal).outcome == "missed"


# --- Words that follow
def test_words_may_follow_and_are_not_lost_to_somebody_elses():
    made = CloseOutFactory()
    seen = close_out.version(made)
    close_out.write_retrospective(made.goal_id, Learned(worked="Hers"), seen=seen)
    with pytest.raises(NotPossibleError, match="Somebody else has written meanwhile"):
        close_out.write_retrospective(made.goal_id, Learned(worked="His"), seen=seen)
    made.refresh_from_db()
    assert made.worked == "Hers"


@pytest.mark.parametrize("state", ["active", "draft"])
def test_a_goal_that_runs_again_shows_no_end(state):
    goal = CloseOutFactory(goal=over(state=state)).goal
    assert close_out_words.of_goal(goal) is None


def test_a_goal_closed_without_a_record_has_nothing_to_tell():
    assert close_out_words.of_goal(over(state="closed")) is None


@given(day=st.dates(date(2026, 1, 1), date(2027, 12, 31)), judged=st.sampled_from(Goal.Status.values))
def test_a_goal_is_early_exactly_until_it_is_judged_or_never_will_be(day, judged):
    goal = Goal(start=OVER["start"], due=OVER["due"], status=judged, reason="overdue")
    assert close_out.is_final(goal, day) == (judged in ("achieved", "missed") or day > goal.due)
    goal.reason = "maturing"
    assert close_out.is_final(goal, day + timedelta(days=1)) == (judged in ("achieved", "missed"))
