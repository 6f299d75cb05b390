"""Alarms that do not flicker, are not lost, and are told of once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

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
