"""From readings to alarms that do not flicker, and to what people are told: two things kept apart.

`observe` moves the state and tells nobody. `announce` compares what is with what people were told last, and says what
they must be told now; as long as announcements are held it says nothing, and afterwards it says what is still true. So
a mute, quiet hours or an inhibition never lose an alarm and never tell of one that has passed.

The rules follow the lifecycle of PostHog's alerts (k of n, cooldown, errors and inconclusive checks that move
nothing), with a clear level apart from the fire level (Grafana's recovery threshold) and acknowledgements (Grafana
OnCall) added.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import takewhile
from typing import Any, Final


class Verdict(StrEnum):
    """What one check says. BETWEEN is past the fire level's good side, but not past the clear level yet."""

    BREACH = "breach"
    BETWEEN = "between"
    CLEAR = "clear"
    INCONCLUSIVE = "inconclusive"
    ERROR = "error"


class State(StrEnum):
    QUIET = "quiet"
    PENDING = "pending"
    FIRING = "firing"
    ACKNOWLEDGED = "acknowledged"
    RECOVERING = "recovering"
    SNOOZED = "snoozed"
    ERRORED = "errored"
    BROKEN = "broken"


class Notice(StrEnum):
    """What people are told."""

    FIRE = "fire"
    REMIND = "remind"
    RECOVER = "recover"
    ERROR = "error"
    BROKEN = "broken"


@dataclass(frozen=True, kw_only=True)
class Policy:
    """An alarm needs `breaches` of the last `of` periods, the last one among them, and ends after `clears` in a row.

    `cooldown` is the least time from one alarm to the next that people are told of, `settle` from any message to the
    news that it is over. `renotify` is after how long they are reminded of what nobody has acknowledged; None never.
    """

    breaches: int = 1
    of: int = 1
    clears: int = 2
    cooldown: timedelta = timedelta(0)
    settle: timedelta = timedelta(0)
    renotify: timedelta | None = None
    most_failures: int = 5

    def __post_init__(self) -> None:
        if not 1 <= self.breaches <= self.of:
            msg = f"{self.breaches} of {self.of} periods can never be in breach."
            raise ValueError(msg)
        if self.clears < 1 or self.most_failures < 1:
            msg = "An alarm needs one clear period at least to end, and a rule one failure to be broken."
            raise ValueError(msg)


@dataclass(frozen=True, kw_only=True)
class Memory:
    """All that is remembered of a rule.

    `seen` has the last periods by name, oldest first. `announced_at` is when people were told of this alarm,
    `alarmed_at` when they last were told of any; `believed` says that the last they heard is that it fires.
    """

    seen: tuple[tuple[str, Verdict], ...] = ()
    firing_since: datetime | None = None
    announced_at: datetime | None = None
    alarmed_at: datetime | None = None
    notified_at: datetime | None = None
    believed: bool = False
    acknowledged_until: datetime | None = None
    snoozed_until: datetime | None = None
    failures: int = 0
    is_error_told: bool = False
    is_broken: bool = False
    is_broken_told: bool = False

    @property
    def is_firing(self) -> bool:
        return self.firing_since is not None

    @property
    def has_news(self) -> bool:
        """Whether there is, or may later be, something to tell."""
        return (
            self.is_firing
            or self.believed
            or (self.failures > 0 and not self.is_error_told)
            or (self.is_broken and not self.is_broken_told)
        )


# --- What is ------------------------------------------------------------------------------------------------------
def observe(memory: Memory, verdict: Verdict, *, key: str, policy: Policy, now: datetime) -> Memory:
    """After one check of the period named `key`. The same period checked again replaces what was seen of it.

    A check that fails moves nothing but the count of failures; one that says nothing moves nothing at all. A broken
    rule is not moved by anything before `reset`.
    """
    if memory.is_broken or verdict is Verdict.INCONCLUSIVE:
        return memory
    if verdict is Verdict.ERROR:
        failures = memory.failures + 1
        return replace(memory, failures=failures, is_broken=failures >= policy.most_failures)
    kept = max(policy.of, policy.clears)
    seen = (*(one for one in memory.seen if one[0] != key), (key, verdict))[-kept:]
    memory = replace(memory, seen=seen, failures=0, is_error_told=False)
    if memory.is_firing:
        return _over(memory) if _clears(seen) >= policy.clears else memory
    is_breach = verdict is Verdict.BREACH and _breaches(seen[-policy.of :]) >= policy.breaches
    return replace(memory, firing_since=now) if is_breach else memory


def end(memory: Memory) -> Memory:
    """What was watched is gone, or is watched in another way: the alarm is over, and nobody hears that all is well."""
    return replace(_over(memory), seen=(), believed=False, failures=0, is_error_told=False)


def reset(memory: Memory) -> Memory:
    """Somebody has mended what made it fail; an alarm that fires goes on firing."""
    return replace(memory, failures=0, is_error_told=False, is_broken=False, is_broken_told=False)


def _over(memory: Memory) -> Memory:
    """Only the last period is remembered, so that no breach counts for two alarms."""
    return replace(memory, seen=memory.seen[-1:], firing_since=None, announced_at=None, acknowledged_until=None)


def _breaches(seen: Iterable[tuple[str, Verdict]]) -> int:
    return sum(verdict is Verdict.BREACH for _key, verdict in seen)


def _clears(seen: tuple[tuple[str, Verdict], ...]) -> int:
    """How many of the last ones in a row are clear."""
    return len(list(takewhile(lambda one: one[1] is Verdict.CLEAR, reversed(seen))))


