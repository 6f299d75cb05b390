import pytest

from kpiproject.lib.numbers import small_number


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("7", 7), ("-5", -5), ("0012", 12), (3, 3), ("9999", 9999)])
def test_small_numbers_are_read(text, number):
    assert small_number(text) == number


@pytest.mark.parametrize("text", ["", "²", "--5", "5-", "٣", " 5", "5\n", "1e3", "10000", "9" * 5000, None])
def test_everything_else_is_none(text):
    assert small_number(text) is None
