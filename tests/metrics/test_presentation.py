from dataclasses import replace
from datetime import date

import pytest
from django.utils import translation

from kpiproject.lib.periods import Grain
from metrics import presentation
from metrics.kpi import Better, Total
from metrics.presentation import Change
from metrics.queries import CATALOGUE, Point

PERCENT, POINTS, SECONDS, COUNT = (CATALOGUE[code] for code in ("csat", "nps", "first_response_time", "ticket_volume"))
REOPENED = CATALOGUE["reopen_rate"]
SOLVED = next(kpi for kpi in CATALOGUE.values() if kpi.shape is Total and kpi.better is Better.HIGHER)


def plain(text):
    """Spaces that keep a number and its unit together look like others."""
    return text.replace(presentation.SPACE, " ")


def point(value, **more):
    return Point(start=date(2026, 3, 1), end=date(2026, 4, 1), value=value, n=10, **more)


@pytest.mark.parametrize(
    ("seconds", "clock", "text"),
    [
        (0, None, "0 s"),
        (119.4, None, "119 s"),
        (120, None, "2 min"),
        (3569, None, "59 min"),
        (3570, None, "1 h"),
        (3960, None, "1 h 6 min"),
        (7169, None, "1 h 59 min"),
        (7170, None, "2 h"),
        (11_559, None, "3 h 13 min"),
        (259_199, "calendar", "72 h"),
        (259_200, "calendar", "3 d"),
        (641_412, "calendar", "7 d 10 h"),
        (641_412, "business", "178 h 10 min"),
        (4_000_000_000, "calendar", "46,296 d 7 h"),
        (-90, None, "−90 s"),
    ],
)
def test_duration(seconds, clock, text):
    assert plain(presentation.duration(seconds, clock)) == text


@pytest.mark.parametrize(
    ("amount", "kpi", "text"),
    [
        (None, PERCENT, "no data"),
        (0, PERCENT, "0.0 %"),
        (66.6666, PERCENT, "66.7 %"),
        (-5.88, POINTS, "−5.9"),
        (60.0, POINTS, "+60.0"),
        (0.0, POINTS, "0.0"),
        (-0.001, POINTS, "0.0"),
        (24918, COUNT, "24,918"),
        (0, COUNT, "0"),
    ],
)
def test_value(amount, kpi, text):
    assert plain(presentation.value(amount, kpi)) == text


def test_numbers_follow_the_reader():
    with translation.override("de"):
        assert plain(presentation.value(1234.5, COUNT)) == "1.234,5"


def test_figure_marks_what_is_approximate():
    assert plain(presentation.figure(point(7200, approximate=True), SECONDS, "calendar")) == "≈ 2 h"
    assert presentation.figure(Point(start=date(2026, 3, 1), end=date(2026, 4, 1)), SECONDS, "calendar") == "no data"


def test_rows_of_which_no_figure_follows_yet_are_not_no_data():
    assert presentation.figure(point(None, approximate=True), SECONDS, "calendar") == "no figure yet"


def test_interval():
    assert plain(presentation.interval(point(60, low=23.07, high=88.24), PERCENT)) == "23.1 % to 88.2 %"
    assert presentation.interval(point(60), PERCENT) == ""


