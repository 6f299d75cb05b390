"""Worked examples of few answers: the numbers are those of the intervals that every figure here has."""

import pytest

from kpiproject.lib.intervals import newcombe, wilson
from metrics import presentation
from tests.manual.chapters.built import build, lines, tables

pytestmark = pytest.mark.django_db


def test_the_example_is_wilsons_interval_of_nine_of_ten() -> None:
    # Wilson 1927 for 9 of 10: 0.5958 to 0.9821.
    assert lines("small_samples")[1].startswith(
        "9 of 10 customers were satisfied. The share is 90.0\u00a0%, but if we could ask everybody, it may as well be "
        "anything from 59.6\u00a0% to 98.2\u00a0%."
    )
    assert "the figure would be 80.0\u00a0%, and its interval 49.0\u00a0% to 94.3\u00a0%" in lines("small_samples")[2]


def test_more_answers_narrow_the_interval_of_the_same_share() -> None:
    rows = tables(build("small_samples").blocks)["What the same share is worth"]
    assert [row[0] for row in rows] == ["10", "20", "50", "100", "400", "1,000"]
    assert {row[2] for row in rows} == {"90.0\u00a0%"}
    for row, n in zip(rows, (10, 20, 50, 100, 400, 1000), strict=True):
        found = wilson(0.9 * n, n)
        assert found is not None
        assert row[3:] == [presentation.percent(found.low), presentation.percent(found.high)]


def test_a_change_is_called_chance_as_long_as_its_interval_contains_nothing() -> None:
    rows = tables(build("small_samples").blocks)["From 80.0\u00a0% to 90.0\u00a0%"]
    assert [(row[0], row[3]) for row in rows] == [
        ("50", "may be chance"),
        ("100", "a real change"),
        ("200", "a real change"),
    ]
    for row, n in zip(rows, (50, 100, 200), strict=True):
        found = newcombe((0.9 * n, n), (0.8 * n, n))
        assert found is not None
        assert row[1:3] == [presentation.points(found.low), presentation.points(found.high)]


def test_without_figures_of_our_own_there_is_no_example_of_them() -> None:
    assert "One of our own figures" not in lines("small_samples")
