"""A million business durations against a loop that walks the days of each."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from kpiproject.lib.worktime import WorkTime
from tests.bench.report import Finding, median_seconds

WEEK = {day: [["09:00", "12:00"], ["13:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
ZONE = ZoneInfo("Europe/Berlin")
SIZE = 1_000_000
WALKED = 2_000


def walk(start: int, end: int) -> int:
    """The plain way: day by day, interval by interval, in local time."""
    begin, finish = datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC)
    day, seconds = begin.astimezone(ZONE).date(), 0
    while day <= finish.astimezone(ZONE).date():
        for opens, closes in WEEK.get(day.strftime("%a").lower(), []):
            opened = datetime.fromisoformat(f"{day}T{opens}:00").replace(tzinfo=ZONE).astimezone(UTC)
            closed = datetime.fromisoformat(f"{day}T{closes}:00").replace(tzinfo=ZONE).astimezone(UTC)
            seconds += max(0, int((min(finish, closed) - max(begin, opened)).total_seconds()))
        day += timedelta(days=1)
    return seconds


def findings() -> list[Finding]:
    random = np.random.default_rng(7)
    starts = random.integers(1_600_000_000, 1_700_000_000, SIZE)
    ends = starts + random.exponential(3 * 86400, SIZE).astype(np.int64)
    worktime = WorkTime(WEEK, "Europe/Berlin")
    fast = median_seconds(lambda: worktime.seconds_between(starts, ends), times=3)
    pairs = list(zip(starts[:WALKED].tolist(), ends[:WALKED].tolist(), strict=True))
    slow = median_seconds(lambda: [walk(*pair) for pair in pairs], times=1) * SIZE / WALKED
    wrong = sum(
        walk(*pair) != found
        for pair, found in zip(pairs, worktime.seconds_between(starts[:WALKED], ends[:WALKED]), strict=True)
    )
    return [
        Finding(
            "worktime: 1,000,000 durations ÷ day-walking loop", fast / slow, 0.01, note=f"{fast:.2f} s / {slow:.0f} s"
        ),
        Finding("worktime: durations that differ from the loop", wrong, 0, note=f"of {WALKED}"),
    ]
