from datetime import date, timedelta

import pytest

from goals import countdown

TODAY = date(2026, 3, 18)


@pytest.mark.parametrize(
    ("days", "until", "left"),
    [
        (-3, "3 days ago", "3 days over"),
        (-1, "yesterday", "1 day over"),
        (0, "today", "the last day"),
        (1, "tomorrow", "1 day left"),
        (20, "in 20 days", "20 days left"),
        (21, "in 3 weeks", "3 weeks left"),
        (27, "in 4 weeks", "3 weeks left"),  # about, and whole ones
        (200, "in 29 weeks", "28 weeks left"),
    ],
)
def test_days_in_words(days, until, left):
    day = TODAY + timedelta(days=days)
    assert (countdown.until(day, TODAY), countdown.left(day, TODAY)) == (until, left)
