"""Whatever happens in whatever order: no alarm is lost, none is told twice, and an error ends none."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from goals.alarms import lifecycle
from goals.alarms.lifecycle import Memory, Notice, Policy, Verdict, announce, observe

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ONCE = Policy(clears=1)
BREACH, BETWEEN, CLEAR, ERROR, SILENCE = (
    Verdict.BREACH, Verdict.BETWEEN, Verdict.CLEAR, Verdict.ERROR, Verdict.INCONCLUSIVE,
)  # fmt: skip
_LETTERS = {"B": BREACH, "-": BETWEEN, "c": CLEAR, "E": ERROR, "?": SILENCE}


class Act(NamedTuple):
    """A check, an acknowledgement or a snooze, after some minutes; held or not."""

    what: str
    minutes: int
    is_held: bool


ACT = st.builds(Act, st.sampled_from("BBBccc-E?AASWR"), st.integers(0, 3000), st.booleans())
ACTS = st.lists(ACT, max_size=6) | st.lists(ACT, min_size=12, max_size=30)  # short ones to read, long ones to find
POLICIES = st.builds(
    lambda of, breaches, clears, cooldown, settle, renotify: Policy(
        breaches=min(breaches, of),
        of=of,
        clears=clears,
        cooldown=timedelta(minutes=cooldown),
        settle=timedelta(minutes=settle),
        renotify=timedelta(minutes=renotify) if renotify else None,
    ),
    st.integers(1, 4),
    st.integers(1, 4),
    st.integers(1, 3),
    st.integers(0, 3000),
    st.integers(0, 60),
    st.sampled_from([0, 0, 600]),
)


class Heard(NamedTuple):
    """A notice: when, in which state, about the how manyeth alarm, and what was known before."""

    at: datetime
    notice: Notice
    memory: Memory
    number: int
    before: Memory
    is_held: bool


class Story(NamedTuple):
    """Memories and notices after every act, with the instant."""

    memories: list[Memory]
    heard: list[Heard]
    now: datetime

    def said(self, *kinds: Notice) -> list[Heard]:
        return [one for one in self.heard if one.notice in kinds]


def play(acts: list[Act], policy: Policy, *, may_hold: bool = True) -> Story:
    memory, now, number = Memory(), NOON, 0
    memories, heard = [memory], []
    for place, act in enumerate(acts):
        now += timedelta(minutes=act.minutes)
        moved = done(memory, act, policy, key=str(place), now=now)
        number += moved.is_firing and not memory.is_firing
        is_held = act.is_held and may_hold
        memory, notices = announce(moved, policy, now=now, is_held=is_held)
        heard += [Heard(now, notice, memory, number, moved, is_held) for notice in notices]
        memories.append(memory)
    return Story(memories, heard, now)


def done(memory: Memory, act: Act, policy: Policy, *, key: str, now: datetime) -> Memory:
    if act.what == "A":
        return lifecycle.acknowledge(memory, now + timedelta(hours=8))
    if act.what in "SW":
        return lifecycle.snooze(memory, now + timedelta(hours=8) if act.what == "S" else None)
    if act.what == "R":
        return lifecycle.reset(memory)
    return observe(memory, _LETTERS[act.what], key=key, policy=policy, now=now)


class Plain:
    """The rules as they are written down, kept as plainly as can be: what must be firing, and what must be broken."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.since: list[str] = []
        self.failures = 0
        self.is_broken = self.is_firing = False

    def see(self, what: str) -> None:
        if what == "R":
            self.failures, self.is_broken = 0, False
        elif what == "E" and not self.is_broken:
            self.failures += 1
            self.is_broken = self.failures == self.policy.most_failures
        elif what in "Bc-" and not self.is_broken:
            self.failures = 0
            self.since.append(what)
            self._judge()

    def _judge(self) -> None:
        if self.is_firing:
            if self.since[-self.policy.clears :] == ["c"] * self.policy.clears:
                # A good period ends it; of the alarm before, no breach counts for the next one.
                self.is_firing, self.since = False, ["c"]
        elif self.since[-1] == "B" and self.since[-self.policy.of :].count("B") >= self.policy.breaches:
            self.is_firing = True


@given(ACTS, POLICIES)
def test_what_fires_is_what_the_rules_say(acts: list[Act], policy: Policy) -> None:
    """No alarm that should be there is missing, none is there that should not be, whatever people do meanwhile."""
    plain = Plain(policy)
    for act, memory in zip(acts, play(acts, policy).memories[1:], strict=True):
        plain.see(act.what)
        assert (memory.is_firing, memory.is_broken, memory.failures) == (
            plain.is_firing, plain.is_broken, plain.failures,
        )  # fmt: skip


@given(ACTS, POLICIES)
def test_no_alarm_that_lasts_is_lost(acts: list[Act], policy: Policy) -> None:
    """Whatever happened before: once nothing holds it any more, what fires has been told."""
    story = play(acts, policy)
    memory, _notices = announce(story.memories[-1], policy, now=story.now + timedelta(days=30))
    assert memory.is_firing == (memory.announced_at is not None)
    assert memory.believed == memory.is_firing


@given(ACTS, POLICIES)
def test_an_alarm_that_nothing_holds_is_told_at_once(acts: list[Act], policy: Policy) -> None:
    story = play(acts, replace(policy, cooldown=timedelta(0)))
    for act, memory in zip(acts, story.memories[1:], strict=True):
        if memory.is_firing and not act.is_held and memory.snoozed_until is None:
            assert memory.announced_at is not None


