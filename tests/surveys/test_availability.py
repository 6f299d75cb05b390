from datetime import UTC, datetime, timedelta

import pytest

from surveys import availability
from surveys.availability import Availability
from surveys.models import Answer, Invitation, Survey

SENT = datetime(2026, 3, 1, 12, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


def asked(*, status="open", lock_after_days=14) -> Invitation:
    survey = Survey(status=status, lock_after_days=lock_after_days)
    return Invitation(survey=survey, created_at=SENT, expires_at=SENT + timedelta(days=28))


def state(invitation: Invitation, *, answered: timedelta | None, later: timedelta) -> Availability:
    answer = None if answered is None else Answer(answered_at=SENT + answered)
    return availability.of_invitation(invitation, answer, SENT + later)


@pytest.mark.parametrize(
    ("answered", "later", "expected"),
    [
        (None, timedelta(0), "open"),
        (None, timedelta(days=28) - MOMENT, "open"),
        (None, timedelta(days=28), "expired"),
        (timedelta(0), timedelta(days=14) - MOMENT, "changeable"),
        (timedelta(0), timedelta(days=14), "locked"),
        (timedelta(0), timedelta(days=15), "locked"),
        # Answered on the last day: the lock date counts from the answer, the expiry is over.
        (timedelta(days=27), timedelta(days=40), "changeable"),
        (timedelta(days=27), timedelta(days=41), "locked"),
    ],
)
def test_invitation_by_time(answered, later, expected):
    assert state(asked(), answered=answered, later=later) == expected


@pytest.mark.parametrize("status", ["closed", "draft"])
@pytest.mark.parametrize("answered", [None, timedelta(0)])
def test_survey_that_is_not_open_takes_nothing(status, answered):
    assert state(asked(status=status), answered=answered, later=timedelta(hours=1)) == Availability.CLOSED


def test_double_click_survives_a_lock_after_no_days():
    invitation = asked(lock_after_days=0)
    assert state(invitation, answered=timedelta(0), later=timedelta(minutes=4)) == "changeable"
    assert state(invitation, answered=timedelta(0), later=timedelta(minutes=5)) == "locked"


@pytest.mark.parametrize(("status", "expected"), [("open", "open"), ("closed", "closed"), ("draft", "closed")])
def test_public_link_follows_the_survey(status, expected):
    assert availability.of_public_link(Survey(status=status), None, SENT) == expected
