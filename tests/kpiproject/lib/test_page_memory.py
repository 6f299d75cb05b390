import pytest

from kpiproject.lib.page_memory import remembered, remembering


def test_outside_everything_is_read_each_time() -> None:
    numbers = iter(range(9))
    assert [remembered("n", lambda: next(numbers)) for _ in range(3)] == [0, 1, 2]


def test_inside_everything_is_read_once_by_its_name() -> None:
    numbers = iter(range(9))
    with remembering():
        assert [remembered(name, lambda: next(numbers)) for name in ("a", "b", "a", "b")] == [0, 1, 0, 1]
    with remembering():
        assert remembered("a", lambda: next(numbers)) == 2


def test_none_is_remembered_too() -> None:
    found = iter((None, 1))
    with remembering():
        assert [remembered("n", lambda: next(found)) for _ in range(2)] == [None, None]


def test_what_fails_is_tried_again_and_nothing_stays_behind() -> None:
    with pytest.raises(ZeroDivisionError), remembering():
        remembered("n", lambda: 1 // 0)
    with remembering():
        assert remembered("n", lambda: 1) == 1
    assert remembered("n", lambda: 2) == 2


def test_one_within_another_knows_the_same_and_ends_alone() -> None:
    numbers = iter(range(9))
    with remembering():
        with remembering():
            assert [remembered(name, lambda: next(numbers)) for name in ("a", "a")] == [0, 0]
        assert [remembered(name, lambda: next(numbers)) for name in ("a", "b", "b")] == [0, 1, 1]
    assert remembered("a", lambda: next(numbers)) == 2
