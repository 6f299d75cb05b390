import numpy as np
import pytest

from kpiproject.lib.periods import MISSING
from metrics.frames import spells
from metrics.frames.spells import ENDED, OPEN, Tickets, Turns

NONE = MISSING


def spells_of(created, solved, closed, *turns):
    """Spells of one ticket as (opened, ended); turns are (instant, state)."""
    columns = Tickets(*(np.array([value], dtype=np.int64) for value in (created, solved, closed)))
    events = Turns(
        np.zeros(len(turns), dtype=np.intp),
        np.array([turn[0] for turn in turns], dtype=np.int64),
        np.array([turn[1] for turn in turns], dtype=np.int8),
    )
    found = spells.spells(columns, events)
    return list(zip(found.opened.tolist(), found.ended.tolist(), strict=True))


@pytest.mark.parametrize(
    ("created", "solved", "closed", "turns", "expected"),
    [
        # Columns alone.
        (10, NONE, NONE, [], [(10, NONE)]),
        (10, 30, NONE, [], [(10, 30)]),
        (10, 30, 50, [], [(10, 30)]),
        (10, NONE, 50, [], [(10, 50)]),
        (10, 5, NONE, [], [(10, 10)]),
        # Events tell what the columns leave open.
        (10, NONE, NONE, [(20, ENDED)], [(10, 20)]),
        (10, NONE, NONE, [(20, ENDED), (25, ENDED)], [(10, 20)]),
        (10, NONE, NONE, [(20, OPEN)], [(10, NONE)]),
        (10, NONE, 50, [(20, ENDED)], [(10, 50)]),
        # Columns win for the end.
        (10, 30, 50, [(28, ENDED)], [(10, 30)]),
        (10, 30, 50, [(28, ENDED), (55, ENDED)], [(10, 30)]),
        # Reopened.
        (10, 60, NONE, [(20, ENDED), (40, OPEN)], [(10, 20), (40, 60)]),
        (10, 60, 90, [(20, ENDED), (40, OPEN), (61, ENDED)], [(10, 20), (40, 60)]),
        (10, 20, NONE, [(20, ENDED), (40, OPEN)], [(10, 20), (40, NONE)]),
        (10, 20, 70, [(20, ENDED), (40, OPEN)], [(10, 20), (40, 70)]),
        (10, 20, 90, [(20, ENDED), (40, OPEN), (60, ENDED)], [(10, 20), (40, 60)]),
        (10, NONE, NONE, [(20, ENDED), (40, OPEN), (60, ENDED), (80, OPEN)], [(10, 20), (40, 60), (80, NONE)]),
        # Events before the creation happen at the creation.
        (10, NONE, NONE, [(5, ENDED)], [(10, 10)]),
    ],
)
def test_spells(created, solved, closed, turns, expected):
    assert spells_of(created, solved, closed, *turns) == expected


def test_spells_of_many_tickets_do_not_mix():
    columns = Tickets(np.array([10, 10, 10]), np.array([NONE, 50, NONE]), np.array([NONE, NONE, NONE]))
    events = Turns(np.array([2, 0, 2]), np.array([30, 20, 20]), np.array([OPEN, ENDED, ENDED], dtype=np.int8))
    found = spells.spells(columns, events)
    assert list(zip(found.rows.tolist(), found.opened.tolist(), found.ended.tolist(), strict=True)) == [
        (0, 10, 20),
        (1, 10, 50),
        (2, 10, 20),
        (2, 30, NONE),
    ]


def test_spells_of_nothing():
    empty = np.zeros(0, dtype=np.int64)
    found = spells.spells(Tickets(empty, empty, empty), Turns(empty, empty, empty.astype(np.int8)))
    assert [len(column) for column in found] == [0, 0, 0]


@pytest.mark.parametrize(
    ("starts_in", "turns", "expected"),
    [
        (False, [], []),
        (True, [], [(10, NONE)]),
        (False, [(20, 1), (30, 0)], [(20, 30)]),
        (False, [(20, 1), (30, 1), (40, 0)], [(20, 30), (30, 40)]),
        (True, [(15, 0), (20, 1)], [(10, 15), (20, NONE)]),
    ],
)
def test_pauses(starts_in, turns, expected):
    events = Turns(
        np.zeros(len(turns), dtype=np.intp),
        np.array([turn[0] for turn in turns], dtype=np.int64),
        np.array([turn[1] for turn in turns], dtype=np.int8),
    )
    found = spells.pauses(np.array([10]), events, np.array([starts_in]))
    assert list(zip(found.starts.tolist(), found.ends.tolist(), strict=True)) == expected


def test_next_after_finds_the_first_later_one_with_the_same_key():
    keys, at = np.array([1, 1, 2, 3, 1]), np.array([100, 200, 100, 100, NONE])
    other_keys, other_at = np.array([1, 2, 1, 1]), np.array([100, 90, 150, 300])
    assert spells.next_after(keys, at, other_keys, other_at).tolist() == [150, 300, NONE, NONE, NONE]


def test_next_after_without_others():
    empty = np.zeros(0, dtype=np.int64)
    assert spells.next_after(np.array([1]), np.array([5]), empty, empty).tolist() == [NONE]
    assert spells.next_after(empty, empty, np.array([1]), np.array([5])).tolist() == []
