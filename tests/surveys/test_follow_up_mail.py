"""Who is told of an unhappy customer, in which words, once, and one mail instead of many."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from kpiproject import mail
from kpiproject.mail import SECRET_KINDS
from kpiproject.models import Mail, User
from surveys import follow_up_links, follow_up_mail, follow_up_steps, follow_ups
from surveys.models import Answer, FollowUp, FollowUpNote, FollowUpRules, FollowUpTelling
from tests.factories import (
    AnswerFactory,
    CalendarFactory,
    ContactFactory,
    ManagerFactory,
    StaffFactory,
    SurveyFactory,
    UserFactory,
)
from tests.follow_up_factories import FollowUpRouteFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
AN_HOUR_AGO = NOW - timedelta(hours=1)


@pytest.fixture
def owner() -> User:
    return ManagerFactory(name="Mara", email="mara@example.org", time_zone="UTC")


def unhappy(owner: User | None = None, *, kind: str = "csat", score: int = 2, **fields: Any) -> Answer:
    survey = fields.pop("survey", None) or SurveyFactory(kind=kind, owner=owner)
    return AnswerFactory(survey=survey, score=score, **{"answered_at": AN_HOUR_AGO} | fields)


def sweep(now: datetime = NOW) -> int:
    follow_ups.open_for_unhappy(now)
    return follow_up_mail.tell(now)


def told() -> list[tuple[int, str]]:
    rows = FollowUpTelling.objects.order_by("pk")
    return list(rows.values_list("note__follow_up__links__answer", "recipient__email"))


# --- Who ----------------------------------------------------------------------------------------------------------
def test_owner_of_the_survey_is_told(owner: User) -> None:
    ManagerFactory()
    answer = unhappy(owner)
    assert sweep() == 1
    assert told() == [(answer.pk, "mara@example.org")]
    telling = FollowUpTelling.objects.get()
    assert (telling.mail.recipient, telling.mail.state, telling.at) == ("mara@example.org", "queued", NOW)
    assert [sweep(), follow_up_mail.tell(NOW + timedelta(days=1))] == [0, 0]


def test_route_comes_before_the_owner(owner: User) -> None:
    expert = StaffFactory(email="expert@example.org")
    FollowUpRouteFactory(channel="chat", owner=expert)
    answer = unhappy(owner, channel="chat")
    assert sweep() == 1
    assert told() == [(answer.pk, "expert@example.org")]
    letter = Mail.objects.get()
    assert "because unhappy customers of this kind are yours to take care of." in letter.text


@pytest.mark.parametrize("has_owner", [True, False])
def test_managers_are_told_where_no_owner_is_active(has_owner: bool) -> None:
    managers = [ManagerFactory(email=f"m{number}@example.org") for number in range(2)]
    ManagerFactory(is_active=False)
    StaffFactory()
    answer = unhappy(ManagerFactory(is_active=False) if has_owner else None)
    assert sweep() == 2
    assert told() == [(answer.pk, manager.email) for manager in managers]
    assert sweep() == 0


def test_managers_are_told_if_the_owner_leaves_before_the_mail(owner: User) -> None:
    unhappy(owner)
    follow_ups.open_for_unhappy(NOW)
    User.objects.filter(pk=owner.pk).update(is_active=False)
    ManagerFactory(email="m@example.org")
    assert follow_up_mail.tell(NOW) == 1
    assert Mail.objects.get().recipient == "m@example.org"


def test_nobody_to_tell_now_is_told_later() -> None:
    unhappy()
    assert sweep() == 0
    ManagerFactory()
    assert sweep() == 1


def test_address_that_cannot_be_mailed_keeps_nobody_else_from_being_told(caplog) -> None:
    unhappy()
    User.objects.filter(pk=ManagerFactory().pk).update(email="no address")
    ManagerFactory(email="m@example.org")
    assert sweep() == 1
    assert [(one.recipient.email, one.mail is None) for one in FollowUpTelling.objects.order_by("pk")] == [
        ("no address", True),
        ("m@example.org", False),
    ]
    assert sweep() == 0  # nor is it tried, or logged, again
    assert [record.getMessage()[-33:] for record in caplog.records] == ["could not be told of 1 follow-ups."[-33:]]


def test_fault_of_any_kind_in_one_mail_leaves_the_others_theirs(owner: User, monkeypatch) -> None:
    unhappy(owner)
    unhappy(ManagerFactory(email="m@example.org"))
    compose = mail.compose

    def broken(*args: Any, **given: Any) -> Mail:
        if given["to"] == owner.email:
            raise RuntimeError("no")
        return compose(*args, **given)

    monkeypatch.setattr(mail, "compose", broken)
    assert sweep() == 1
    assert Mail.objects.get().recipient == "m@example.org"


def test_unknown_zone_of_a_person_falls_back_to_that_of_the_organisation(owner: User) -> None:
    User.objects.filter(pk=owner.pk).update(time_zone="Mars/Olympus")
    unhappy(owner)
    assert sweep() == 1
    assert "When: 2 Mar 2026, 11:00\n" in Mail.objects.get().text


def test_stuck_answers_of_one_person_leave_room_for_the_others(owner: User, monkeypatch) -> None:
    monkeypatch.setattr(follow_up_mail, "MOST_AT_ONCE", 2)
    User.objects.filter(pk=owner.pk).update(email="no address")
    survey = SurveyFactory(owner=owner)
    for _number in range(2):
        unhappy(survey=survey)
    unhappy(ManagerFactory(email="m@example.org"))
    assert [sweep() for _sweep in range(2)] == [0, 1]


def test_managers_are_told_instead_of_an_owner_who_may_not_take_care() -> None:
    unhappy(UserFactory(email="norole@example.org"))
    ManagerFactory(email="m@example.org")
    assert sweep() == 1
    letter = Mail.objects.get()
    assert letter.recipient == "m@example.org"
    assert "because you are a manager and nobody else is there to take care of this." in letter.text


def test_agent_of_the_ticket_is_never_told(owner: User) -> None:
    StaffFactory(name="Ada Agent", email="ada@example.org")
    unhappy(owner, agent="ada@example.org")
    sweep()
    assert list(Mail.objects.values_list("recipient", flat=True)) == ["mara@example.org"]


def test_who_takes_it_before_the_mail_needs_none(owner: User) -> None:
    unhappy(owner)
    follow_ups.open_for_unhappy(NOW)
    follow_up_steps.take(FollowUp.objects.get().pk, ManagerFactory(), now=NOW)
    assert follow_up_mail.tell(NOW) == 0
    assert not FollowUpNote.objects.filter(is_to_tell=True).exists()


# --- A score comes before its words -------------------------------------------------------------------------------
def test_a_fresh_score_waits_a_minute_for_its_words(owner: User) -> None:
    answer = unhappy(owner, answered_at=NOW)
    assert sweep(NOW) == 0
    assert FollowUp.objects.count() == 1  # it is open at once
    Answer.objects.filter(pk=answer.pk).update(comment="Nobody called.", changed_at=NOW + timedelta(seconds=20))
    assert sweep(NOW + timedelta(seconds=30)) == 1
    assert Mail.objects.get().subject == "Unhappy: 2 of 5, “Nobody called.”"


def test_a_score_without_words_is_told_after_a_minute(owner: User) -> None:
    unhappy(owner, answered_at=NOW)
    moments = [NOW + timedelta(seconds=seconds) for seconds in (0, 59, 60)]
    assert [sweep(moment) for moment in moments] == [0, 0, 1]


# --- In which words -----------------------------------------------------------------------------------------------
def detailed(owner: User, **fields: Any) -> Answer:
    contact = ContactFactory(name="Carla Customer", email="carla@example.com")
    survey = SurveyFactory(name="After a ticket", slug="after", owner=owner)
    given = {"ticket": "T-4711", "channel": "chat", "agent": "Ada Agent", "comment": "Nobody called me back.\n\nBye."}
    return unhappy(survey=survey, contact=contact, **given | fields)


def test_mail_about_one_answer(owner: User, settings) -> None:
    settings.BASE_URL = "https://kpi.example.com"
    CalendarFactory()
    detailed(owner)
    sweep()
    letter, follow_up = Mail.objects.get(), FollowUp.objects.get()
    assert letter.subject == "Unhappy: 2 of 5, “Nobody called me back. Bye.”"
    [take_url] = re.findall(r"https://kpi\.example\.com/f/\S+", letter.text)
    assert follow_up_links.find(take_url.rstrip("/").rpartition("/")[2]) == (follow_up, owner)
    assert letter.text == (
        "Somebody is unhappy. A quick reply often changes that.\n"
        "\n"
        "* 2 of 5 (unhappy)\n"
        "  “Nobody called me back.\n\nBye.”\n"
        "  Survey: After a ticket\n"
        "  Ticket: T-4711\n"
        "  Channel: chat\n"
        "  Customer: Carla Customer (carla@example.com)\n"
        "  When: 2 Mar 2026, 11:00\n"
        "  Until: 3 Mar 2026, 11:00, by your opening hours\n"
        f"  I take care of it: {take_url}\n"
        f"  Everything about it: https://kpi.example.com/follow-ups/{follow_up.pk}/\n"
        "\n"
        "--\n"
        "You get this mail because you own this survey. "
        "The links are yours alone: please do not forward this mail.\n"
    )
    assert "Ada Agent" not in letter.text + letter.html
    mailto = "mailto:carla@example.com?subject=Your%20feedback%20on%20ticket%20T-4711"
    assert f'<a href="{mailto}"' in letter.html
    assert ">Write to Carla Customer</a>" in letter.html
    assert f'href="{take_url}"' in letter.html
    assert ">I take care of it</a>" in letter.html


def test_due_time_by_the_calendar_says_so(owner: User) -> None:
    detailed(owner)
    sweep()
    said = "Until: 3 Mar 2026, 11:00, by the calendar, because no opening hours are set\n"
    assert said in Mail.objects.get().text


def test_the_link_is_read_by_nobody_in_the_administration(owner: User) -> None:
    detailed(owner)
    sweep()
    assert Mail.objects.get().kind in SECRET_KINDS


def test_owner_who_may_not_see_contacts_reads_no_name() -> None:
    detailed(StaffFactory())
    sweep()
    letter = Mail.objects.get()
    assert [word for word in ("Carla", "carla@", "Customer:", "mailto:") if word in letter.text + letter.html] == []


def test_nobody_to_write_to_is_said(owner: User) -> None:
    unhappy(owner, comment="Dirty shop.")
    sweep()
    assert "Customer: not known; there is nobody to write to\n" in Mail.objects.get().text


@pytest.mark.parametrize(
    ("fields", "subject"),
    [
        ({"comment": ""}, "Unhappy: 2 of 5, ticket T-4711"),
        ({"comment": " ", "ticket": ""}, "Unhappy: 2 of 5, After a ticket"),
        ({"comment": "x" * 4000, "score": 1}, "Unhappy: 1 of 5, “" + "x" * 44 + "…”"),
    ],
)
def test_subject_says_the_most_telling_thing(owner: User, fields: dict[str, Any], subject: str) -> None:
    detailed(owner, **fields)
    sweep()
    assert Mail.objects.get().subject == subject


def test_time_and_language_of_the_reader() -> None:
    detailed(ManagerFactory(time_zone="Asia/Tokyo", language="de"))
    sweep()
    assert "2. März 2026 20:00" in Mail.objects.get().text


def test_what_a_customer_wrote_is_no_html_and_no_header(owner: User) -> None:
    detailed(owner, comment="<script>alert(1)</script>\r\nBcc: all@example.com")
    sweep()
    letter = Mail.objects.get()
    assert "<script>" not in letter.html
    assert letter.headers == {}
    assert "\n" not in letter.subject


# --- Exactly once -------------------------------------------------------------------------------------------------
def test_mail_and_telling_are_written_together_or_not_at_all(owner: User, monkeypatch) -> None:
    unhappy(owner)

    def die(*_anything: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(FollowUpTelling.objects, "bulk_create", die)
        with pytest.raises(KeyboardInterrupt):
            sweep()
    assert (Mail.objects.count(), FollowUpTelling.objects.count()) == (0, 0)
    assert sweep() == 1


@pytest.mark.django_db(transaction=True)
def test_sweeps_at_the_same_moment_tell_once(at_once) -> None:
    managers = [ManagerFactory() for _ in range(3)]
    survey = SurveyFactory(owner=None)
    for _ in range(20):
        unhappy(survey=survey)

    def counts() -> tuple[int, int]:
        return Mail.objects.count(), FollowUpTelling.objects.count()

    written = at_once(*[sweep] * 4)
    assert sum(written) == len(managers)
    assert at_once(counts) == [(3, 60)]


# --- Quick --------------------------------------------------------------------------------------------------------
def test_quiet_sweep_asks_once_and_many_cost_as_much_as_one(owner: User, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        follow_up_mail.tell(NOW)
    FollowUpRules.objects.update_or_create(pk=1, defaults={"most_mails": 1})
    survey = SurveyFactory(owner=owner)
    unhappy(survey=survey, answered_at=NOW - timedelta(hours=3))
    sweep(NOW - timedelta(hours=2))  # the organisation exists from now on
    costs = []
    for hours, count in ((2, 2), (4, 6)):
        later = NOW + timedelta(hours=hours)
        for _ in range(count):
            unhappy(survey=survey, answered_at=later - timedelta(minutes=2), contact=ContactFactory())
        follow_ups.open_for_unhappy(later)
        connection.force_debug_cursor, before = True, len(connection.queries_log)
        assert follow_up_mail.tell(later) == 1
        costs.append(len(connection.queries_log) - before)
        connection.force_debug_cursor = False
    assert costs[0] == costs[1]
