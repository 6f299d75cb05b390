"""Each due date is told once at each moment, to whom it concerns, in one mail per person."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from goals import action_reminders, actions, reviews
from goals.models import ActionReminder
from kpiproject import mail
from kpiproject.models import Mail
from tests.factories import ManagerFactory, ReviewFactory, StaffFactory
from tests.goal_factories import ActionFactory
from tests.metrics.figures import organisation

pytestmark = pytest.mark.django_db
DUE = date(2026, 3, 20)  # a Friday
ZONES = ["UTC", "Europe/Berlin", "America/Los_Angeles", "Pacific/Auckland", "Asia/Kathmandu"]


@pytest.fixture
def mara(db):
    return ManagerFactory(name="Mara", email="mara@example.org")


@pytest.fixture
def jon(db):
    return StaffFactory(name="Jon", email="jon@example.org")


def local(text, zone="UTC"):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def reminded():
    found = ActionReminder.objects.select_related("recipient", "action").order_by("id")
    return [(one.action.what, one.moment, one.recipient.name) for one in found]


@pytest.mark.parametrize("zone", ZONES)
def test_a_sweep_in_every_half_hour_of_two_weeks_tells_each_moment_once(zone, mara, jon):
    organisation(time_zone=zone)
    ActionFactory(what="One", owner=jon, review=ReviewFactory(owner=mara))
    at = datetime(2026, 3, 15, tzinfo=UTC)
    while at < datetime(2026, 3, 28, tzinfo=UTC):
        action_reminders.remind(at)
        at += timedelta(minutes=30)
    assert reminded() == [("One", "day", "Jon"), ("One", "overdue", "Mara")]
    first, second = ActionReminder.objects.order_by("id")
    assert timedelta(0) <= first.at - local("2026-03-20 07:00", zone) < timedelta(minutes=30)
    assert timedelta(0) <= second.at - local("2026-03-21 08:00", zone) < timedelta(minutes=30)


def test_several_share_one_mail(mara, jon):
    review = ReviewFactory(title="Spring review", owner=mara)
    for number in range(3):
        ActionFactory(what=f"Thing {number}", owner=jon, review=review)
    assert action_reminders.remind(local("2026-03-20 07:00")) == 1
    letter = Mail.objects.get()
    assert (letter.recipient, letter.subject) == ("jon@example.org", "3 actions are due today")
    assert "* Thing 1\n  Jon, due on 20 Mar 2026 (today)\n  From: Spring review\n" in letter.text
    assert f"/reviews/actions/{ActionReminder.objects.first().action_id}/" in letter.html
    assert action_reminders.remind(local("2026-03-21 08:00")) == 1
    letter = Mail.objects.latest("id")
    assert (letter.recipient, letter.subject) == ("mara@example.org", "3 actions are overdue")


def test_one_is_named_in_the_subject_and_escaped_in_the_page(mara, jon):
    ActionFactory(what="Ask <b>why</b> & write", owner=jon)
    action_reminders.remind(local("2026-03-20 07:00"))
    letter = Mail.objects.get()
    assert letter.subject == "Due today: Ask <b>why</b> & write"
    assert "<b>why" not in letter.html


def test_the_mail_shows_twenty_and_counts_the_others(jon):
    for _number in range(23):
        ActionFactory(owner=jon)
    action_reminders.remind(local("2026-03-20 07:00"))
    text = Mail.objects.get().text
    assert text.count("\n* ") == 20
    assert "3 more actions are on the page." in text


# --- Whom
def test_whoever_led_the_review_is_told_once_of_what_is_overdue_also_their_own(mara):
    ActionFactory(what="One", owner=mara, review=ReviewFactory(owner=mara))
    for hour in range(72):
        action_reminders.remind(local("2026-03-20 00:00") + timedelta(hours=hour))
    assert reminded() == [("One", "day", "Mara"), ("One", "overdue", "Mara")]


def test_instead_of_an_owner_who_left_the_leader_is_told(mara):
    ActionFactory(what="One", owner=StaffFactory(is_active=False), review=ReviewFactory(owner=mara))
    action_reminders.remind(local("2026-03-20 07:00"))
    assert reminded() == [("One", "day", "Mara")]


@pytest.mark.parametrize("has_writer", [True, False])
def test_without_a_leader_whoever_wrote_it_down_and_else_every_manager_is_told(has_writer, jon):
    writer = StaffFactory(name="Ada", is_active=has_writer)
    ManagerFactory(name="Kim"), ManagerFactory(name="Lee"), ManagerFactory(name="Gone", is_active=False)
    review = ReviewFactory(owner=ManagerFactory(name="Left", is_active=False))
    ActionFactory(what="One", owner=jon, review=review, created_by=writer)
    action_reminders.remind(local("2026-03-21 08:00"))
    expected = ["Ada"] if has_writer else ["Kim", "Lee"]
    assert reminded() == [("One", "overdue", name) for name in expected]


# --- What makes no sense is not told
@pytest.mark.parametrize("state", ["done", "dropped"])
def test_what_has_ended_reminds_nobody(state, jon):
    ActionFactory(owner=jon, state=state, ended_at=local("2026-03-19 12:00"))
    assert [action_reminders.remind(local(f"2026-03-{day} 12:00")) for day in (20, 21)] == [0, 0]


def test_one_that_is_moved_reminds_again_of_its_new_day(jon, mara):
    action = ActionFactory(what="One", owner=jon, review=ReviewFactory(owner=mara))
    action_reminders.remind(local("2026-03-20 07:00"))
    action.due = date(2026, 3, 25)
    actions.change(action, today=DUE)
    assert action_reminders.remind(local("2026-03-21 12:00")) == 0
    assert action_reminders.remind(local("2026-03-25 07:00")) == 1
    assert reminded() == [("One", "day", "Jon"), ("One", "day", "Jon")]
    assert [str(one.recipient) for one in action_reminders.told_of(action)] == ["Jon"]


def test_after_a_long_silence_only_what_is_recent_is_told(jon, mara):
    ActionFactory(what="Old", owner=jon, due=date(2026, 1, 5), review=ReviewFactory(owner=mara))
    ActionFactory(what="Young", owner=jon, due=date(2026, 3, 10), review=ReviewFactory(owner=mara))
    action_reminders.remind(local("2026-03-20 12:00"))
    assert reminded() == [("Young", "overdue", "Mara")]


# --- Exactly once, and nobody in the way of others
def test_whoever_cannot_be_told_keeps_nobody_else_from_it(jon, mara, monkeypatch, caplog):
    compose = mail.compose

    def broken(template, **given):
        if given["to"] == "jon@example.org":
            raise RuntimeError("no")
        return compose(template, **given)

    monkeypatch.setattr(mail, "compose", broken)
    ActionFactory(what="One", owner=jon), ActionFactory(what="Two", owner=mara)
    assert action_reminders.remind(local("2026-03-20 07:00")) == 1
    assert action_reminders.remind(local("2026-03-20 07:01")) == 0
    assert sorted(reminded()) == [("One", "day", "Jon"), ("Two", "day", "Mara")]
    assert ActionReminder.objects.get(recipient=jon).mail is None
    assert f"Person {jon.pk} could not be told of 1 actions." in caplog.text


@pytest.mark.django_db(transaction=True)
def test_sweeps_at_the_same_moment_write_each_mail_once(at_once):
    organisation()
    for _number in range(5):
        ActionFactory()
    counts = at_once(*[lambda: action_reminders.remind(local("2026-03-20 07:00"))] * 3)
    assert sum(counts) == 5
    assert at_once(Mail.objects.count) == [5]
    assert at_once(ActionReminder.objects.count) == [5]


def test_people_read_their_own_language(jon, settings):
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch")]
    jon.language = "de"
    jon.save()
    ActionFactory(owner=jon)
    assert action_reminders.remind(local("2026-03-20 07:00")) == 1


def test_looking_again_costs_the_same_however_much_is_open(django_assert_num_queries):
    organisation()
    for count in (1, 3):
        for _number in range(count):
            ActionFactory(due=date(2026, 6, 1))
        with django_assert_num_queries(3):
            action_reminders.remind(local("2026-03-20 12:00"))


def test_whoever_is_reminded_of_a_review_is_told_how_much_is_open(mara):
    ReviewFactory(on=DUE, owner=mara)
    reviews.remind(local("2026-03-20 07:00"))
    assert "overdue" not in Mail.objects.get().text
    ReviewFactory(on=DUE, owner=mara)
    ActionFactory(due=date(2026, 3, 19)), ActionFactory(due=DUE)
    reviews.remind(local("2026-03-20 07:01"))
    letter = Mail.objects.latest("id")
    assert "\n2 actions are open, 1 overdue.\n" in letter.text
    assert "2 actions are open, 1 overdue." in letter.html
