"""Unhappy answers: who is told, once, in which words."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from goals import alerts
from goals.models import Alert
from kpiproject import mail
from kpiproject.models import Mail, User
from surveys import answers
from surveys.models import Answer
from tests.factories import (
    AnswerFactory,
    ContactFactory,
    InvitationFactory,
    ManagerFactory,
    StaffFactory,
    SurveyFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
AN_HOUR_AGO = NOW - timedelta(hours=1)


@pytest.fixture
def owner() -> User:
    return ManagerFactory(name="Mara", email="mara@example.org", time_zone="UTC")


def unhappy(owner: User | None = None, *, kind: str = "csat", score: int = 2, **fields: Any) -> Answer:
    survey = fields.pop("survey", None) or SurveyFactory(kind=kind, owner=owner)
    return AnswerFactory(survey=survey, score=score, **{"answered_at": AN_HOUR_AGO} | fields)


def told() -> list[tuple[int, str]]:
    return list(Alert.objects.order_by("pk").values_list("answer_id", "recipient__email"))


# --- Of what ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "scale", "told_scores"),
    [
        ("csat", (1, 5), [1, 2]),
        ("csat", (1, 3), [1]),
        ("csat", (1, 10), [1, 2, 3, 4, 5, 6]),
        ("csat", (1, 6), []),  # nobody has published what is bad
        ("csat", (0, 4), [0, 1]),
        ("nps", (0, 10), [0, 1, 2, 3, 4, 5, 6]),
        ("nps", (1, 11), []),
        ("ces", (1, 7), [1, 2, 3]),
        ("ces", (1, 5), [1, 2]),
        ("esat", (1, 5), []),
        ("enps", (0, 10), []),
    ],
)
def test_bad_group_of_every_scale(owner: User, kind: str, scale: tuple[int, int], told_scores: list[int]) -> None:
    low, high = scale
    survey = SurveyFactory(kind=kind, owner=owner, scale_min=low, scale_max=high)
    for score in range(low, high + 1):
        unhappy(survey=survey, score=score)
    alerts.raise_unhappy(NOW)
    assert sorted(Alert.objects.values_list("answer__score", flat=True)) == told_scores


@pytest.mark.parametrize(
    ("answered", "changed", "is_told"),
    [
        (timedelta(0), None, True),
        (timedelta(seconds=-1), None, False),
        (timedelta(hours=24), None, True),
        (timedelta(hours=24, seconds=1), None, False),
        (timedelta(days=6), timedelta(hours=24), True),
        (timedelta(days=6), timedelta(hours=25), False),
    ],
)
def test_last_24_hours(owner: User, answered: timedelta, changed: timedelta | None, is_told: bool) -> None:
    unhappy(owner, answered_at=NOW - answered, changed_at=changed and NOW - changed)
    assert alerts.raise_unhappy(NOW) == int(is_told)


@pytest.mark.parametrize(
    ("said", "mails"),
    [
        ([2], 1),
        ([4], 0),
        ([3], 0),
        ([5, 1], 1),
        ([1, 5], 0),  # thought better of it before the sweep
        ([2, "sweep", 1], 1),  # worse: somebody knows already
        ([5, "sweep", 2], 1),
        ([2, "sweep", 5, "sweep", 1], 1),
    ],
)
def test_changed_answers(owner: User, said: list[Any], mails: int) -> None:
    invitation = InvitationFactory(survey=SurveyFactory(owner=owner), created_at=NOW)
    for minutes, what in enumerate([*said, "sweep", "sweep"]):
        now = NOW + timedelta(minutes=minutes)
        if what == "sweep":
            alerts.raise_unhappy(now)
        else:
            answers.record(invitation, what, f"said after {minutes} minutes", now=now)
    assert (Mail.objects.count(), Alert.objects.count()) == (mails, mails)


# --- Who ----------------------------------------------------------------------------------------------------------
def test_owner_of_the_survey_is_told(owner: User) -> None:
    ManagerFactory()
    answer = unhappy(owner)
    assert alerts.raise_unhappy(NOW) == 1
    assert told() == [(answer.pk, "mara@example.org")]
    alert = Alert.objects.get()
    assert (alert.mail.recipient, alert.mail.state, alert.at) == ("mara@example.org", "queued", NOW)


@pytest.mark.parametrize("has_owner", [True, False])
def test_managers_are_told_where_no_owner_is_active(has_owner: bool) -> None:
    managers = [ManagerFactory(email=f"m{number}@example.org") for number in range(2)]
    ManagerFactory(is_active=False)
    StaffFactory()
    answer = unhappy(ManagerFactory(is_active=False) if has_owner else None)
    assert alerts.raise_unhappy(NOW) == 2
    assert told() == [(answer.pk, manager.email) for manager in managers]
    assert alerts.raise_unhappy(NOW) == 0


def test_nobody_to_tell_now_is_told_later() -> None:
    unhappy()
    assert alerts.raise_unhappy(NOW) == 0
    ManagerFactory()
    assert alerts.raise_unhappy(NOW) == 1


def test_address_that_cannot_be_mailed_keeps_nobody_else_from_being_told(caplog) -> None:
    unhappy()
    User.objects.filter(pk=ManagerFactory().pk).update(email="no address")
    ManagerFactory(email="m@example.org")
    assert alerts.raise_unhappy(NOW) == 1
    assert [(alert.recipient.email, alert.mail is None) for alert in Alert.objects.order_by("pk")] == [
        ("no address", True),
        ("m@example.org", False),
    ]
    assert alerts.raise_unhappy(NOW) == 0  # nor is it tried, or logged, again
    assert [record.getMessage()[-39:] for record in caplog.records] == ["could not be told of 1 unhappy answers."]


def test_fault_of_any_kind_in_one_mail_leaves_the_others_theirs(owner: User, monkeypatch) -> None:
    unhappy(owner)
    unhappy(ManagerFactory(email="m@example.org"))
    compose = mail.compose

    def broken(*args: Any, **given: Any) -> Mail:
        if given["to"] == owner.email:
            raise RuntimeError("no")
        return compose(*args, **given)

    monkeypatch.setattr(mail, "compose", broken)
    assert alerts.raise_unhappy(NOW) == 1
    assert Mail.objects.get().recipient == "m@example.org"


def test_unknown_zone_of_a_person_falls_back_to_that_of_the_organisation(owner: User) -> None:
    User.objects.filter(pk=owner.pk).update(time_zone="Mars/Olympus")
    unhappy(owner)
    assert alerts.raise_unhappy(NOW) == 1
    assert "When: 2 Mar 2026, 11:00\n" in Mail.objects.get().text


def test_stuck_answers_of_one_person_leave_room_for_the_others(owner: User, monkeypatch) -> None:
    monkeypatch.setattr(alerts, "MOST_AT_ONCE", 2)
    User.objects.filter(pk=owner.pk).update(email="no address")
    survey = SurveyFactory(owner=owner)
    for _number in range(2):
        unhappy(survey=survey)
    unhappy(ManagerFactory(email="m@example.org"))
    assert [alerts.raise_unhappy(NOW) for _sweep in range(2)] == [0, 1]


def test_managers_are_told_instead_of_an_owner_who_may_not_see_answers() -> None:
    unhappy(UserFactory(email="norole@example.org"))
    ManagerFactory(email="m@example.org")
    assert alerts.raise_unhappy(NOW) == 1
    letter = Mail.objects.get()
    assert letter.recipient == "m@example.org"
    assert letter.text.endswith("because you are a manager and the survey has no owner who can read this.\n")


# --- In which words -----------------------------------------------------------------------------------------------
def detailed(owner: User, **fields: Any) -> Answer:
    contact = ContactFactory(name="Carla Customer", email="carla@example.com")
    survey = SurveyFactory(name="After a ticket", slug="after", owner=owner)
    given = {"ticket": "T-4711", "channel": "chat", "agent": "Ada Agent", "comment": "Nobody called me back.\n\nBye."}
    return unhappy(survey=survey, contact=contact, **given | fields)


def test_mail_about_one_answer(owner: User, settings) -> None:
    settings.BASE_URL = "https://kpi.example.com"
    answer = detailed(owner)
    alerts.raise_unhappy(NOW)
    letter = Mail.objects.get()
    assert letter.subject == "Unhappy: 2 of 5, “Nobody called me back. Bye.”"
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
        "\n"
        f"Open this answer: https://kpi.example.com/alerts/#answer-{answer.pk}\n"
        "\n"
        "--\n"
        "You get this mail because you own this survey.\n"
    )
    assert "Ada Agent" not in letter.text + letter.html
    mailto = "mailto:carla@example.com?subject=Your%20feedback%20on%20ticket%20T-4711"
    assert f'<a href="{mailto}"' in letter.html
    assert ">Write to Carla Customer</a>" in letter.html
    assert f'href="https://kpi.example.com/alerts/#answer-{answer.pk}"' in letter.html
    assert ">Open this answer</a>" in letter.html


def test_begun_mail_carries_nothing_but_its_subject() -> None:
    answer = unhappy(contact=ContactFactory(name="", email="a&b?cc=c@example.com"), ticket="1&bcc=d@example.com\n")
    found = alerts.complaint(answer, has_customer=True)
    assert found.customer_name == "a&b?cc=c@example.com"
    assert found.reply_url == (
        "mailto:a%26b%3Fcc%3Dc@example.com?subject=Your%20feedback%20on%20ticket%201%26bcc%3Dd%40example.com%0A"
    )
    answer.ticket = ""
    assert found.reply_url.partition("?")[2] == "subject=Your%20feedback"
    assert alerts.complaint(answer, has_customer=False).reply_url == ""


def test_owner_who_may_not_see_contacts_reads_no_name() -> None:
    detailed(StaffFactory())
    alerts.raise_unhappy(NOW)
    letter = Mail.objects.get()
    assert [word for word in ("Carla", "carla@", "Customer:", "mailto:") if word in letter.text + letter.html] == []
    assert "Open the survey: http://localhost:8000/surveys/after/\n" in letter.text


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
    alerts.raise_unhappy(NOW)
    assert Mail.objects.get().subject == subject


def test_time_and_language_of_the_reader() -> None:
    detailed(ManagerFactory(time_zone="Asia/Tokyo", language="de"))
    alerts.raise_unhappy(NOW)
    assert "2. März 2026 20:00" in Mail.objects.get().text


def test_several_for_one_person_are_one_mail(owner: User, settings) -> None:
    settings.BASE_URL = "https://kpi.example.com"
    survey = SurveyFactory(name="After a ticket", owner=owner)
    given = [unhappy(survey=survey, score=1 + number % 2, comment=f"words {number}") for number in range(12)]
    assert alerts.raise_unhappy(NOW) == 1
    letter = Mail.objects.get()
    assert letter.subject == "12 unhappy answers: After a ticket"
    assert letter.text.count("* ") == alerts.MOST_IN_MAIL == 10
    assert "\nand 2 more\n" in letter.text
    assert f"See them all: https://kpi.example.com{reverse('goals:alert_list')}\n" in letter.text
    assert letter.text.index("* 1 of 5") < letter.text.index("* 2 of 5")
    assert sorted(told()) == [(answer.pk, "mara@example.org") for answer in given]


def test_answers_to_several_surveys(owner: User) -> None:
    unhappy(owner)
    unhappy(owner, kind="nps", score=6)
    unhappy(owner, kind="ces", score=3)
    alerts.raise_unhappy(NOW)
    letter = Mail.objects.get()
    assert letter.subject == "3 unhappy answers"
    words = ["* 2 of 5 (unhappy)", "* 3 of 7 (found it hard to get help)", "* 6 of 10 (would not recommend us)"]
    assert [line for line in letter.text.splitlines() if line.startswith("* ")] == words


def test_what_a_customer_wrote_is_no_html(owner: User) -> None:
    detailed(owner, comment="<script>alert(1)</script>")
    alerts.raise_unhappy(NOW)
    assert "<script>" not in Mail.objects.get().html


# --- Exactly once -------------------------------------------------------------------------------------------------
def test_mail_and_alert_are_written_together_or_not_at_all(owner: User, monkeypatch) -> None:
    unhappy(owner)

    def die(*_anything: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Alert.objects, "bulk_create", die)
        with pytest.raises(KeyboardInterrupt):
            alerts.raise_unhappy(NOW)
    assert (Mail.objects.count(), Alert.objects.count()) == (0, 0)
    assert alerts.raise_unhappy(NOW) == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_sweeps_at_the_same_moment_tell_once(at_once) -> None:
    managers = [ManagerFactory() for _ in range(3)]
    survey = SurveyFactory(owner=None)
    for _ in range(20):
        unhappy(survey=survey)

    def counts() -> tuple[int, int]:
        return Mail.objects.count(), Alert.objects.count()

    written = at_once(*[lambda: alerts.raise_unhappy(NOW)] * 4)
    assert sum(written) == len(managers)
    assert at_once(counts) == [(3, 60)]


# --- Quick --------------------------------------------------------------------------------------------------------
def test_quiet_sweep_asks_once_and_many_answers_cost_as_much_as_one(owner: User, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        alerts.raise_unhappy(NOW)
    survey = SurveyFactory(owner=owner)
    unhappy(survey=survey)
    alerts.raise_unhappy(NOW)  # the organisation exists from now on
    costs = []
    for count in (1, 3):
        for _ in range(count):
            unhappy(survey=survey)
        connection.force_debug_cursor, before = True, len(connection.queries_log)
        alerts.raise_unhappy(NOW)
        costs.append(len(connection.queries_log) - before)
        connection.force_debug_cursor = False
    assert costs[0] == costs[1]


def test_old_answers_are_not_read() -> None:
    survey = SurveyFactory()
    old = [
        Answer(survey=survey, kind="csat", score=1, scale_min=1, scale_max=5, answered_at=NOW - timedelta(hours=number))
        for number in range(30, 5030)
    ]
    Answer.objects.bulk_create(old)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    plan = alerts._untold(NOW).explain()
    assert ("answer_when" in plan, "answer_changed" in plan) == (True, True), plan
