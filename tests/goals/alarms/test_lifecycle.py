"""Alarms that do not flicker, are not lost, and are told of once."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goals.alarms import lifecycle
from goals.alarms.lifecycle import Memory, Notice, Policy, State, Verdict, announce, observe

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ONCE = Policy(clears=1)
BREACH, BETWEEN, CLEAR, ERROR, SILENCE = (
    Verdict.BREACH, Verdict.BETWEEN, Verdict.CLEAR, Verdict.ERROR, Verdict.INCONCLUSIVE,
)  # fmt: skip
_LETTERS = {"B": BREACH, "-": BETWEEN, "c": CLEAR, "E": ERROR, "?": SILENCE}


def firing(**fields: object) -> Memory:
    """An alarm of which people were told an hour ago."""
    told = NOON - timedelta(hours=1)
    known: dict[str, Any] = {
        "firing_since": told,
        "announced_at": told,
        "alarmed_at": told,
        "notified_at": told,
        "believed": True,
    }
    return Memory(**known | fields)


def check(memory: Memory, verdict: Verdict, policy: Policy = ONCE) -> tuple[Memory, tuple[Notice, ...]]:
    """Observed and announced at noon."""
    return announce(observe(memory, verdict, key="new", policy=policy, now=NOON), policy, now=NOON)


# --- The decision table of PostHog's alerts -----------------------------------------------------------------------
HALF_HOUR = Policy(clears=1, cooldown=timedelta(minutes=30), settle=timedelta(minutes=30))
FIVE_MINUTES_AGO = NOON - timedelta(minutes=5)
TABLE = {
    "snoozed stays snoozed": (
        Memory(snoozed_until=NOON + timedelta(hours=1)), CLEAR, ONCE, State.SNOOZED, (),
    ),
    "what is breached when a snooze is over fires": (
        Memory(snoozed_until=NOON - timedelta(minutes=1)), BREACH, ONCE, State.FIRING, (Notice.FIRE,),
    ),
    "what was told before the snooze is told again": (
        firing(snoozed_until=NOON - timedelta(minutes=1)), BREACH, ONCE, State.FIRING, (Notice.REMIND,),
    ),
    "still firing and to be told again": (
        firing(), BREACH, replace(ONCE, renotify=timedelta(hours=1)), State.FIRING, (Notice.REMIND,),
    ),
    "still firing says nothing by itself": (firing(), BREACH, ONCE, State.FIRING, ()),
    "an alarm within the cooldown is held": (
        Memory(alarmed_at=FIVE_MINUTES_AGO, notified_at=FIVE_MINUTES_AGO), BREACH, HALF_HOUR, State.FIRING, (),
    ),
    "the end within the cooldown is held": (
        firing(notified_at=FIVE_MINUTES_AGO), CLEAR, HALF_HOUR, State.QUIET, (),
    ),
    "an inconclusive check keeps the state": (
        Memory(failures=3, is_error_told=True), SILENCE, ONCE, State.ERRORED, (),
    ),
    "an error again is not told again": (
        Memory(failures=1, is_error_told=True), ERROR, ONCE, State.ERRORED, (),
    ),
    "an error does not end an alarm": (firing(), ERROR, ONCE, State.FIRING, (Notice.ERROR,)),
    "after a mute, still breached: told": (
        firing(announced_at=None, believed=False, alarmed_at=None), BREACH, ONCE, State.FIRING, (Notice.FIRE,),
    ),
    "after a mute, over: nothing is said": (
        firing(announced_at=None, believed=False), CLEAR, ONCE, State.QUIET, (),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("memory", "verdict", "policy", "state", "notices"), TABLE.values(), ids=TABLE.keys())
def test_decision_table(
    memory: Memory, verdict: Verdict, policy: Policy, state: State, notices: tuple[Notice, ...]
) -> None:
    after, told = check(memory, verdict, policy)
    assert (lifecycle.state(after, NOON), told) == (state, notices)


def test_an_inconclusive_check_keeps_the_count_of_failures() -> None:
    before = Memory(failures=3, is_error_told=True)
    assert observe(before, SILENCE, key="x", policy=ONCE, now=NOON) == before


# --- Redash's should_notify, without its faults --------------------------------------------------------------------
@pytest.mark.parametrize(
    ("memory", "verdict", "notices"),
    [
        (Memory(), CLEAR, ()),
        (Memory(seen=(("a", CLEAR),)), BREACH, (Notice.FIRE,)),
        (firing(), BREACH, (Notice.REMIND,)),
        (firing(), CLEAR, (Notice.RECOVER,)),
    ],
    ids=["unknown to ok", "ok to triggered", "triggered and rearmed", "triggered to ok"],
)
def test_when_redash_would_notify(memory: Memory, verdict: Verdict, notices: tuple[Notice, ...]) -> None:
    assert check(memory, verdict, replace(ONCE, renotify=timedelta(minutes=59)))[1] == notices


def test_what_comes_and_goes_is_not_told_every_time() -> None:
    """Redash notifies on every change; here the cooldown keeps it to one."""
    memory, now = Memory(), NOON
    told: list[Notice] = []
    policy = replace(HALF_HOUR, cooldown=timedelta(hours=24), settle=timedelta(hours=24))
    for number in range(12):
        memory = observe(memory, CLEAR if number % 2 else BREACH, key=str(number), policy=policy, now=now)
        memory, notices = announce(memory, policy, now=now)
        told += notices
        now += timedelta(minutes=10)
    assert told == [Notice.FIRE]


# --- k of n, hysteresis -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("periods", "breaches", "of", "clears", "states"),
    [
        ("B", 1, 1, 2, "F"),
        ("B", 2, 3, 2, "p"),
        ("BcB", 2, 3, 2, "pqF"),
        ("BccB", 2, 3, 2, "pqqp"),
        ("BBcBcc", 2, 3, 2, "pFrFrq"),
        ("Bcc", 1, 1, 2, "Frq"),
        ("B-c-cc", 1, 1, 2, "FFrFrq"),
        ("B--", 1, 1, 1, "FFF"),
        ("-", 1, 1, 1, "q"),
        # The breaches of an alarm that is over do not count for the next one.
        ("BBccB", 2, 5, 2, "pFrqp"),
        ("B?B", 2, 2, 2, "ppF"),
    ],
)
def test_periods(periods: str, breaches: int, of: int, clears: int, states: str) -> None:
    policy = Policy(breaches=breaches, of=of, clears=clears)
    letters = {State.QUIET: "q", State.PENDING: "p", State.FIRING: "F", State.RECOVERING: "r"}
    memory, seen = Memory(), ""
    for number, letter in enumerate(periods):
        memory = observe(memory, _LETTERS[letter], key=str(number), policy=policy, now=NOON)
        seen += letters[lifecycle.state(memory, NOON)]
    assert seen == states


def test_a_period_checked_again_counts_once() -> None:
    policy = Policy(breaches=2, of=3)
    memory = Memory()
    for _check in range(5):
        memory = observe(memory, BREACH, key="week 1", policy=policy, now=NOON)
    assert memory.firing_since is None
    assert observe(memory, BREACH, key="week 2", policy=policy, now=NOON).firing_since == NOON


def test_a_period_whose_figures_changed_says_what_they_say_now() -> None:
    memory = observe(Memory(), BREACH, key="week 1", policy=Policy(breaches=2, of=2), now=NOON)
    memory = observe(memory, CLEAR, key="week 1", policy=Policy(breaches=2, of=2), now=NOON)
    assert memory.seen == (("week 1", CLEAR),)


@pytest.mark.parametrize(("breaches", "of", "clears"), [(0, 1, 1), (2, 1, 1), (1, 1, 0)])
def test_policies_that_make_no_sense(breaches: int, of: int, clears: int) -> None:
    with pytest.raises(ValueError, match=r"^(\d of \d periods can never|An alarm needs one clear)"):
        Policy(breaches=breaches, of=of, clears=clears)


# --- Errors -------------------------------------------------------------------------------------------------------
def run(letters: str, memory: Memory | None = None) -> tuple[Memory, list[Notice]]:
    memory = memory or Memory()
    told: list[Notice] = []
    for number, letter in enumerate(letters):
        memory = observe(memory, _LETTERS[letter], key=str(number), policy=ONCE, now=NOON)
        memory, notices = announce(memory, ONCE, now=NOON)
        told += notices
    return memory, told


def test_five_errors_in_a_row_break_a_rule_until_it_is_reset() -> None:
    memory, told = run("EEEEEBcB")
    assert (lifecycle.state(memory, NOON), told) == (State.BROKEN, [Notice.ERROR, Notice.BROKEN])
    memory, told = run("B", lifecycle.reset(memory))
    assert (lifecycle.state(memory, NOON), told) == (State.FIRING, [Notice.FIRE])


def test_one_notice_for_every_row_of_errors() -> None:
    assert run("EEcEEcE")[1] == [Notice.ERROR] * 3


def test_errors_are_told_in_quiet_hours_too() -> None:
    memory = observe(Memory(snoozed_until=NOON + timedelta(days=1)), ERROR, key="x", policy=ONCE, now=NOON)
    assert announce(memory, ONCE, now=NOON, is_held=True)[1] == (Notice.ERROR,)


def test_a_broken_rule_keeps_its_alarm() -> None:
    memory, _told = run("BEEEEEEE")
    assert (memory.is_firing, memory.is_broken, lifecycle.state(memory, NOON)) == (True, True, State.FIRING)


# --- Acknowledged -------------------------------------------------------------------------------------------------
def test_acknowledged_is_recorded_and_told_again_when_its_time_is_over() -> None:
    until = NOON + timedelta(hours=4)
    memory = lifecycle.acknowledge(firing(), until)
    assert lifecycle.state(memory, NOON) == State.ACKNOWLEDGED
    policy = replace(ONCE, renotify=timedelta(minutes=1))
    assert announce(memory, policy, now=until - timedelta(seconds=1))[1] == ()
    memory, told = announce(memory, ONCE, now=until)
    assert (told, memory.acknowledged_until) == ((Notice.REMIND,), None)
    assert announce(memory, ONCE, now=until)[1] == ()


def test_acknowledged_and_over_is_told() -> None:
    memory = lifecycle.acknowledge(firing(), NOON + timedelta(days=1))
    assert check(memory, CLEAR)[1] == (Notice.RECOVER,)


def test_nothing_to_acknowledge() -> None:
    assert lifecycle.acknowledge(Memory(), NOON) == Memory()


def test_who_is_still_waiting_for_the_end_of_an_alarm_hears_it_although_another_came_and_went() -> None:
    memory = firing()
    for key, verdict in (("1", CLEAR), ("2", BREACH), ("3", CLEAR)):
        memory = observe(memory, verdict, key=key, policy=ONCE, now=NOON)
        memory, told = announce(memory, ONCE, now=NOON, is_held=True)
        assert told == ()
    assert announce(memory, ONCE, now=NOON)[1] == (Notice.RECOVER,)


def test_what_is_gone_tells_nobody_that_all_is_well() -> None:
    memory = lifecycle.end(firing(failures=2))
    assert (memory.is_firing, memory.has_news, announce(memory, ONCE, now=NOON)[1]) == (False, False, ())


# --- Laws ---------------------------------------------------------------------------------------------------------
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
