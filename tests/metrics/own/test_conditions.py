import numpy as np
import pandas as pd
import pytest

from kpiproject.lib.periods import MISSING, epoch
from metrics.kpi import DIMENSIONS
from metrics.own import conditions
from metrics.own.columns import TABLES
from metrics.own.conditions import BadConditionError
from tests.metrics.figures import at, organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def frame():
    """Four tickets."""
    return pd.DataFrame(
        {
            "channel": pd.Categorical(["email", "Chat", "", "phone"]),
            "reopens": np.array([0, 2, -1, 5]),
            "fcr": np.array([1, 0, -1, 1]),
            "solved_at": np.array(
                [epoch(at("2026-03-01 23:30")), epoch(at("2026-03-02 10:00")), MISSING, epoch(at("2026-03-03 00:00"))]
            ),
        }
    )


@pytest.mark.parametrize(
    ("column", "operator", "value", "expected"),
    [
        ("channel", "equals", "EMAIL", [True, False, False, False]),
        ("channel", "one_of", "chat, phone,", [False, True, False, True]),
        ("channel", "filled", "", [True, True, False, True]),
        ("channel", "empty", "ignored", [False, False, True, False]),
        ("channel", "equals", "fax", [False, False, False, False]),
        ("reopens", "equals", "2", [False, True, False, False]),
        ("reopens", "one_of", "0, 5", [True, False, False, True]),
        ("reopens", "at_least", "2", [False, True, False, True]),
        ("reopens", "at_most", "2.5", [True, True, False, False]),
        ("reopens", "empty", "", [False, False, True, False]),
        ("fcr", "equals", "yes", [True, False, False, True]),
        ("fcr", "equals", "No", [False, True, False, False]),
        ("fcr", "filled", "", [True, True, False, True]),
        ("solved_at", "equals", "2026-03-02", [True, True, False, False]),
        ("solved_at", "at_least", "2026-03-03", [False, False, False, True]),
        ("solved_at", "at_most", "2026-03-02", [True, True, False, False]),
        ("solved_at", "empty", "", [False, False, True, False]),
    ],
)
def test_a_condition_holds_for_these_rows(frame, column, operator, value, expected):
    organisation(time_zone="Europe/Berlin")
    found = conditions.read("tickets", {"column": column, "operator": operator, "value": value})
    assert conditions.fulfilled(frame, "tickets", (found,)).tolist() == expected
    assert conditions.read("tickets", found.stored()) == found


def test_all_conditions_must_hold(frame):
    both = tuple(
        conditions.read("tickets", {"column": column, "operator": "equals", "value": value})
        for column, value in (("channel", "chat"), ("fcr", "no"))
    )
    assert conditions.fulfilled(frame, "tickets", both).tolist() == [False, True, False, False]
    assert conditions.fulfilled(frame, "tickets", ()).tolist() == [True] * 4


@pytest.mark.parametrize(
    ("column", "operator", "value", "sentence"),
    [
        ("password", "equals", "x", "“Tickets” have no column “password”."),
        ("channel", "like", "x", "Choose how “channel” is compared."),
        ("channel", "equals", "  ", "Say what “channel” is compared with."),
        ("channel", "at_least", "a", "“channel” has no order: choose “is”, “is one of”, “is filled” or “is empty”."),
        ("channel", "one_of", ",", "Give 1 to 50 values for “channel”, with commas between them."),
        ("channel", "one_of", "a," * 51, "Give 1 to 50 values for “channel”, with commas between them."),
        ("channel", "equals", "a" * 201, "A value of “channel” has at most 200 characters."),
        ("reopens", "equals", "many", "“times reopened” is a number, and “many” is none; write it like 12.5."),
        ("reopens", "at_least", "inf", "“times reopened” is a number, and “inf” is none; write it like 12.5."),
        ("is_outbound", "equals", "perhaps", "“started by us” is yes or no; write one of the two."),
        (
            "solved_at",
            "at_least",
            "31.1.2026",
            "“last solve” is a day; write it as year-month-day, for example 2026-01-31.",
        ),
    ],
)
def test_nonsense_is_refused_in_one_sentence(column, operator, value, sentence):
    with pytest.raises(BadConditionError) as refused:
        conditions.read("tickets", {"column": column, "operator": operator, "value": value})
    assert str(refused.value) == sentence


def test_every_table_is_a_frame_with_a_day():
    assert set(TABLES) <= set(DIMENSIONS)
    assert all(table.days for table in TABLES.values())
