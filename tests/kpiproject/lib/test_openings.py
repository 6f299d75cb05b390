import pytest

from kpiproject.lib import openings


@pytest.mark.parametrize(
    ("text", "intervals"),
    [
        ("", []),
        ("  ", []),
        ("09:00-12:00, 13:00-17:00", [["09:00", "12:00"], ["13:00", "17:00"]]),
        ("9-17", [["09:00", "17:00"]]),
        ("9:30 – 17.15", [["09:30", "17:15"]]),
        ("8:00 to 12:00; 13-24", [["08:00", "12:00"], ["13:00", "24:00"]]),
        ("22:00-06:00", [["22:00", "06:00"]]),
        ("00:00-24:00,", [["00:00", "24:00"]]),
    ],
)
def test_parse(text: str, intervals: list[list[str]]) -> None:
    assert openings.parse(text) == intervals


@pytest.mark.parametrize(
    "text", ["morning", "09:00", "9-", "9:75-10", "24:00-03:00", "9-25", "9-9", "9-24:30", "9-12-14"]
)
def test_parse_says_which_part_is_wrong(text: str) -> None:
    with pytest.raises(openings.NotOpeningHoursError) as error:
        openings.parse(f"08:00-08:30, {text}")
    assert error.value.part == text
    assert str(error.value) == f"“{text}” is not an interval such as 09:00-17:00."


def test_write_is_what_parse_reads() -> None:
    intervals = [["09:00", "12:00"], ["13:00", "24:00"]]

    assert openings.write(intervals) == "09:00-12:00, 13:00-24:00"
    assert openings.parse(openings.write(intervals)) == intervals
