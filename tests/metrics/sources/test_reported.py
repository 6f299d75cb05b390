import pytest

from metrics.sources import reported
from metrics.sources.faults import BadValue
from metrics.sources.reported import BUSINESS, CALENDAR, HOUR, MILLISECOND, MINUTE, SECOND, Duration


@pytest.mark.parametrize(
    ("text", "unit", "seconds"),
    [
        ("30", MINUTE, 1_800),
        ("1.5", HOUR, 5_400),
        ("1,5", HOUR, 5_400),
        ("1,500", SECOND, 1_500),
        ("86400000", MILLISECOND, 86_400),
        ("1499", MILLISECOND, 1),
        ("-60", MINUTE, -3_600),
        ("08:30:00", HOUR, 30_600),
        ("120:00:01", HOUR, 432_001),
        ("12:30", HOUR, 45_000),
        ("-00:30:00", HOUR, -1_800),
        ("1 day, 2:03:04", MINUTE, 93_784),
        ("1970-01-01 02:00:00", SECOND, 7_200),
        ("2 Hours 30 Minutes", SECOND, 9_000),
        ("1d 2h 3m 4s", SECOND, 93_784),
        ("0", MINUTE, 0),
    ],
)
def test_durations_as_systems_write_them(text: str, unit: float, seconds: int) -> None:
    assert Duration("resolution_time", CALENDAR, unit).read(text) == seconds


@pytest.mark.parametrize("text", ["soon", "nan", "inf", "1970-99-01 00:00:00", "2 hours or so", "12:3:4:5"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(BadValue) as caught:
        Duration("resolution_time", CALENDAR, MINUTE).read(text)
    assert (caught.value.reason, str(caught.value)) == ("bad_duration", f"“{text}” is not a duration.")


def test_a_name_says_what_was_measured_and_in_which_time() -> None:
    assert Duration("resolution_time", BUSINESS, MINUTE).name == "resolution_time_business_seconds"
    assert reported.parts("resolution_time_business_seconds") == ("resolution_time", "business")
    assert reported.parts("colour") == ("", "")
