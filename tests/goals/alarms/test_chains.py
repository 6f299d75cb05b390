"""Escalation chains: who is told when, frozen as JSON."""

import itertools
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goals.alarms import chains
from kpiproject.lib.worktime import WEEKDAYS, WorkTime

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)  # a Monday
OFFICE = WorkTime({day: [["09:00", "17:00"]] for day in WEEKDAYS[:5]}, "UTC")
THREE = chains.frozen(
    [
        chains.step(role=chains.OWNER),
        chains.step(role=chains.MANAGERS, wait_minutes=60),
        chains.step(role=chains.PEOPLE, people=[9, 7], wait_minutes=240),
    ]
)


def told(*args: Any, **kwargs: Any) -> list[str]:
    return [f"{step['role']}@{at:%a %H:%M}" for at, step in chains.timeline(*args, **kwargs)]


@pytest.mark.parametrize(
    ("acknowledged", "sent"),
    [
        (None, ["owner@Mon 09:00", "managers@Mon 10:00", "people@Mon 14:00"]),
        ("09:30", ["owner@Mon 09:00"]),
        ("10:00", ["owner@Mon 09:00"]),
        ("10:01", ["owner@Mon 09:00", "managers@Mon 10:00"]),
    ],
)
def test_timeline(acknowledged: str | None, sent: list[str]) -> None:
    instant = datetime.fromisoformat(f"2026-03-02T{acknowledged}+00:00") if acknowledged else None
    assert told(THREE, NINE, acknowledged_at=instant) == sent


def test_waiting_in_opening_hours() -> None:
    steps = [
        chains.step(role=chains.OWNER),
        chains.step(role=chains.MANAGERS, wait_minutes=120, by_hours=True),
        chains.step(role=chains.PEOPLE, people=[1], wait_minutes=120),
    ]
    friday = datetime(2026, 3, 6, 16, tzinfo=UTC)
    found = told(chains.frozen(steps), friday, hours=OFFICE)
    assert found == ["owner@Fri 16:00", "managers@Mon 10:00", "people@Mon 12:00"]


@pytest.mark.parametrize("hours", [None, WorkTime({}, "UTC")], ids=["no calendar", "never open"])
def test_without_opening_hours_nobody_waits_for_ever(hours: WorkTime | None) -> None:
    chain = chains.frozen([chains.step(role="owner"), chains.step(role="managers", wait_minutes=60, by_hours=True)])
    assert chains.next_at(chain, 0, NINE, hours) == NINE + timedelta(hours=1)


def test_after_the_last_step_comes_nothing() -> None:
    assert chains.next_at(THREE, 2, NINE, None) is None
    assert chains.next_at(THREE, 7, NINE, None) is None


def test_what_was_never_frozen_tells_the_owner() -> None:
    assert told({}, NINE) == ["owner@Mon 09:00"]


STEPS = st.lists(
    st.builds(
        lambda wait, by_hours: chains.step(role=chains.MANAGERS, wait_minutes=wait, by_hours=by_hours),
        st.integers(1, chains.MOST_WAIT_MINUTES),
        st.booleans(),
    ),
    min_size=1,
    max_size=chains.MOST_STEPS,
)


@given(STEPS, st.integers(0, 60 * 24 * 30))
def test_an_acknowledgement_only_ever_cuts_the_end_off(steps: list[dict[str, Any]], minutes: int) -> None:
    chain = json.loads(json.dumps(chains.frozen(steps)))
    whole = chains.timeline(chain, NINE, hours=OFFICE)
    cut = chains.timeline(chain, NINE, hours=OFFICE, acknowledged_at=NINE + timedelta(minutes=minutes))
    assert len(whole) == len(steps)
    assert whole[: len(cut)] == cut
    assert all(before <= after for (before, _), (after, _) in itertools.pairwise(whole))
    assert all(at >= NINE + timedelta(minutes=minutes) for at, _step in whole[len(cut) :])


# --- Again --------------------------------------------------------------------------------------------------------
TWICE_MORE = chains.frozen(
    [
        chains.step(role=chains.OWNER, wait_minutes=30),
        chains.step(role=chains.MANAGERS, wait_minutes=60),
    ],
    repeats=2,
)


@pytest.mark.parametrize(
    ("acknowledged", "sent"),
    [
        (
            None,
            [
                "owner@Mon 09:00", "managers@Mon 10:00",
                "owner@Mon 10:30", "managers@Mon 11:30",
                "owner@Mon 12:00", "managers@Mon 13:00",
            ],
        ),
        ("11:00", ["owner@Mon 09:00", "managers@Mon 10:00", "owner@Mon 10:30"]),
        ("09:10", ["owner@Mon 09:00"]),
    ],
)  # fmt: skip
def test_rounds(acknowledged: str | None, sent: list[str]) -> None:
    instant = datetime.fromisoformat(f"2026-03-02T{acknowledged}+00:00") if acknowledged else None
    assert told(TWICE_MORE, NINE, acknowledged_at=instant) == sent


def test_in_which_round_a_step_is() -> None:
    assert [chains.round_of(TWICE_MORE, level) for level in range(6)] == [1, 1, 2, 2, 3, 3]
    assert (chains.rounds(TWICE_MORE), chains.rounds(THREE), chains.rounds({})) == (3, 1, 1)


def test_the_next_round_waits_for_the_opening_hours_of_the_teams_zone() -> None:
    """16:00 in Berlin is 15:00 in UTC; the office there closes at 17:00 of its own clocks."""
    berlin = WorkTime({day: [["09:00", "17:00"]] for day in WEEKDAYS[:5]}, "Europe/Berlin")
    chain = chains.frozen([chains.step(role=chains.OWNER, wait_minutes=120, by_hours=True)], repeats=1)
    friday = datetime(2026, 3, 6, 15, tzinfo=UTC)
    assert told(chain, friday, hours=berlin) == ["owner@Fri 15:00", "owner@Mon 09:00"]


def test_never_more_rounds_than_there_may_be() -> None:
    chain = chains.frozen([chains.step(role=chains.OWNER, wait_minutes=5)], repeats=99)
    assert len(chains.timeline(chain, NINE)) == 1 + chains.MOST_REPEATS


def test_a_round_never_begins_in_the_minute_of_the_one_before() -> None:
    """Also if the first step was frozen without any waiting."""
    chain = chains.frozen([chains.step(role=chains.OWNER)], repeats=1)
    assert told(chain, NINE) == ["owner@Mon 09:00", "owner@Mon 09:01"]


@given(STEPS, st.integers(0, chains.MOST_REPEATS))
def test_every_round_tells_the_same_people_later(steps: list[dict[str, Any]], repeats: int) -> None:
    chain = json.loads(json.dumps(chains.frozen(steps, repeats=repeats)))
    whole = chains.timeline(chain, NINE, hours=OFFICE)
    assert [step for _at, step in whole] == steps * (1 + repeats)
    assert all(before < after for (before, _), (after, _) in itertools.pairwise(whole))
    assert whole[: len(steps)] == chains.timeline(chains.frozen(steps), NINE, hours=OFFICE)
