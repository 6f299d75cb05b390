from datetime import date

import pytest

from tests.goals.smart.written import checked

ENDS = (date(2026, 6, 28), date(2026, 7, 5))


@pytest.mark.parametrize(
    ("fields", "outcome", "field", "text"),
    [
        ({}, "pass", "state", "From 1 Jun 2026 to 27 Dec 2026."),
        ({"start": None}, "block", "start", "Say when it starts."),
        ({"due": None}, "block", "due", "Say when it is due."),
        (
            {"due": date(2026, 6, 1)},
            "block",
            "due",
            "Due on 1 Jun 2026, it would end before it starts on 1 Jun 2026.",
        ),
        (
            {"start": date(2026, 3, 2), "due": date(2026, 5, 31)},
            "block",
            "due",
            "This day is over, so the goal could no longer be reached; choose a later day.",
        ),
        ({"start": date(2026, 3, 2), "due": date(2026, 5, 31), "state": "active"}, "pass", "state", None),
    ],
)
def test_from_a_day_to_a_later_one(fields, outcome, field, text):
    found = checked(**fields)["dates"]
    assert (found.outcome, found.field) == (outcome, field)
    assert text is None or found.text == text


@pytest.mark.parametrize(
    ("known", "fields", "outcome", "text"),
    [
        ({"period_ends": ENDS}, {"due": ENDS[0]}, "pass", "It is due when a week ends."),
        ({"period_ends": ENDS}, {"due": ENDS[0], "grain": "month"}, "pass", "It is due when a month ends."),
        (
            {"period_ends": ENDS},
            {"due": date(2026, 6, 30)},
            "block",
            (
                "30 Jun 2026 is in the middle of a week, whose last days would not count. "
                "Choose 28 Jun 2026 or 5 Jul 2026."
            ),
        ),
        (
            {"period_ends": (date(2026, 5, 31), date(2026, 6, 30)), "has_whole_period": False},
            {"due": date(2026, 6, 29), "grain": "month"},
            "block",
            "Between start and due lies no complete month to judge it by; choose a later day.",
        ),
    ],
)
def test_due_when_a_period_ends(known, fields, outcome, text):
    found = checked(known, **fields)["period_end"]
    assert (found.outcome, found.text) == (outcome, text)


@pytest.mark.parametrize(
    ("start", "due", "outcome"),
    [
        (date(2026, 6, 1), date(2027, 5, 31), "pass"),
        (date(2026, 6, 1), date(2027, 6, 1), "warn"),
        (date(2028, 2, 29), date(2029, 2, 28), "pass"),
        (date(2028, 2, 29), date(2029, 3, 1), "warn"),
    ],
)
def test_no_longer_than_a_year(start, due, outcome):
    assert checked(start=start, due=due)["length"].outcome == outcome


@pytest.mark.parametrize(
    ("due", "check_in", "review", "outcome"),
    [
        (date(2026, 6, 28), "weekly", "two_weekly", "pass"),
        (date(2026, 6, 28), "two_weekly", "weekly", "warn"),  # two check-ins
        (date(2026, 6, 28), "weekly", "monthly", "warn"),  # no review
        (date(2026, 7, 26), "two_weekly", "monthly", "pass"),
        (date(2026, 7, 19), "two_weekly", "monthly", "warn"),
    ],
)
def test_looks_at_it_on_the_way(due, check_in, review, outcome):
    found = checked(due=due, check_in_cadence=check_in, review_cadence=review)["rhythm"]
    assert found.outcome == outcome


def test_how_many_looks_there_are_is_said():
    assert checked()["rhythm"].text == "About 30 check-ins and 7 reviews before it is due."


def test_somebody_reviews_it():
    found = checked(review_cadence="")["review_cadence"]
    assert (found.outcome, found.field, found.text) == (
        "block",
        "review_cadence",
        "Choose how often the goal is reviewed.",
    )
    assert checked()["review_cadence"].text == "Reviewed every month."
