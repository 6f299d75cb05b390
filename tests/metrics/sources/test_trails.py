from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

from metrics.sources.trails import Snapshot, changes, merged

BORN = datetime(2026, 1, 1, 8, tzinfo=UTC)


def snapshot(modified: int, hour: int, **values: Any) -> Snapshot:
    known: dict[str, Any] = {"actor": "Eve", "status": "New", "team": "Desk", "assignee": "", "priority": "Low"}
    known |= {"category": "", "reopens": 0}
    at = BORN + timedelta(hours=hour)
    return Snapshot(modified, f"{at:%Y-%m-%d %H:%M:%S}", at, **{**known, **values})


def told(snapshots: list[Snapshot]) -> list[tuple[int, str, str, str]]:
    hour = timedelta(hours=1)
    return [(int((one.at - BORN) / hour), one.kind, one.from_value, one.to_value) for one in changes(snapshots, BORN)]


HISTORY = [
    snapshot(0, 0),
    snapshot(1, 1, status="Active", assignee="Ann"),
    snapshot(2, 2, status="Active", assignee="Ann"),
    snapshot(3, 3, status="Solved", assignee="Ann", category="Mail"),
    snapshot(4, 4, status="Active", assignee="Ann", category="Mail", reopens=1, priority="High"),
]


def test_differences_are_events() -> None:
    assert told(HISTORY) == [
        (0, "created", "", "New"),
        (1, "status", "New", "Active"),
        (1, "assignee", "", "Ann"),
        (3, "status", "Active", "Solved"),
        (3, "category", "", "Mail"),
        (4, "status", "Solved", "Active"),
        (4, "priority", "Low", "High"),
        (4, "reopen", "Solved", "Active"),
    ]


def test_the_order_of_snapshots_does_not_matter() -> None:
    for shuffled in permutations(HISTORY):
        assert changes(shuffled, BORN) == changes(HISTORY, BORN)


def test_a_history_whose_beginning_is_missing_starts_with_what_is_known() -> None:
    assert told(HISTORY[3:4]) == [
        (0, "created", "", ""),
        (3, "status", "", "Solved"),
        (3, "team", "", "Desk"),
        (3, "assignee", "", "Ann"),
        (3, "priority", "", "Low"),
        (3, "category", "", "Mail"),
    ]


def test_no_snapshots_no_events() -> None:
    assert told([]) == []


def test_snapshots_of_two_files_are_one_history() -> None:
    assert merged(HISTORY[::2], HISTORY[1::2]) == HISTORY
    assert merged(HISTORY, HISTORY) == HISTORY


def test_a_snapshot_read_again_replaces_the_stored_one() -> None:
    mended = snapshot(2, 2, status="Waiting", assignee="Ann")
    assert merged(HISTORY, [mended]) == [*HISTORY[:2], mended, *HISTORY[3:]]
