"""Asking an owner how a goal goes."""

from datetime import UTC, date, datetime, timedelta

import pytest

from goals import check_in_requests
from goals.changes import NotPossibleError
from kpiproject.models import Mail
from tests.factories import GoalFactory, ManagerFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 18, 9, tzinfo=UTC)


def test_the_owner_gets_a_mail_with_the_way_to_the_form(settings) -> None:
    settings.BASE_URL = "https://kpi.example.com"
    goal = GoalFactory(owner__name="Jon", owner__email="jon@example.org", statement="Nine of ten & more")
    letter = check_in_requests.ask(goal, by=ManagerFactory(name="Mara"), now=NOW)
    assert (letter.recipient, letter.kind) == ("jon@example.org", "check_in_request")
    assert letter.subject == "How does it go: Nine of ten & more"
    assert "Mara asks how this goal goes." in letter.text
    assert f"https://kpi.example.com/goals/{goal.pk}/#check-ins" in letter.text
    assert "Nine of ten &amp; more" in letter.html


def test_once_a_day() -> None:
    goal, mara = GoalFactory(owner__name="Jon"), ManagerFactory()
    check_in_requests.ask(goal, by=mara, now=NOW)
    with pytest.raises(NotPossibleError, match=r"Jon was asked today already\."):
        check_in_requests.ask(goal, by=mara, now=NOW + timedelta(hours=3))
    check_in_requests.ask(goal, by=mara, now=NOW + timedelta(days=1))
    assert Mail.objects.count() == 2


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"state": "draft"}, "There is nothing to check in on: it is not running."),
        ({"start": date(2026, 4, 1)}, "There is nothing to check in on: it is not running."),
        ({"owner__is_active": False, "owner__name": "Jon"}, "Jon has left. Hand it over first."),
        ({"checked_in_on": date(2026, 3, 18)}, "There was a check-in today."),
    ],
)
def test_refused_with_a_reason(fields: dict[str, object], reason: str) -> None:
    goal = GoalFactory(**fields)
    with pytest.raises(NotPossibleError) as told:
        check_in_requests.ask(goal, by=ManagerFactory(), now=NOW)
    assert str(told.value) == reason
    assert not Mail.objects.exists()
