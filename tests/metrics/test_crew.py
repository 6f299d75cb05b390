"""Several processes compute what one would."""

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from metrics.crew import Crew, crew
from tests.installation import new_installation
from tests.metrics.test_kill import PREPARE, ROLLUPS

RECOMPUTE = """
from metrics import basis, dirty, rollups
from metrics.definitions import kpis
rollups.mark_range(start=None, end=None, codes=list(kpis()))
result = [done.days for done in [rollups.recompute(processes=PROCESSES)]]
"""


def double(number: int) -> int:
    return 2 * number


def double_at_home(number: int) -> int:
    """Ends every process but the first."""
    if multiprocessing.parent_process() is not None:
        os._exit(1)
    return 2 * number


def _all_of(others: Crew[int, int], numbers: range) -> dict[int, int]:
    found: dict[int, int] = {}
    for number in numbers:
        others.take(number)
        if not others.has_room:
            found |= others.finished()
    while others.in_hand:
        found |= others.finished()
    return found


@pytest.mark.parametrize("work", [double, double_at_home])
def test_what_dead_processes_had_in_hand_is_done_here(work) -> None:
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        assert _all_of(Crew(work, pool, 2), range(7)) == {number: 2 * number for number in range(7)}


@pytest.mark.django_db
def test_nobody_else_sees_what_is_not_committed() -> None:
    with crew(double_at_home, 4) as others:
        assert _all_of(others, range(3)) == {0: 0, 1: 2, 2: 4}


@pytest.mark.django_db
def test_two_processes_leave_the_figures_of_one(tmp_path: Path) -> None:
    with new_installation(tmp_path / "installation", queue_url="", email_url="console:") as made:
        made.run(PREPARE.replace("FOLDER", str(made.var)))
        days = made.run(RECOMPUTE.replace("PROCESSES", "1"))
        expected = made.run(ROLLUPS)
        assert made.run(RECOMPUTE.replace("PROCESSES", "2")) == days
        assert made.run(ROLLUPS) == expected
        assert made.query("SELECT count(*) FROM metrics_dirtyday") == [(0,)]
