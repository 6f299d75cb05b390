"""Mails about unhappy customers when they come in swarms, and what else is told."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kpiproject.models import Mail, User
from surveys import follow_up_mail, follow_up_steps, follow_ups
from surveys.models import Answer, FollowUp, FollowUpRules, FollowUpTelling
from tests.factories import AnswerFactory, ContactFactory, ManagerFactory, StaffFactory, SurveyFactory
from tests.follow_up_factories import FollowUpFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def owner() -> User:
    return ManagerFactory(name="Mara", email="mara@example.org", time_zone="UTC")


def unhappy(owner: User | None = None, *, kind: str = "csat", score: int = 2, **fields: Any) -> Answer:
    survey = fields.pop("survey", None) or SurveyFactory(kind=kind, owner=owner)
    return AnswerFactory(survey=survey, score=score, **{"answered_at": NOW - timedelta(hours=1)} | fields)


def sweep(now: datetime = NOW) -> int:
    follow_ups.open_for_unhappy(now)
    return follow_up_mail.tell(now)


def told() -> list[tuple[int, str]]:
    rows = FollowUpTelling.objects.order_by("pk")
    return list(rows.values_list("note__follow_up__links__answer", "recipient__email"))


# --- Few and many -------------------------------------------------------------------------------------------------
def test_a_few_at_once_are_a_mail_each(owner: User) -> None:
    unhappy(owner)
    unhappy(owner, kind="nps", score=6)
    unhappy(owner, kind="ces", score=3)
    assert sweep() == 3
    beginnings = sorted(letter.text.splitlines()[2] for letter in Mail.objects.all())
    assert beginnings == [
        "* 2 of 5 (unhappy)",
        "* 3 of 7 (found it hard to get help)",
        "* 6 of 10 (would not recommend us)",
    ]


def test_more_than_five_at_once_are_one_mail(owner: User, settings) -> None:
    settings.BASE_URL = "https://kpi.example.com"
    survey = SurveyFactory(name="After a ticket", owner=owner)
    given = [unhappy(survey=survey, score=1 + number % 2, comment=f"words {number}") for number in range(12)]
    assert sweep() == 1
    letter = Mail.objects.get()
    assert letter.subject == "12 unhappy customers: After a ticket"
    assert letter.text.count("* ") == follow_up_mail.MOST_IN_MAIL == 10
    assert letter.text.count("/f/") == 10  # each can be taken by itself
    assert "\nand 2 more\n" in letter.text
    assert "See them all: https://kpi.example.com/follow-ups/\n" in letter.text
    assert sorted(told()) == [(answer.pk, "mara@example.org") for answer in given]


def test_after_five_in_an_hour_the_rest_is_one_mail(owner: User) -> None:
    written = []
    for minutes in range(0, 100, 4):  # 25 answers, one every four minutes
        moment = NOW + timedelta(minutes=minutes)
        unhappy(owner, answered_at=moment, comment="words")
        written.append((minutes, sweep(moment)))
    sent = [(minutes, count) for minutes, count in written if count]
    assert sent[:5] == [(0, 1), (4, 1), (8, 1), (12, 1), (16, 1)]
    assert sent[5] == (60, 1)  # when an hour has passed since the first one
    gathered = Mail.objects.get(subject__startswith="11 unhappy customers")
    assert gathered.text.count("* ") == 10
    hours = [(minutes, sum(count for other, count in sent if minutes - 60 < other <= minutes)) for minutes, _n in sent]
    assert max(count for _minutes, count in hours) == 5


def test_nobody_waits_for_the_swarm_of_somebody_else(owner: User) -> None:
    for number in range(7):
        sweep_at = NOW + timedelta(minutes=number)
        unhappy(owner, answered_at=sweep_at, comment="words")
        sweep(sweep_at)
    other = unhappy(ManagerFactory(email="m@example.org"), answered_at=NOW, comment="words")
    assert sweep(NOW + timedelta(minutes=8)) == 1
    assert told()[-1] == (other.pk, "m@example.org")


def test_the_number_of_mails_can_be_chosen(owner: User) -> None:
    FollowUpRules.objects.update_or_create(pk=1, defaults={"most_mails": 1})
    for _number in range(3):
        unhappy(owner)
    assert sweep() == 1
    assert Mail.objects.get().subject == "3 unhappy customers"


# --- What else is told --------------------------------------------------------------------------------------------
def test_whom_it_is_handed_to_is_told_in_the_words_for_them(owner: User) -> None:
    ben = StaffFactory(email="ben@example.org")
    found = FollowUpFactory(state="taken", assignee=owner, survey__owner=owner)
    follow_up_steps.hand_over(found.pk, ben, by=owner, now=NOW)
    assert follow_up_mail.tell(NOW) == 1
    letter = Mail.objects.get()
    assert (letter.recipient, letter.subject) == ("ben@example.org", "For you: 1 of 5, “Nobody called me back.”")
    assert "You get this mail because somebody handed this to you." in letter.text


def test_customer_who_is_unhappy_again_is_told_again(owner: User) -> None:
    contact = ContactFactory()
    unhappy(owner, contact=contact, answered_at=NOW, comment="First.")
    sweep(NOW)
    found = FollowUp.objects.get()
    follow_up_steps.contacted(found.pk, by=owner, how="mail", now=NOW)
    follow_up_steps.give_up(found.pk, by=owner, now=NOW)
    later = NOW + timedelta(days=2)
    unhappy(owner, contact=contact, answered_at=later, comment="Second.")
    assert sweep(later) == 1
    assert Mail.objects.order_by("pk").last().subject == "Unhappy again: 2 of 5, “Second.”"


def test_one_more_answer_to_an_open_one_makes_no_mail(owner: User) -> None:
    contact = ContactFactory()
    unhappy(owner, contact=contact)
    sweep()
    unhappy(owner, contact=contact, answered_at=NOW)
    assert sweep() == 0
