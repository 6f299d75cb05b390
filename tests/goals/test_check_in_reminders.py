"""Once a week one mail says which check-ins a person owes, and which they are to read."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from goals import check_in_reminders
from kpiproject import mail
from kpiproject.models import Mail
from tests.factories import GoalFactory, StaffFactory
from tests.goal_factories import CheckInFactory
from tests.metrics.figures import organisation

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 16, 7, tzinfo=UTC)


@pytest.fixture
def written(db):
    """Ola owes one check-in and has written another one, which Rea has not read."""
    ola = StaffFactory(name="Ola", email="ola@example.org")
    rea = StaffFactory(name="Rea", email="rea@example.org")
    begun = {"owner": ola, "reviewer": rea, "created_at": datetime(2026, 1, 1, tzinfo=UTC)}
    GoalFactory(statement="Faster", checked_in_on=date(2026, 2, 26), **begun)
    goal = GoalFactory(statement="Kinder <b>", checked_in_on=date(2026, 3, 12), **begun)
    return CheckInFactory(goal=goal, by=ola)


def test_each_is_told_of_what_is_theirs(written):
    assert check_in_reminders.remind(MONDAY) == 2
    ola, rea = Mail.objects.order_by("recipient")
    assert (ola.recipient, ola.subject) == ("ola@example.org", "1 check-in waits for you")
    assert "* Faster\n  no check-in for 18 days\n  http" in ola.text
    assert "To read" not in ola.text
    assert (rea.recipient, rea.subject) == ("rea@example.org", "1 check-in waits for you")
    assert "To read and acknowledge:\n\n* Kinder <b>\n  Ola, 12 Mar 2026\n" in rea.text
    assert "Kinder &lt;b&gt;" in rea.html
    assert f"/goals/{written.goal_id}/#check-ins" in rea.html


@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles", "Pacific/Auckland"])
def test_a_sweep_in_every_hour_of_two_weeks_writes_once_a_week(zone, written):
    organisation(time_zone=zone)
    monday = datetime(2026, 3, 16, 7, tzinfo=ZoneInfo(zone))
    count = {at: check_in_reminders.remind(monday + timedelta(hours=at)) for at in range(-50, 14 * 24 - 50)}
    assert {at: new for at, new in count.items() if new} == {0: 2, 7 * 24: 2}


def test_whoever_has_nothing_to_do_gets_no_mail(written):
    written.goal.state = "cancelled"
    written.goal.save()
    StaffFactory()
    assert check_in_reminders.remind(MONDAY) == 1
    assert Mail.objects.get().recipient == "ola@example.org"


def test_one_who_cannot_be_told_keeps_nobody_from_being_told(written, monkeypatch):
    compose = mail.compose

    def broken(template, *, to, **rest):
        if to == "ola@example.org":
            raise ValueError("It broke.")
        return compose(template, to=to, **rest)

    monkeypatch.setattr(mail, "compose", broken)
    assert check_in_reminders.remind(MONDAY) == 1
    monkeypatch.undo()
    assert check_in_reminders.remind(MONDAY) == 1
    assert sorted(Mail.objects.values_list("recipient", flat=True)) == ["ola@example.org", "rea@example.org"]


def test_twenty_are_named_and_the_others_counted(written):
    for _number in range(23):
        CheckInFactory(goal=written.goal, by=written.by)
    check_in_reminders.remind(MONDAY)
    text = Mail.objects.get(recipient="rea@example.org").text
    assert (text.count("\n* "), "and 4 more" in text) == (20, True)
