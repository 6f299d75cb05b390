"""When a section waits, until when, and on which days somebody is reminded of it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manual.confirming import Step, begins_on, come, due_on, moments, waits_since

DAYS = st.dates(date(2026, 1, 1), date(2028, 1, 1))
SPANS = st.integers(1, 365)


def steps(text: str) -> list[Step]:
    """One letter for each edition: N new, n new but editorial, M material, e editorial, . the same."""
    return [Step(number, is_new=letter in "Nn", is_material=letter in "NM") for number, letter in enumerate(text, 1)]


@pytest.mark.parametrize(
    ("history", "confirmed", "since"),
    [
        ("N", 0, 1),
        ("N", 1, None),
        ("n", 0, None),  # somebody said that nobody has to confirm it
        ("N.", 0, 1),
        ("N.", 1, None),
        ("Ne", 1, None),
        ("NM", 1, 2),
        ("NM", 2, None),
        ("NeM", 2, 3),
        ("NMM", 1, 2),  # a further edition gives no more time
        ("NMM", 2, 3),
        ("NMe", 1, 2),
        ("NMe", 3, None),
        ("NM.N", 0, 4),  # it was away in between
        ("NM.N", 3, 4),
        ("NM.n", 0, None),
    ],
)
def test_a_section_waits_since_the_first_material_change(history: str, confirmed: int, since: int | None) -> None:
    assert waits_since(steps(history), confirmed=confirmed) == since


HISTORIES = st.text(alphabet="NnMe.", max_size=12).map(lambda rest: "N" + rest)


@given(HISTORIES, st.integers(0, 14))
def test_confirming_the_latest_edition_leaves_nothing_and_more_is_never_worse(history: str, confirmed: int) -> None:
    assert waits_since(steps(history), confirmed=len(history)) is None
    now, later = (waits_since(steps(history), confirmed=number) for number in (confirmed, confirmed + 1))
    assert now is not None or later is None
    assert now is None or now > confirmed


@given(HISTORIES, st.integers(0, 14), st.sampled_from("Me."))
def test_a_further_edition_never_gives_more_time_and_only_a_material_one_asks_anew(
    history: str, confirmed: int, letter: str
) -> None:
    before = waits_since(steps(history), confirmed=confirmed)
    after = waits_since(steps(history + letter), confirmed=confirmed)
    if before is not None:
        assert after == before
    else:
        asks = letter == "M" and confirmed < len(history) + 1
        assert after == (len(history) + 1 if asks else None)


@pytest.mark.parametrize(
    ("effective", "since", "fixed", "due"),
    [
        (date(2026, 3, 2), date(2026, 1, 1), None, date(2026, 3, 16)),
        (date(2026, 3, 2), date(2026, 3, 10), None, date(2026, 3, 24)),  # came later
        (date(2026, 3, 2), date(2026, 1, 1), date(2026, 3, 6), date(2026, 3, 6)),
        (date(2026, 3, 2), date(2026, 3, 10), date(2026, 3, 6), date(2026, 3, 24)),
        (date(2026, 3, 2), date(2026, 3, 10), date(2026, 4, 30), date(2026, 4, 30)),
    ],
)
def test_the_deadline_counts_from_the_edition_or_from_the_day_somebody_came(
    effective: date, since: date, fixed: date | None, due: date
) -> None:
    assert due_on(effective, since, days=14, fixed=fixed) == due


@given(DAYS, DAYS, SPANS)
def test_whoever_comes_later_is_never_late_sooner(effective: date, since: date, days: int) -> None:
    due = due_on(effective, since, days=days)
    assert due == begins_on(effective, since) + timedelta(days=days)
    assert due <= due_on(effective, since + timedelta(days=1), days=days)
    assert due_on(effective, since, days=days, fixed=due) >= due


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (1, ["due"]),
        (2, ["due"]),
        (3, ["due"]),
        (4, ["soon", "third_day", "due"]),
        (6, ["third_day", "soon", "due"]),
        (14, ["third_day", "soon", "due"]),
    ],
)
def test_the_moments_come_in_order_and_none_before_the_time_has_begun(days: int, told: list[str]) -> None:
    begins = date(2026, 3, 2)
    due = begins + timedelta(days=days)
    assert come(begins, due, today=due) == told
    assert all(begins < day <= due for day, _kind in moments(begins, due))
    assert come(begins, due, today=begins) == []


def test_each_moment_comes_on_its_day() -> None:
    begins, due = date(2026, 3, 2), date(2026, 3, 16)
    found = {day: come(begins, due, today=day) for day in (begins + timedelta(days=n) for n in range(16))}
    assert [day for day in found if found[day] != found.get(day - timedelta(days=1), [])] == [
        date(2026, 3, 5),
        date(2026, 3, 13),
        date(2026, 3, 16),
    ]