@given(ACTS, POLICIES)
def test_a_new_alarm_was_told_to_nobody_and_acknowledged_by_nobody(acts: list[Act], policy: Policy) -> None:
    for before, after in itertools.pairwise(play(acts, policy, may_hold=False).memories):
        if not after.is_firing:
            assert (after.announced_at, after.acknowledged_until) == (None, None)
        elif not before.is_firing:
            assert after.acknowledged_until is None


@given(ACTS, POLICIES)
def test_no_alarm_is_told_twice(acts: list[Act], policy: Policy) -> None:
    fires = play(acts, policy).said(Notice.FIRE)
    assert len({one.number for one in fires}) == len(fires)
    assert all(later.at - sooner.at >= policy.cooldown for sooner, later in itertools.pairwise(fires))


@given(ACTS, POLICIES)
def test_nobody_is_told_what_is_not_so(acts: list[Act], policy: Policy) -> None:
    """It fires when people hear that it does, was told of before they are reminded, and is over when they hear so."""
    story = play(acts, policy)
    assert all(one.memory.is_firing for one in story.said(Notice.FIRE, Notice.REMIND))
    assert all(not one.memory.is_firing for one in story.said(Notice.RECOVER))
    told = {one.number for one in story.said(Notice.FIRE)}
    assert {one.number for one in story.said(Notice.REMIND)} <= told


@given(ACTS, POLICIES)
def test_what_is_held_is_not_said(acts: list[Act], policy: Policy) -> None:
    """Quiet hours and snoozes hold everything about an alarm; an acknowledgement holds reminders, and nothing else."""
    story = play(acts, policy)
    for one in story.said(Notice.FIRE, Notice.REMIND, Notice.RECOVER):
        assert not one.is_held
        assert not lifecycle.is_snoozed(one.before, one.at)
    assert not any(lifecycle.is_acknowledged(one.before, one.at) for one in story.said(Notice.REMIND))


@given(ACTS, POLICIES)
def test_reminders_come_when_they_are_asked_for(acts: list[Act], policy: Policy) -> None:
    """After the time that the rule says, or because an acknowledgement or a snooze is over."""
    for one in play(acts, policy).said(Notice.REMIND):
        is_over = one.before.acknowledged_until is not None or one.before.snoozed_until is not None
        last = one.before.notified_at
        assert last is not None
        assert is_over or (policy.renotify is not None and one.at - last >= policy.renotify)


@given(ACTS, POLICIES)
def test_the_end_is_told_only_after_the_alarm_and_only_once(acts: list[Act], policy: Policy) -> None:
    said = [one.notice for one in play(acts, policy).said(Notice.FIRE, Notice.RECOVER)]
    assert all(one is Notice.FIRE for one in said[:1])
    assert all(before is Notice.FIRE for before, after in itertools.pairwise(said) if after is Notice.RECOVER)


@given(ACTS, POLICIES)
def test_whoever_heard_of_an_alarm_hears_of_its_end(acts: list[Act], policy: Policy) -> None:
    story = play(acts, policy)
    last = story.said(Notice.FIRE, Notice.RECOVER)[-1:]
    _memory, notices = announce(story.memories[-1], policy, now=story.now + timedelta(days=30))
    is_owed = bool(last) and last[0].notice is Notice.FIRE and not story.memories[-1].is_firing
    assert (Notice.RECOVER in notices) == is_owed


@given(ACTS, POLICIES)
def test_errors_and_silence_never_move_an_alarm(acts: list[Act], policy: Policy) -> None:
    story = play(acts, policy)
    for act, before, after in zip(acts, story.memories[:-1], story.memories[1:], strict=True):
        if act.what in "E?":
            assert (after.firing_since, after.seen) == (before.firing_since, before.seen)


@given(ACTS, POLICIES)
def test_holding_announcements_moves_nothing(acts: list[Act], policy: Policy) -> None:
    """Quiet hours, snoozes and acknowledgements change what is said and never what is."""
    unmuted = [act for act in acts if act.what not in "ASW"]
    loud = play([act._replace(is_held=False) for act in unmuted], policy)
    held = play([act._replace(is_held=True) for act in unmuted], policy)
    for one, other in zip(loud.memories, held.memories, strict=True):
        assert (one.firing_since, one.seen, one.failures, one.is_broken) == (
            other.firing_since, other.seen, other.failures, other.is_broken,
        )  # fmt: skip


@given(ACTS, POLICIES)
def test_one_notice_for_a_row_of_errors_and_one_when_the_rule_is_given_up(acts: list[Act], policy: Policy) -> None:
    """At once, also while everything else is held."""
    story = play(acts, policy)
    steps = list(itertools.pairwise(story.memories))
    rows = sum(after.failures == 1 and before.failures == 0 for before, after in steps)
    broken = sum(after.is_broken and not before.is_broken for before, after in steps)
    assert (len(story.said(Notice.ERROR)), len(story.said(Notice.BROKEN))) == (rows, broken)


@given(ACTS, POLICIES)
def test_nothing_is_forgotten_when_it_is_kept(acts: list[Act], policy: Policy) -> None:
    for memory in play(acts, policy).memories:
        assert lifecycle.from_json(lifecycle.to_json(memory)) == memory


@given(ACTS, POLICIES)
def test_whoever_has_nothing_to_say_says_nothing(acts: list[Act], policy: Policy) -> None:
    """`has_news` may be left out of the sweep only where no time that passes would make it speak."""
    story = play(acts, policy)
    memory = story.memories[-1]
    if not memory.has_news:
        assert announce(memory, policy, now=story.now + timedelta(days=30))[1] == ()
