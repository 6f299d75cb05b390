"""Quiet time. The vectors V070 to V076 are facts here; their numbers stand beside them."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from kpiproject.models import Mail
from surveys import invitations
from surveys.invitations import Invitee
from surveys.models import Invitation, QuietTime, Skip
from tests.factories import ContactFactory, InvitationFactory, SurveyFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def rules(**values: int) -> None:
    QuietTime.objects.update_or_create(pk=1, defaults={"person_days": 0, "kind_days": 0} | values)


def asked(email: str, *, days_ago: float, kind: str = "csat", company: str = "", **more) -> Invitation:
    return InvitationFactory(
        contact=ContactFactory(email=email, company=company),
        survey=SurveyFactory(kind=kind),
        send_at=NOW - timedelta(days=days_ago),
        **more,
    )


def reason(email: str, *, kind: str = "csat", **more) -> str | None:
    survey = SurveyFactory(kind=kind, **{name: more.pop(name) for name in ("respects_quiet_time",) if name in more})
    return invitations.invite(survey, [Invitee(email=email, **more)], now=NOW)[0].reason


@pytest.mark.parametrize(
    ("quiet_days", "days_ago", "expected"),
    [
        (30, 30, "quiet_person"),  # V070: strictly more than 30 days
        (30, 31, None),  # V071
        (84, 85, None),  # V073
        (84, 84, "quiet_person"),
        (30, 0, "quiet_person"),
        (0, 0, None),
    ],
)
def test_nothing_within_so_many_days(quiet_days, days_ago, expected):
    rules(person_days=quiet_days)
    asked("ada@example.org", days_ago=days_ago)
    assert reason("ada@example.org") == expected


def test_a_second_later_it_is_over():
    rules(person_days=30)
    asked("ada@example.org", days_ago=30 + 1 / 86_400)
    assert reason("ada@example.org") is None


@pytest.mark.parametrize(("kind", "expected"), [("csat", "quiet_kind"), ("nps", None)])  # V076: another kind is free
def test_not_this_kind_within_so_many_days(kind, expected):
    rules(kind_days=90)
    asked("ada@example.org", days_ago=60)
    assert reason("ada@example.org", kind=kind) == expected


def test_both_rules_count_together():
    rules(person_days=14, kind_days=90)
    asked("ada@example.org", days_ago=60)
    assert reason("ada@example.org", kind="nps") is None
    assert reason("ada@example.org", kind="csat") == "quiet_person"  # by the question of a moment ago


def test_whole_company_is_left_alone_and_others_are_not():
    """V074."""
    rules(company_most=1, company_days=28)
    asked("ada@one.example", days_ago=0, company="One  Ltd")
    assert reason("ben@one.example", company="ONE ltd") == "quiet_company"
    assert reason("eve@two.example", company="Two Ltd") is None
    assert reason("kim@no.example") is None


def test_company_may_be_asked_up_to_its_number_of_people():
    rules(company_most=2, company_days=28)
    people = [Invitee(email=f"p{number}@one.example", company="One") for number in range(4)]
    found = invitations.invite(SurveyFactory(), people, now=NOW)
    assert [one.reason for one in found] == [None, None, "quiet_company", "quiet_company"]
    later = invitations.invite(SurveyFactory(), people[2:], now=NOW + timedelta(days=28, seconds=1))
    assert [one.reason for one in later] == [None, None]


@pytest.mark.parametrize("other", ["ADA@example.org", "ada+shop@example.org", "Ada+news@Example.org"])
def test_other_spellings_of_an_address_are_the_same_person(other):
    rules(person_days=7)
    asked("ada@example.org", days_ago=1)
    assert reason(other) == "quiet_person"


def test_tagged_addresses_in_one_list_are_one_person_and_get_the_first_mail():
    rules()
    people = [Invitee(email=email) for email in ("Ada+shop@example.org", "ada@example.org", "ADA@EXAMPLE.ORG")]
    found = invitations.invite(SurveyFactory(), people)
    assert [one.reason for one in found] == [None, "duplicate", "duplicate"]
    assert list(Mail.objects.values_list("recipient", flat=True)) == ["ada+shop@example.org"]


def test_cancelled_and_undeliverable_mails_have_bothered_nobody():
    rules(person_days=7)
    for state in ("cancelled", "failed"):
        mail = Mail.objects.create(key=state, message_id=state, state=state)
        asked(f"{state}@example.org", days_ago=1, mail=mail)
    asked("bounced@example.org", days_ago=1, bounced_at=NOW)
    assert [reason(f"{name}@example.org") for name in ("cancelled", "failed", "bounced")] == [None] * 3


def test_mail_that_is_planned_counts_as_well():
    rules(person_days=7)
    asked("ada@example.org", days_ago=-3)
    assert reason("ada@example.org") == "quiet_person"


def test_survey_somebody_expects_does_not_wait():
    rules(person_days=7)
    asked("ada@example.org", days_ago=1)
    assert reason("ada@example.org", respects_quiet_time=False) is None


def test_two_tickets_of_one_person_in_one_sweep_ask_once():
    rules(person_days=7)
    people = [Invitee(email="ada@example.org", cause=f"ticket:x:{number}") for number in range(2)]
    assert [one.reason for one in invitations.invite(SurveyFactory(), people)] == [None, "quiet_person"]


def test_order_of_a_list_does_not_change_how_many_are_asked():
    rules(person_days=7, company_most=2, company_days=7)
    people = [Invitee(email=f"p{number}@one.example", company="One") for number in range(3)]
    people.append(Invitee(email="p0+x@one.example", company="One"))
    counts = set()
    for at, order in enumerate(permutations(people)):
        found = invitations.invite(SurveyFactory(), order, now=NOW + timedelta(days=30 * at))
        counts.add(sum(one.status == "queued" for one in found))
    assert counts == {2}


def test_whoever_is_left_alone_is_noted_once_with_the_reason():
    rules(person_days=7)
    asked("ada@example.org", days_ago=1)
    survey, people = SurveyFactory(), [Invitee(email=email) for email in ("ada@example.org", "nonsense", "Nonsense")]
    for _time in range(3):
        invitations.invite(survey, people, key_prefix="spring", now=NOW)
    noted = Skip.objects.order_by("id").values_list("email", "reason", "contact__email")
    assert list(noted) == [
        ("ada@example.org", "quiet_person", "ada@example.org"),
        ("nonsense", "invalid_address", None),
    ]


def test_rerun_adds_nobody_even_when_the_quiet_time_is_over():
    rules(person_days=7)
    people = [Invitee(email=f"p{number}@example.org") for number in range(3)]
    survey = SurveyFactory()
    invitations.invite(survey, people, key_prefix="k", now=NOW)
    again = invitations.invite(survey, people, key_prefix="k", now=NOW + timedelta(days=100))
    assert [one.reason for one in again] == ["already_invited"] * 3
    assert (Invitation.objects.count(), Mail.objects.count(), Skip.objects.count()) == (3, 3, 0)


@pytest.mark.django_db(transaction=True)
def test_two_processes_at_once_ask_a_person_once(at_once):
    rules(person_days=7, company_most=2, company_days=7)
    surveys = [SurveyFactory() for _ in range(4)]
    spellings = ["ada@example.org", "Ada@example.org", "ada+a@example.org", "ada+b@example.org"]

    def ask(number: int) -> list[str]:
        people = [Invitee(email=spellings[number]), Invitee(email=f"p{number}@one.example", company="One")]
        return [one.status for one in invitations.invite(surveys[number], people)]

    found = at_once(*(lambda number=number: ask(number) for number in range(4)))
    assert sorted(first for first, _second in found) == ["queued", "skipped", "skipped", "skipped"]
    assert sorted(second for _first, second in found) == ["queued", "queued", "skipped", "skipped"]
