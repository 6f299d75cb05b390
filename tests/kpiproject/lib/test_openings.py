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


@pytest.mark.parametrize(
    ("opened", "closed", "left"),
    [
        ("09:00-17:00", (780, 1080), "09:00-13:00"),
        ("09:00-12:00, 14:00-18:00", (660, 900), "09:00-11:00, 15:00-18:00"),
        ("09:00-17:00", (600, 660), "09:00-10:00, 11:00-17:00"),
        ("09:00-17:00", (1140, 1380), "09:00-17:00"),
        ("09:00-17:00", (0, 480), "09:00-17:00"),
        ("09:00-17:00", (540, 1020), ""),
        ("00:00-24:00", (720, 1440), "00:00-12:00"),
        ("22:00-06:00", (480, 600), "22:00-06:00"),
        ("18:00-02:00", (780, 1200), "20:00-02:00"),
        ("18:00-02:00", (1200, 1440), "18:00-20:00"),
        ("", (480, 600), ""),
    ],
)
def test_hours_without_those_in_which_one_is_closed(opened, closed, left):
    assert openings.write(openings.without(openings.parse(opened), *closed)) == left


@pytest.mark.parametrize(
    ("opened", "found"),
    [
        ("08:00-12:00, 11:00-13:00", ("08:00-12:00", "11:00-13:00")),
        ("11:00-13:00, 08:00-12:00", ("08:00-12:00", "11:00-13:00")),
        ("08:00-18:00, 09:00-10:00", ("08:00-18:00", "09:00-10:00")),
        ("09:00-17:00, 09:00-17:00", ("09:00-17:00", "09:00-17:00")),
        ("22:00-06:00, 23:00-24:00", ("22:00-06:00", "23:00-24:00")),
        ("08:00-12:00, 12:00-17:00", None),
        ("00:00-06:00, 22:00-02:00", None),
        ("00:00-24:00", None),
        ("", None),
    ],
)
def test_hours_that_are_given_twice_are_found(opened, found):
    assert openings.overlap(openings.parse(opened)) == found
