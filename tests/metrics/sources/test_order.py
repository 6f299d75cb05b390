from itertools import permutations

import pytest

from metrics.sources.order import Latest, newest, occurrences
from metrics.sources.rows import Fault, Row, Superseded
from metrics.sources.table import Line


def as_row(line: Line) -> Row | Fault:
    _name, version, text = line.cells
    if text == "bad":
        return Fault(line.number, line.cells, "text", "bad", "Bad.")
    return Row(line.number, line.cells, {"text": text}, int(version) if version else None)


def settled(lines: list[list[str]]) -> list[str]:
    """What comes out, in words."""
    read = [Line(number, cells) for number, cells in enumerate(lines)]
    latest = Latest.of(line.cells[0] for line in read)
    found = newest(read, latest, key=lambda line: line.cells[0], read=as_row)
    return [str(item.values["text"]) if isinstance(item, Row) else type(item).__name__ for item in found]


def test_without_versions_the_last_row_counts() -> None:
    assert settled([["a", "", "first"], ["b", "", "only"], ["a", "", "last"]]) == ["only", "Superseded", "last"]


def test_a_bad_last_row_does_not_take_the_good_one_along() -> None:
    assert settled([["a", "", "good"], ["a", "", "bad"]]) == ["Fault", "good"]


@pytest.mark.parametrize(
    "lines", list(permutations([["a", "1", "old"], ["a", "3", "new"], ["a", "3", "and new"], ["a", "2", "middle"]]))
)
def test_with_versions_the_order_of_rows_does_not_matter(lines: list[list[str]]) -> None:
    assert sorted(settled(list(lines))) == ["Superseded", "Superseded", "Superseded", "new"]


def test_what_waits_too_long_comes_before_what_takes_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("metrics.sources.order.MOST_WAITING", 2)
    names = [f"t{number}" for number in range(5)]
    lines = [[name, "", f"{name} {which}"] for which in ("first", "last") for name in names]
    found = settled(lines)
    for name in ("t0", "t1", "t2"):
        assert found.index(f"{name} first") < found.index(f"{name} last")
    assert [text for text in found if text.endswith("last")] == [f"{name} last" for name in names]
    assert len(found) == 10
    assert found.count("Superseded") == 2


def test_every_row_is_settled_once() -> None:
    lines = [[f"t{number % 7}", str(number), "x"] for number in range(100)]
    assert len(settled(lines)) == 100
    assert settled(lines).count("x") == 7


def test_no_rows_at_all() -> None:
    assert settled([]) == []
    assert occurrences([]).tolist() == []


def test_equal_rows_are_numbered() -> None:
    assert occurrences([("a", "x"), ("b", "x"), ("a", "x"), ("a", "x")]).tolist() == [0, 0, 1, 2]


def test_numbers_do_not_depend_on_the_order_of_rows() -> None:
    rows = [("a", "x"), ("a", "y"), ("b", "x"), ("a", "z")]
    expected = dict(zip(rows, occurrences(rows).tolist(), strict=True))
    for shuffled in permutations(rows):
        assert dict(zip(shuffled, occurrences(shuffled).tolist(), strict=True)) == expected
    assert sorted(expected[row] for row in rows if row[0] == "a") == [0, 1, 2]


def test_a_superseded_row_keeps_its_line() -> None:
    lines = [Line(7, ["a", "", "x"]), Line(9, ["a", "", "y"])]
    latest = Latest.of(["a", "a"])
    assert next(newest(lines, latest, key=lambda line: line.cells[0], read=as_row)) == Superseded(7)