# --- What people are told -----------------------------------------------------------------------------------------
def announce(
    memory: Memory, policy: Policy, *, now: datetime, is_held: bool = False
) -> tuple[Memory, tuple[Notice, ...]]:
    """What people must be told now, and the memory in which they were. Troubles with the rule itself are never held."""
    memory, told = troubles(memory)
    memory, heard = news(memory, policy, now=now, is_held=is_held)
    return memory, (*told, *heard)


def troubles(memory: Memory) -> tuple[Memory, tuple[Notice, ...]]:
    """The same of the rule itself alone: one notice at most."""
    if memory.is_broken and not memory.is_broken_told:
        return replace(memory, is_broken_told=True, is_error_told=True), (Notice.BROKEN,)
    if memory.failures and not memory.is_error_told:
        return replace(memory, is_error_told=True), (Notice.ERROR,)
    return memory, ()


def news(memory: Memory, policy: Policy, *, now: datetime, is_held: bool = False) -> tuple[Memory, tuple[Notice, ...]]:
    """The same of what it watches alone: one notice at most."""
    if is_held or is_snoozed(memory, now):
        return memory, ()
    return _of_alarm(memory, policy, now) if memory.is_firing else _all_clear(memory, policy, now)


def _of_alarm(memory: Memory, policy: Policy, now: datetime) -> tuple[Memory, tuple[Notice, ...]]:
    if memory.announced_at is None:
        return _alarm(memory, policy, now)
    if is_acknowledged(memory, now) or not _is_to_remind(memory, policy, now):
        return memory, ()
    told = replace(memory, alarmed_at=now, notified_at=now, acknowledged_until=None, snoozed_until=None)
    return told, (Notice.REMIND,)


def _alarm(memory: Memory, policy: Policy, now: datetime) -> tuple[Memory, tuple[Notice, ...]]:
    if not _is_past(memory.alarmed_at, policy.cooldown, now):
        return memory, ()
    told = replace(memory, announced_at=now, alarmed_at=now, notified_at=now, believed=True, snoozed_until=None)
    return told, (Notice.FIRE,)


def _all_clear(memory: Memory, policy: Policy, now: datetime) -> tuple[Memory, tuple[Notice, ...]]:
    """Only if the last that people heard is that it fires."""
    memory = replace(memory, snoozed_until=None)
    if not (memory.believed and _is_past(memory.notified_at, policy.settle, now)):
        return memory, ()
    return replace(memory, believed=False, notified_at=now), (Notice.RECOVER,)


def _is_to_remind(memory: Memory, policy: Policy, now: datetime) -> bool:
    """Of what still fires when an acknowledgement or a snooze is over, and of what nobody has acknowledged."""
    if memory.acknowledged_until is not None or memory.snoozed_until is not None:
        return True
    return policy.renotify is not None and _is_past(memory.notified_at, policy.renotify, now)


def _is_past(since: datetime | None, least: timedelta, now: datetime) -> bool:
    return since is None or now >= since + least


# --- What people do -----------------------------------------------------------------------------------------------
def acknowledge(memory: Memory, until: datetime) -> Memory:
    """Somebody works on it: no escalation and no reminder before then. Without an alarm there is nothing to do."""
    return replace(memory, acknowledged_until=until) if memory.is_firing else memory


def snooze(memory: Memory, until: datetime | None) -> Memory:
    """Nobody is told anything before then; None ends it now, and what still fires is told again."""
    return replace(memory, snoozed_until=until)


def is_acknowledged(memory: Memory, now: datetime) -> bool:
    return memory.acknowledged_until is not None and now < memory.acknowledged_until


def is_snoozed(memory: Memory, now: datetime) -> bool:
    return memory.snoozed_until is not None and now < memory.snoozed_until


def state(memory: Memory, now: datetime) -> State:
    """In one word. What fires is never hidden behind a failure of its rule."""
    if is_snoozed(memory, now) and (memory.is_firing or not memory.is_broken):
        return State.SNOOZED
    return _firing_state(memory, now) if memory.is_firing else _calm_state(memory)


def _firing_state(memory: Memory, now: datetime) -> State:
    if is_acknowledged(memory, now):
        return State.ACKNOWLEDGED
    return State.RECOVERING if _clears(memory.seen) else State.FIRING


def _calm_state(memory: Memory) -> State:
    if memory.is_broken:
        return State.BROKEN
    if memory.failures:
        return State.ERRORED
    return State.PENDING if memory.seen and memory.seen[-1][1] is Verdict.BREACH else State.QUIET


# --- Kept as JSON -------------------------------------------------------------------------------------------------
_INSTANTS: Final = (
    "firing_since", "announced_at", "alarmed_at", "notified_at", "acknowledged_until", "snoozed_until",
)  # fmt: skip
_PLAIN: Final = ("believed", "failures", "is_error_told", "is_broken", "is_broken_told")


def to_json(memory: Memory) -> dict[str, Any]:
    """Only what differs from a memory in which nothing has happened."""
    found: dict[str, Any] = {name: getattr(memory, name) for name in _PLAIN if getattr(memory, name)}
    for name in _INSTANTS:
        if (at := getattr(memory, name)) is not None:
            found[name] = at.isoformat()
    if memory.seen:
        found["seen"] = [[key, str(verdict)] for key, verdict in memory.seen]
    return found


def from_json(kept: Mapping[str, Any]) -> Memory:
    fields: dict[str, Any] = {name: datetime.fromisoformat(kept[name]) for name in _INSTANTS if name in kept}
    fields |= {name: kept[name] for name in _PLAIN if name in kept}
    return Memory(seen=tuple((key, Verdict(verdict)) for key, verdict in kept.get("seen", ())), **fields)
