import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from goals import written
from metrics.catalogue import CATALOGUE

CSAT, NPS, BACKLOG, TIME, COST = (
    CATALOGUE[code] for code in ("csat", "nps", "backlog", "resolution_time", "cost_per_contact")
)


@pytest.mark.parametrize(
    ("kpi", "text", "value"),
    [
        (CSAT, "90", 90),
        (CSAT, " 92.5 %", 92.5),
        (CSAT, "92,5\u00a0%", 92.5),
        (NPS, "−5", -5),
        (NPS, "+35 points", 35),
        (NPS, "1 point", 1),
        (BACKLOG, "1200", 1200),
        (BACKLOG, "0", 0),
        (NPS, "101", 101),  # whether it makes sense is checked when the goal is made active
        (COST, "4.50", 4.5),
        (TIME, "45 min", 2700),
        (TIME, "2 h 30 min", 9000),
        (TIME, "2 d", 172800),
    ],
)
def test_a_target_is_read_in_the_unit_of_the_kpi(kpi, text, value):
    assert written.read(text, kpi, "calendar" if kpi is TIME else "") == value


@pytest.mark.parametrize(
    ("kpi", "text", "sentence"),
    [
        (
            BACKLOG,
            "9999999999999",
            "9999999999999 lies outside the scale of “Backlog”; write a number, for example 120.",
        ),
        (BACKLOG, "1,200", "Write the number without separators of thousands, for example 1200."),
        (BACKLOG, "many", "“many” is not a target of “Backlog”; write a number, for example 120."),
        (BACKLOG, "1e5", "“1e5” is not a target of “Backlog”; write a number, for example 120."),
        (BACKLOG, "nan", "“nan” is not a target of “Backlog”; write a number, for example 120."),
        (TIME, "90", "Write a time with its unit, for example 90 min, 4 h, 1 h 30 min or 2 d."),
        (TIME, "2 d", "Business time has no days: write the hours, for example 16 h."),
        (TIME, "-5 min", "A time cannot be below nothing. Write it without the minus, for example 90 min."),
        (TIME, "−5 min", "A time cannot be below nothing. Write it without the minus, for example 90 min."),
        (TIME, "0 s", "Choose a time from 1 s to 3650 d."),
    ],
)
def test_what_is_no_target_is_said(kpi, text, sentence):
    with pytest.raises(ValidationError) as caught:
        written.read(text, kpi, "business")
    assert caught.value.messages == [sentence]


@given(st.integers(1, 10**7))
def test_a_duration_is_read_as_it_was_written(seconds):
    assert written.read(written.write(seconds, TIME), TIME, "business") == seconds


@given(st.floats(0, 100).map(lambda number: round(number, 3)))
def test_a_percentage_is_read_as_it_was_written(value):
    assert written.read(written.write(value, CSAT), CSAT, "") == value


@pytest.mark.parametrize("code", list(CATALOGUE))
def test_of_every_kpi_it_is_said_how_its_targets_are_written(code):
    assert ", for example " in written.example(CATALOGUE[code])
