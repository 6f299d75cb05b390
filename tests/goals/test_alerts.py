"""Unhappy customers whom nobody takes care of: which managers are told, once, in which words."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from goals import alerts
from goals.models import Alert
from kpiproject import mail
from kpiproject.mail import SECRET_KINDS
from kpiproject.models import Mail, User
from surveys import follow_up_links, follow_up_steps, follow_ups
from surveys.models import FollowUp, FollowUpNote
from tests.factories import (
    AnswerFactory,
    CalendarFactory,
    ContactFactory,
    ManagerFactory,
    StaffFactory,
    SurveyFactory,
)
from tests.follow_up_factories import FollowUpFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)  # a Monday


@pytest.fixture
def manager() -> User:
    return ManagerFactory(name="Mara", email="mara@example.org", time_zone="UTC")


def left_lying(**fields: Any) -> FollowUp:
    """Past its limit since an hour."""
    return FollowUpFactory(**{"opened_at": NOW - timedelta(hours=13)} | fields)


def told() -> list[tuple[int, str]]:
    return list(Alert.objects.order_by("pk").values_list("follow_up_id", "recipient__email"))


# --- Of what ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("state", "minutes_past", "is_told"),
    [
        ("new", 0, True),
        ("new", -1, False),
        ("new", 60 * 24 * 30, True),
        ("taken", 60, False),
        ("contacted", 60, False),
        ("resolved", 60, False),
        ("no_answer", 60, False),
    ],
)
def test_only_what_nobody_has_taken_past_the_limit(manager: User, state: str, minutes_past: int, is_told: bool) -> None:
    FollowUpFactory(state=state, escalate_at=NOW - timedelta(minutes=minutes_past), opened_at=NOW - timedelta(hours=9))
    assert alerts.escalate(NOW) == int(is_told)
    assert Alert.objects.count() == int(is_told)


@pytest.mark.parametrize(("clock", "is_told"), [("15:59", False), ("16:00", True)])
def test_the_limit_is_counted_in_opening_hours(manager: User, clock: str, is_told: bool) -> None:
    CalendarFactory()  # 9 to 17 from Monday to Friday
    AnswerFactory(survey__owner=StaffFactory(), score=1, answered_at="2026-03-02T12:00Z")
    follow_ups.open_for_unhappy(NOW)
    assert alerts.escalate(datetime.fromisoformat(f"2026-03-02T{clock}Z")) == int(is_told)


def test_happy_answers_and_those_of_employees_are_never_left_lying(manager: User) -> None:
    AnswerFactory(score=5, answered_at=NOW)
    AnswerFactory(survey=SurveyFactory(kind="esat"), score=1, answered_at=NOW)
    follow_ups.open_for_unhappy(NOW)
    assert alerts.escalate(NOW + timedelta(days=30)) == 0


def test_the_mail_about_the_answer_is_not_sent_here(manager: User) -> None:
    AnswerFactory(survey__owner=manager, score=1, answered_at=NOW, comment="Bad")
    follow_ups.open_for_unhappy(NOW)
    assert (alerts.escalate(NOW), Mail.objects.count()) == (0, 0)


# --- Who ----------------------------------------------------------------------------------------------------------
def test_every_active_manager_is_told_whoever_was_asked_first(manager: User) -> None:
    other = ManagerFactory(email="m@example.org")
    ManagerFactory(is_active=False)
    follow_up = left_lying(assignee=StaffFactory())
    assert alerts.escalate(NOW) == 2
    assert told() == [(follow_up.pk, "mara@example.org"), (follow_up.pk, "m@example.org")]
    alert = Alert.objects.first()
    assert (alert.mail.recipient, alert.mail.state, alert.at) == (other.email, "queued", NOW)
    follow_up.refresh_from_db()
    assert (follow_up.state, follow_up.escalated_at) == ("new", NOW)
    assert [(note.kind, note.text) for note in FollowUpNote.objects.filter(kind="escalated")] == [
        ("escalated", f"Mara, {other.name}")
    ]


def test_nobody_to_tell_now_is_told_later() -> None:
    left_lying()
    assert alerts.escalate(NOW) == 0
    ManagerFactory()
    assert alerts.escalate(NOW) == 1


def test_address_that_cannot_be_mailed_keeps_nobody_else_from_being_told(caplog) -> None:
    left_lying()
    User.objects.filter(pk=ManagerFactory().pk).update(email="no address")
    ManagerFactory(email="m@example.org")
    assert alerts.escalate(NOW) == 1
    assert [(alert.recipient.email, alert.mail is None) for alert in Alert.objects.order_by("pk")] == [
        ("no address", True),
        ("m@example.org", False),
    ]
    assert alerts.escalate(NOW) == 0  # nor is it tried, or logged, again
    assert [record.getMessage()[-43:] for record in caplog.records] == [
        "could not be told of 1 unclaimed follow-ups."[-43:]
    ]


def test_fault_of_any_kind_in_one_mail_leaves_the_others_theirs(manager: User, monkeypatch) -> None:
    ManagerFactory(email="m@example.org")
    left_lying()
    compose = mail.compose

    def broken(*args: Any, **given: Any) -> Mail:
        if given["to"] == manager.email:
            raise RuntimeError("no")
        return compose(*args, **given)

    monkeypatch.setattr(mail, "compose", broken)
    assert alerts.escalate(NOW) == 1
    assert Mail.objects.get().recipient == "m@example.org"


def test_unknown_zone_of_a_person_falls_back_to_that_of_the_organisation(manager: User) -> None:
    User.objects.filter(pk=manager.pk).update(time_zone="Mars/Olympus")
    left_lying()
    assert alerts.escalate(NOW) == 1
    assert "When: 1 Mar 2026, 23:00\n" in Mail.objects.get().text


# --- In which words -----------------------------------------------------------------------------------------------
def detailed(**fields: Any) -> FollowUp:
    contact = ContactFactory(name="Carla Customer", email="carla@example.com")
    survey = SurveyFactory(name="After a ticket", slug="after")
    return left_lying(survey=survey, contact=contact, ticket="T-4711", agent="Ada Agent", said__score=2, **fields)


def test_mail_about_one(manager: User, settings) -> None:
    settings.BASE_URL = "https://kpi.example.com"
    follow_up = detailed()
    alerts.escalate(NOW)
    letter = Mail.objects.get()
    assert letter.subject == "Not taken: 2 of 5, “Nobody called me back.”"
    [take_url] = re.findall(r"https://kpi\.example\.com/f/\S+", letter.text)
    assert follow_up_links.find(take_url.rstrip("/").rpartition("/")[2]) == (follow_up, manager)
    assert letter.text == (
        "Nobody has taken this. Whoever was asked first has not taken it. Take it yourself, or hand it to somebody.\n"
        "\n"
        "* 2 of 5 (unhappy)\n"
        "  “Nobody called me back.”\n"
        "  Survey: After a ticket\n"
        "  Ticket: T-4711\n"
        "  Customer: Carla Customer (carla@example.com)\n"
        "  When: 1 Mar 2026, 23:00\n"
        "  Until: 2 Mar 2026, 23:00, by your opening hours\n"
        f"  I take care of it: {take_url}\n"
        f"  Everything about it: https://kpi.example.com/follow-ups/{follow_up.pk}/\n"
        "\n"
        "See what was left lying: https://kpi.example.com/alerts/\n"
        "\n"
        "--\n"
        "You get this mail because you are a manager. "
        "The links are yours alone: please do not forward this mail.\n"
    )
    assert "Ada Agent" not in letter.text + letter.html
    assert f'href="{take_url}"' in letter.html
    assert letter.kind in SECRET_KINDS


def test_several_are_one_mail_for_each_manager_the_longest_waiting_first(manager: User) -> None:
    found = [left_lying(escalate_at=NOW - timedelta(minutes=number)) for number in range(12)]
    assert alerts.escalate(NOW) == 1
    letter = Mail.objects.get()
    assert letter.subject == "Nobody takes care of 12 customers"
    assert letter.text.count("* ") == alerts.MOST_IN_MAIL == 10
    assert "\nand 2 more\n" in letter.text
    places = [letter.text.find(f"/follow-ups/{one.pk}/") for one in reversed(found)]
    assert places[:10] == sorted(places[:10])
    assert sorted(told()) == [(one.pk, "mara@example.org") for one in found]


def test_time_and_language_of_the_reader() -> None:
    ManagerFactory(time_zone="Asia/Tokyo", language="de")
    detailed()
    alerts.escalate(NOW)
    assert "2. März 2026 08:00" in Mail.objects.get().text


def test_what_a_customer_wrote_is_no_html(manager: User) -> None:
    detailed(said__comment="<script>alert(1)</script>")
    alerts.escalate(NOW)
    assert "<script>" not in Mail.objects.get().html


# --- Exactly once -------------------------------------------------------------------------------------------------
def test_what_was_told_is_told_again_only_after_it_was_opened_again(manager: User) -> None:
    follow_up = left_lying()
    assert [alerts.escalate(NOW), alerts.escalate(NOW + timedelta(days=1))] == [1, 0]
    follow_up_steps.contacted(follow_up.pk, by=manager, how="phone", now=NOW)
    follow_up_steps.give_up(follow_up.pk, by=manager, now=NOW)
    AnswerFactory(survey=follow_up.survey, contact=follow_up.contact, score=1, answered_at=NOW + timedelta(hours=1))
    follow_ups.open_for_unhappy(NOW + timedelta(hours=1))
    assert alerts.escalate(NOW + timedelta(hours=2)) == 0
    assert alerts.escalate(NOW + timedelta(hours=13)) == 1
    assert Alert.objects.filter(follow_up=follow_up).count() == 2


def test_mail_and_alert_are_written_together_or_not_at_all(manager: User, monkeypatch) -> None:
    left_lying()

    def die(*_anything: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Alert.objects, "bulk_create", die)
        with pytest.raises(KeyboardInterrupt):
            alerts.escalate(NOW)
    assert (Mail.objects.count(), Alert.objects.count()) == (0, 0)
    assert alerts.escalate(NOW) == 1


@pytest.mark.django_db(transaction=True)
def test_sweeps_at_the_same_moment_tell_once(at_once) -> None:
    managers = [ManagerFactory() for _ in range(3)]
    survey = SurveyFactory(owner=None)
    for _ in range(20):
        left_lying(survey=survey)

    def counts() -> tuple[int, int]:
        return Mail.objects.count(), Alert.objects.count()

    written = at_once(*[lambda: alerts.escalate(NOW)] * 4)
    assert sum(written) == len(managers)
    assert at_once(counts) == [(3, 60)]


# --- Quick --------------------------------------------------------------------------------------------------------
def test_quiet_sweep_asks_once_and_many_cost_as_much_as_one(manager: User, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        alerts.escalate(NOW)
    left_lying()
    alerts.escalate(NOW)  # the organisation exists from now on
    costs = []
    for count in (1, 3):
        for _ in range(count):
            left_lying()
        connection.force_debug_cursor, before = True, len(connection.queries_log)
        alerts.escalate(NOW)
        costs.append(len(connection.queries_log) - before)
        connection.force_debug_cursor = False
    assert costs[0] == costs[1]
