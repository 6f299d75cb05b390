from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goals import confidence
from goals.models import CheckIn, Goal

TODAY = date(2026, 3, 18)


@pytest.mark.parametrize(
    ("view", "status", "levels"),
    [
        ("on_track", "on_track", 0),
        ("on_track", "at_risk", 1),
        ("on_track", "off_track", 2),
        ("off_track", "at_risk", 1),
        ("on_track", "achieved", 0),
        ("on_track", "missed", 2),
        ("off_track", "missed", 0),
        ("at_risk", "gathering", None),
        ("at_risk", "scheduled", None),
        ("at_risk", "", None),
        ("", "on_track", None),
    ],
)
def test_how_far_apart_they_are(view, status, levels):
    assert confidence.apart(view, status) == levels


@given(one=st.sampled_from(CheckIn.Confidence.values), other=st.sampled_from(CheckIn.Confidence.values))
def test_the_distance_is_the_same_both_ways_and_0_only_where_they_agree(one, other):
    assert confidence.apart(one, other) == confidence.apart(other, one)
    assert (confidence.apart(one, other) == 0) == (one == other)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "a person sees it on track"),
        ({"confidence": "off_track"}, ""),
        ({"confidence": ""}, ""),
        ({"status": "gathering"}, ""),
        ({"checked_in_on": date(2026, 3, 4)}, ""),  # two weeks ago
        ({"state": "closed"}, ""),
    ],
)
def test_a_difference_is_told_as_long_as_it_is_a_view_of_today(fields, words):
    given = {
        "check_in_cadence": "weekly",
        "state": "active",
        "status": "off_track",
        "confidence": "on_track",
        "checked_in_on": date(2026, 3, 17),
    }
    given |= {
        "check_in_cadence": "weekly",
        "start": date(2026, 1, 5),
        "due": date(2026, 6, 28),
        "created_at": datetime(2026, 1, 1, tzinfo=UTC),
    }
    assert confidence.dispute(Goal(**given | fields), TODAY) == words