@pytest.mark.parametrize(
    ("kpi", "now", "before", "expected"),
    [
        (PERCENT, 80.0, 75.0, Change(text="+5.0 points", words="before: 75.0 %", direction="up", tone="good")),
        (REOPENED, 80.0, 75.0, Change(text="+5.0 points", words="before: 75.0 %", direction="up", tone="bad")),
        (REOPENED, 74.0, 75.0, Change(text="−1.0 point", words="before: 75.0 %", direction="down", tone="good")),
        (SECONDS, 90, 100, Change(text="−10 %", words="before: 100 s", direction="down", tone="good")),
        (COUNT, 110, 100, Change(text="+10 %", words="before: 100; may be chance", direction="up", tone="")),
        (COUNT, 130, 100, Change(text="+30 %", words="before: 100", direction="up", tone="")),
        (SOLVED, 127, 100, Change(text="+27 %", words="before: 100; may be chance", direction="up", tone="")),
        (SOLVED, 130, 100, Change(text="+30 %", words="before: 100", direction="up", tone="good")),
        (COUNT, 5, 0, Change(text="+5", words="before: 0", direction="up", tone="")),
        (PERCENT, 75.01, 75.0, Change(text="unchanged", words="before: 75.0 %", direction="same", tone="")),
        # 2.94 − 2.86 is 0.08, but both are shown as 2.9.
        (PERCENT, 2.94, 2.86, Change(text="unchanged", words="before: 2.9 %", direction="same", tone="")),
        # 68.06 − 67.24 is 0.82, but 68.1 − 67.2 is 0.9.
        (PERCENT, 68.06, 67.24, Change(text="+0.9 points", words="before: 67.2 %", direction="up", tone="good")),
        # 81.24 − 82.76 is −1.52, but 81.2 − 82.8 is −1.6.
        (POINTS, 81.24, 82.76, Change(text="−1.6 points", words="before: +82.8", direction="down", tone="bad")),
        # Half a minute is not shown of hours.
        (SECONDS, 7210, 7200, Change(text="unchanged", words="before: 2 h", direction="same", tone="")),
        (PERCENT, 0.0, 0.0, Change(text="unchanged", words="before: 0.0 %", direction="same", tone="")),
        (PERCENT, None, 75.0, None),
        (PERCENT, 75.0, None, None),
    ],
)
def test_change_is_judged_by_what_is_better(kpi, now, before, expected):
    found = presentation.change(point(now), point(before), kpi)
    assert (found and replace(found, text=plain(found.text), words=plain(found.words))) == expected


def test_a_change_within_the_interval_may_be_chance():
    found = presentation.change(point(80.0, low=70.0, high=88.0), point(75.0), PERCENT)
    assert found is not None
    assert (plain(found.words), found.tone) == ("before: 75.0 %; may be chance", "")


@pytest.mark.parametrize(
    ("start", "grain", "end", "text"),
    [
        ("2026-03-01", Grain.DAY, "2026-03-02", "1 Mar 2026"),
        ("2026-03-02", Grain.WEEK, "2026-03-09", "2 Mar – 8 Mar 2026"),
        ("2025-12-29", Grain.WEEK, "2026-01-05", "29 Dec 2025 – 4 Jan 2026"),
        ("2026-03-01", Grain.MONTH, "2026-04-01", "March 2026"),
        ("2026-04-01", Grain.QUARTER, "2026-07-01", "quarter 2 of 2026"),
        ("2026-01-01", Grain.YEAR, "2027-01-01", "2026"),
        ("2026-03-05", Grain.ALL, "2026-03-06", "5 Mar 2026"),
    ],
)
def test_period(start, grain, end, text):
    assert presentation.period(date.fromisoformat(start), grain, date.fromisoformat(end)) == text


def test_every_name_that_the_catalogue_uses_has_words():
    assert {name for kpi in CATALOGUE.values() for name in kpi.dimensions} <= set(presentation.DIMENSION_NAMES)
    assert {kpi.unit for kpi in CATALOGUE.values()} <= set(presentation.UNIT_NAMES)
    assert {kpi.better for kpi in CATALOGUE.values()} <= set(presentation.BETTER_NAMES)


def test_names_without_words_are_readable_too():
    assert presentation.reason("not_in_the_table") == "not in the table"
    assert presentation.reason("spam") == "spam"
    assert presentation.member("") == "(not given)"
    assert presentation.member(None) == "(not given)"
    assert presentation.member("A-1", {"A-1": "Ada"}) == "Ada"
    assert presentation.counted(1, PERCENT) == "1 answer"
    assert presentation.counted(1234, COUNT) == "1,234 tickets"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("csat", "percent (0 to 100)"),
        ("first_response_time", "duration; the figure is the median"),
        ("average_handling_time", "duration; the figure is the mean"),
        ("ticket_volume", "number"),
    ],
)
def test_the_unit_of_a_duration_says_which_one_of_many_it_is(code, words):
    assert presentation.unit(CATALOGUE[code]) == words


def test_the_head_of_a_column_names_what_is_counted():
    for kpi in CATALOGUE.values():
        assert presentation.counted(2, kpi) == f"2 {presentation.counted_noun(kpi).lower()}"
