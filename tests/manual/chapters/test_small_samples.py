"""Worked examples of few answers: the numbers are those of the intervals that every figure here has."""

import pytest

from kpiproject.lib.intervals import newcombe, wilson
from metrics import presentation
from tests.manual.chapters.built import build, lines, tables

pytestmark = pytest.mark.django_db


def percent(amount: float) -> str:
    return presentation.percent(amount).replace("\u00a0", " ")


def points(amount: float) -> str:
    return presentation.points(amount).replace("\u00a0", " ")


def test_the_example_is_wilsons_interval_of_nine_of_ten() -> None:
    # Wilson 1927: 0.5958 to 0.9821 for 9 of 10, and 0.4902 to 0.9433 for 8 of 10.
    share, low, high = (percent(amount) for amount in (90, 59.6, 98.2))
    assert lines("small_samples")[1].startswith(
        f"9 of 10 customers were satisfied. The share is {share}, but if we could ask everybody, it may as well be "
        f"anything from {low} to {high}."
    )
    share, low, high = (percent(amount) for amount in (80, 49.0, 94.3))
    assert f"the figure would be {share}, and its interval {low} to {high}." in lines("small_samples")[2]


def test_more_answers_narrow_the_interval_of_the_same_share() -> None:
    rows = tables(build("small_samples").blocks)["What the same share is worth"]
    assert [row[0] for row in rows] == ["10", "20", "50", "100", "400", "1,000"]
    assert {row[2] for row in rows} == {percent(90)}
    for row, n in zip(rows, (10, 20, 50, 100, 400, 1000), strict=True):
        found = wilson(0.9 * n, n)
        assert found is not None
        assert row[3:] == [percent(found.low), percent(found.high)]


def test_a_change_is_called_chance_as_long_as_its_interval_contains_nothing() -> None:
    rows = tables(build("small_samples").blocks)[f"From {presentation.percent(80)} to {presentation.percent(90)}"]
    assert [(row[0], row[3]) for row in rows] == [
        ("50", "may be chance"),
        ("200", "a real change"),
        ("400", "a real change"),
    ]
    for row, n in zip(rows, (50, 200, 400), strict=True):
        found = newcombe((0.9 * n, n), (0.8 * n, n))
        assert found is not None
        assert row[1:3] == [points(found.low), points(found.high)]


def test_without_figures_of_our_own_there_is_no_example_of_them() -> None:
    assert "One of our own figures" not in lines("small_samples")
