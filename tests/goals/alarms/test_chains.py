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
