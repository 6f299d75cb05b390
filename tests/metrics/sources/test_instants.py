from datetime import UTC, datetime

import pytest

from metrics.sources.faults import BadValue
from metrics.sources.instants import day_comes_first, read_day, read_instant, written_time


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc]  # the parts of a time


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-01-05 10:00:00", utc(2026, 1, 5, 9)),
        ("2026-01-05T10:00", utc(2026, 1, 5, 9)),
        ("2026-01-05", utc(2026, 1, 4, 23)),
        ("2026-1-5 3:04", utc(2026, 1, 5, 2, 4)),
        ("2026-07-05 10:00:00", utc(2026, 7, 5, 8)),
        ("2026-01-05T10:00:00.250Z", utc(2026, 1, 5, 10, 0, 0, 250_000)),
        ("2026-01-05 10:00:00 +0530", utc(2026, 1, 5, 4, 30)),
        ("2026-01-05 10:00:00-05:00", utc(2026, 1, 5, 15)),
        ("2026-01-05 10:00:00 UTC", utc(2026, 1, 5, 10)),
        ("29/2/2016 01:16", utc(2016, 2, 29, 0, 16)),
        ("05.01.2026 7:05", utc(2026, 1, 5, 6, 5)),
        ("5-1-26 12:30 am", utc(2026, 1, 4, 23, 30)),
        ("5/1/2026 12:30 PM", utc(2026, 1, 5, 11, 30)),
        ("2026/1/5 10:00", utc(2026, 1, 5, 9)),
        ("5 Jan 2026 10:00", utc(2026, 1, 5, 9)),
        ("January 5, 2026 at 10:00 PM", utc(2026, 1, 5, 21)),
        ("Mon, 05 Jan 2026 10:00:00 +0000", utc(2026, 1, 5, 10)),
        ("05-Jan-26 10:00", utc(2026, 1, 5, 9)),
        ("1767607200", utc(2026, 1, 5, 10)),
        ("1767607200.5", utc(2026, 1, 5, 10, 0, 0, 500_000)),
        ("1767607200000", utc(2026, 1, 5, 10)),
        ("0", None),
        ("1900-01-01 00:00:00", None),
        ("1970-01-01T00:00:00Z", None),
        ("0000-00-00 00:00:00", None),
        ("0000-00-00T00:00:00.000Z", None),
        ("0000-00-00", None),
        ("00.00.0000 00:00", None),
        ("00:00:00", None),
        ("1900-01-00", None),
        ("1899-12-30 00:00:00", None),
    ],
)
def test_times_are_read_as_they_are_written(text: str, instant: datetime | None) -> None:
    assert read_instant(text, zone="Europe/Berlin", day_first=True) == instant


def test_a_time_that_the_clocks_skip_and_one_that_they_show_twice() -> None:
    assert read_instant("2026-03-29 02:30", zone="Europe/Berlin", day_first=False) == utc(2026, 3, 29, 1, 30)
    assert read_instant("2026-10-25 02:30", zone="Europe/Berlin", day_first=False) == utc(2026, 10, 25, 0, 30)


def test_the_month_comes_first_unless_told() -> None:
    assert read_instant("3/4/2026", zone="UTC", day_first=False) == utc(2026, 3, 4)
    assert read_instant("3/4/2026", zone="UTC", day_first=True) == utc(2026, 4, 3)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("0000-00-00 10:00", "“0000-00-00 10:00” is not a time; write it like 2026-03-31 14:05."),
        ("10:00:00", "“10:00:00” is not a time; write it like 2026-03-31 14:05."),
        ("yesterday", "“yesterday” is not a time; write it like 2026-03-31 14:05."),
        ("2026-02-30", "“2026-02-30” is not a time; write it like 2026-03-31 14:05."),
        ("13/13/2026", "“13/13/2026” is not a time, read as month/day/year."),
        ("1/2/2026 25:00", "“1/2/2026 25:00” is not a time, read as month/day/year."),
        ("1/2/2026 13:00 PM", "“1/2/2026 13:00 PM” is not a time, read as month/day/year."),
        ("5 Foo 2026", "“5 Foo 2026” is not a time; write it like 2026-03-31 14:05."),
        ("9999-12-31", "“9999-12-31” is not between 1980 and 2100."),
        ("0001-01-02", "“0001-01-02” is not between 1980 and 2100."),
        ("99999999999999", "“99999999999999” is not a time; write it like 2026-03-31 14:05."),
        ("1/2/202", "“1/2/202” is not a time, read as month/day/year."),
        ("x" * 99, f"“{'x' * 59}…” is not a time; write it like 2026-03-31 14:05."),
    ],
)
def test_what_is_no_time_is_told(text: str, sentence: str) -> None:
    with pytest.raises(BadValue) as caught:
        read_instant(text, zone="UTC", day_first=False)
    assert (caught.value.reason, str(caught.value)) == ("bad_time", sentence)


@pytest.mark.parametrize(
    ("dates", "answer"),
    [
        (["1/2/2026", "29/2/2016"], True),
        (["1/2/2026", "2/29/2016"], False),
        (["1/2/2026"], None),
        (["1.2.2026"], True),
        (["2026-01-02"], None),
        (["13/1/2026", "14/1/2026", "1/13/2026"], True),
        (["13/13/2026"], None),
        ([], None),
    ],
)
def test_dates_prove_their_order_together(dates: list[str], answer: bool | None) -> None:
    assert day_comes_first(dates) == answer


def test_the_written_time_knows_no_zone() -> None:
    assert written_time("2026-01-05T10:00:00+05:00", day_first=False) == datetime(2026, 1, 5, 10)  # noqa: DTZ001 (as written)


@pytest.mark.parametrize(
    ("text", "zone", "day"),
    [
        ("2026-03-31", "UTC", "2026-03-31"),
        ("20260331", "UTC", "2026-03-31"),
        ("31/3/2026", "UTC", "2026-03-31"),
        ("31 March 2026", "UTC", "2026-03-31"),
        ("2026-03-31 23:30", "Asia/Tokyo", "2026-03-31"),
        ("2026-03-31T23:30:00Z", "UTC", "2026-03-31"),
        ("2026-03-31T23:30:00Z", "Europe/Berlin", "2026-04-01"),
        ("1774998000", "Europe/Berlin", "2026-04-01"),
        ("1951-02-03", "UTC", "1951-02-03"),
        ("1900-01-01", "UTC", None),
        ("0000-00-00", "UTC", None),
        ("00/00/0000", "UTC", None),
        ("00:00:00", "UTC", None),
        ("0", "UTC", None),
    ],
)
def test_days(text: str, zone: str, day: str | None) -> None:
    found = read_day(text, zone=zone, day_first=True)
    assert (found.isoformat() if found else None) == day


@pytest.mark.parametrize("text", ["soon", "2026", "31/31/2026", "2026-02-30", "2150-01-01", "1700-01-01"])
def test_what_is_no_day(text: str) -> None:
    with pytest.raises(BadValue) as caught:
        read_day(text, zone="UTC", day_first=True)
    assert caught.value.reason == "bad_date"
