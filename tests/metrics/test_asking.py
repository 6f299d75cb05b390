"""Customers of solved tickets are asked by rules, in time, once, and with everything their answer is counted by."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from kpiproject.models import Mail, Organisation
from metrics import asking
from metrics.models import AskedTicket
from surveys import rules
from surveys.models import Invitation, QuietTime, Skip
from tests.factories import (
    AgentFactory,
    ContactFactory,
    CustomerFactory,
    RuleFactory,
    SurveyFactory,
    TeamFactory,
    TicketFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
SOLVED = NOW - timedelta(hours=3)


@pytest.fixture(autouse=True)
def _no_quiet_time():
    Organisation.objects.update_or_create(pk=1, defaults={"time_zone": "UTC"})
    QuietTime.objects.update_or_create(pk=1, defaults={"person_days": 0, "kind_days": 0})


def solved(**values):
    customer = values.pop("customer", None) or CustomerFactory(email=values.pop("email", "ada@example.org"))
    return TicketFactory(**{"customer": customer, "solved_at": SOLVED, "status": "solved"} | values)


def skipped() -> list[tuple[str, str]]:
    return list(Skip.objects.order_by("id").values_list("email", "reason"))


def test_solved_ticket_invites_its_customer_with_frozen_context():
    rule = RuleFactory()
    team = TeamFactory(name="Billing")
    customer = CustomerFactory(
        email="Ada@Example.org", name="Ada", company="One", language="de", time_zone="Asia/Tokyo"
    )
    ticket = solved(
        customer=customer, team=team, agent=AgentFactory(external_id="a7"), channel="chat",
        category="refund", priority="high",
    )  # fmt: skip
    assert asking.run_due(rule.pk, NOW) == 1
    found = Invitation.objects.select_related("contact", "mail").get()
    assert (found.ticket, found.ticket_source, found.agent, found.team, found.channel, found.category) == (
        ticket.external_id, "test", "a7", "Billing", "chat", "refund",
    )  # fmt: skip
    assert found.context == {"priority": "high", "customer": customer.external_id}
    assert (found.contact.company, found.contact.language, found.contact.time_zone) == ("One", "de", "Asia/Tokyo")
    assert (found.rule, found.mail.next_attempt_at) == (rule, NOW)


def test_rerun_asks_nobody_and_order_does_not_matter():
    rule = RuleFactory()
    for number in range(3):
        solved(email=f"p{number}@example.org", solved_at=SOLVED - timedelta(hours=number))
    assert [asking.run_due(rule.pk, NOW + timedelta(minutes=minutes)) for minutes in range(3)] == [3, 0, 0]
    solved(email="late@example.org", solved_at=SOLVED - timedelta(days=1))  # an import brings an older one
    assert asking.run_due(rule.pk, NOW) == 1
    assert AskedTicket.objects.count() == 4


def test_worker_that_died_before_its_note_asks_nobody_twice():
    rule = RuleFactory()
    solved()
    asking.run_due(rule.pk, NOW)
    AskedTicket.objects.all().delete()
    assert asking.run_due(rule.pk, NOW) == 0
    assert (Invitation.objects.count(), Skip.objects.count()) == (1, 0)


@pytest.mark.parametrize(
    "change",
    [
        {"is_spam": True}, {"is_test": True}, {"is_deleted": True}, {"is_outbound": True}, {"merged_into": "T-9"},
        {"is_stub": True}, {"solved_at": None}, {"solved_at": NOW - timedelta(minutes=59)},
        {"solved_at": datetime(2026, 3, 1, tzinfo=UTC)},
    ],
)  # fmt: skip
def test_what_is_not_asked_about(change):
    rule = RuleFactory(since=datetime(2026, 3, 2, tzinfo=UTC))
    solved(**change)
    assert asking.run_due(rule.pk, NOW) == 0
    assert skipped() == []


def test_no_backlog_is_asked_when_a_rule_is_switched_on():
    rule = RuleFactory(is_active=False, since=None)
    solved()
    rules.switch_on(rule, NOW)
    assert asking.run_due(rule.pk, NOW) == 0
    solved(email="new@example.org", solved_at=NOW + timedelta(minutes=1))
    assert asking.run_due(rule.pk, NOW + timedelta(hours=2)) == 1
    assert Mail.objects.get().recipient == "new@example.org"


def test_everybody_else_is_noted_with_the_reason():
    rule = RuleFactory(since=datetime(2026, 1, 1, tzinfo=UTC))
    solved(email="")
    TicketFactory(solved_at=SOLVED, status="solved")
    solved(email="nonsense")
    solved(email="old@example.org", solved_at=NOW - timedelta(days=8))
    solved(email="open@example.org", status="Re-opened")
    asking.run_due(rule.pk, NOW)
    asking.run_due(rule.pk, NOW)
    assert sorted(skipped()) == [
        ("", "no_address"), ("", "no_address"), ("nonsense", "invalid_address"),
        ("old@example.org", "too_late"), ("open@example.org", "reopened"),
    ]  # fmt: skip
    assert Invitation.objects.count() == 0


def test_rule_can_be_narrowed():
    rule = RuleFactory(filters={"channel": ["chat", "phone"], "tier": ["gold"], "priority": []})
    gold, tin = CustomerFactory(email="g@example.org", tier="gold"), CustomerFactory(email="t@example.org", tier="tin")
    solved(customer=gold, channel="chat")
    solved(customer=gold, channel="mail")
    solved(customer=tin, channel="chat")
    assert asking.run_due(rule.pk, NOW) == 1
    assert Invitation.objects.get().contact.email == "g@example.org"


def test_sample_is_the_same_in_every_rule_run():
    rule = RuleFactory(sample_percent=50)
    for number in range(60):
        solved(email=f"p{number}@example.org", external_id=f"S-{number}")
    asked = asking.run_due(rule.pk, NOW)
    assert 15 < asked < 45
    assert skipped().count(("p0@example.org", "sampled_out")) + asked <= 60
    assert Skip.objects.filter(reason="sampled_out").count() == 60 - asked


def test_mail_leaves_in_the_hours_of_the_customer():
    rule = RuleFactory(from_time=time(9), to_time=time(17), weekdays=[0, 1, 2, 3, 4])
    solved(customer=CustomerFactory(email="ny@example.org", time_zone="America/New_York"))
    solved(customer=CustomerFactory(email="tokyo@example.org", time_zone="Asia/Tokyo"))
    ContactFactory(email="moved@example.org", time_zone="Pacific/Auckland")
    solved(customer=CustomerFactory(email="moved@example.org", time_zone="Asia/Tokyo"))
    asking.run_due(rule.pk, NOW)
    assert dict(Mail.objects.values_list("recipient", "next_attempt_at")) == {
        "ny@example.org": datetime(2026, 3, 4, 14, tzinfo=UTC),
        "tokyo@example.org": datetime(2026, 3, 5, 0, tzinfo=UTC),
        "moved@example.org": datetime(2026, 3, 4, 20, tzinfo=UTC),
    }


@pytest.mark.parametrize("how", ["status", "unsolved", "event"])
def test_ticket_reopened_before_the_mail_left_is_not_asked_about_and_may_be_at_the_next_solve(how):
    rule = RuleFactory(from_time=time(18), to_time=time(20))
    ticket = solved()
    asking.run_due(rule.pk, NOW)
    assert asking.call_off_reopened() == 0
    if how == "status":
        ticket.status = "open"
    elif how == "unsolved":
        ticket.solved_at = None
    else:
        ticket.events.create(key="1", kind="reopen", at=NOW)
    ticket.save()
    assert [asking.call_off_reopened(), asking.call_off_reopened()] == [1, 0]
    assert Mail.objects.get().state == "cancelled"
    assert skipped() == [("ada@example.org", "reopened")]
    ticket.status, ticket.solved_at = "solved", NOW + timedelta(minutes=5)
    ticket.save()
    assert asking.run_due(rule.pk, NOW + timedelta(hours=2)) == 1


def test_one_ticket_is_asked_about_once_however_often_it_is_solved():
    rule, other = RuleFactory(), RuleFactory()
    other.survey = rule.survey
    other.save()
    ticket = solved()
    assert asking.run_due(rule.pk, NOW) == 1
    assert asking.run_due(other.pk, NOW) == 0
    ticket.solved_at = NOW
    ticket.save()
    assert asking.run_due(rule.pk, NOW + timedelta(hours=2)) == 0
    assert skipped() == []


def test_two_workers_do_not_run_one_rule_at_once():
    rule = RuleFactory()
    solved()
    rules.claim(rule.pk, NOW)
    assert asking.run_due(rule.pk, NOW) == 0
    assert asking.run_due(rule.pk, NOW + rules.LEASE) == 1


def test_rule_that_is_off_or_whose_survey_is_closed_asks_nobody():
    solved()
    off, closed = RuleFactory(is_active=False), RuleFactory(survey=SurveyFactory(status="closed"))
    assert off.pk not in asking.due_ids(NOW)
    assert [asking.run_due(off.pk, NOW), asking.run_due(closed.pk, NOW)] == [0, 0]
    closed.refresh_from_db()
    assert closed.lease_token == ""


def test_rehearsal_writes_nothing_and_says_who_would_be_asked():
    rule = RuleFactory(is_active=False, since=None)
    solved()
    solved(email="")
    found = list(asking.would_ask_about(rule, NOW, days=14, limit=100))
    assert [(one.email, one.refusal) for one in found] == [("ada@example.org", ""), ("", "no_address")]
    assert (Invitation.objects.count(), Skip.objects.count(), AskedTicket.objects.count()) == (0, 0, 0)


# --- On a schedule
def schedule(**values):
    given = {
        "starts_on": date(2026, 3, 4),
        "every": 1,
        "unit": "month",
        "at": time(10),
        "next_due": NOW,
        "next_round": 0,
    }
    return RuleFactory(trigger="schedule", survey=SurveyFactory(kind="nps"), **(given | values))


def test_round_asks_customers_once_and_waits_for_the_next_date():
    rule = schedule()
    for number in range(3):
        CustomerFactory(email=f"p{number}@example.org", segment="b2b")
    assert rule.pk in asking.due_ids(NOW)
    assert asking.run_due(rule.pk, NOW) == 3
    rule.refresh_from_db()
    assert (rule.next_round, rule.next_due) == (1, datetime(2026, 4, 4, 10, tzinfo=UTC))
    assert asking.due_ids(NOW) == []
    assert {one.context["segment"] for one in Invitation.objects.all()} == {"b2b"}


def test_killed_in_the_middle_goes_on_without_asking_twice():
    rule = schedule()
    for number in range(5):
        CustomerFactory(email=f"p{number}@example.org")
    asking.run_due(rule.pk, NOW)
    type(rule).objects.filter(pk=rule.pk).update(next_due=NOW, next_round=0)  # as if it had died before moving on
    assert asking.run_due(rule.pk, NOW + timedelta(hours=1)) == 0
    assert Invitation.objects.count() == 5


def test_groups_take_turns_and_nobody_is_left_out():
    rule = schedule(waves=3)
    for number in range(30):
        CustomerFactory(email=f"p{number}@example.org")
    counts = []
    for turn in range(3):
        type(rule).objects.filter(pk=rule.pk).update(next_due=NOW, next_round=turn)
        counts.append(asking.run_due(rule.pk, NOW))
    assert sum(counts) == 30
    assert all(counts)
    assert Invitation.objects.values("contact").distinct().count() == 30


def test_who_belongs_to_the_audience():
    rule = schedule(filters={"segment": ["b2b"]}, customer_since=date(2025, 1, 1))
    people: dict[str, dict[str, object]] = {
        "yes": {},
        "left": {"left_on": date(2026, 3, 4)},
        "young": {"signed_up_on": date(2025, 1, 2)},
        "other": {"segment": "b2c"},
        "unknown": {"signed_up_on": None},
        "leaving": {"left_on": date(2026, 3, 5)},
    }
    for name, values in people.items():
        given = {"segment": "b2b", "signed_up_on": date(2025, 1, 1), "email": f"{name}@example.org"}
        CustomerFactory(**{**given, **values})
    asking.run_due(rule.pk, NOW)
    assert sorted(Mail.objects.values_list("recipient", flat=True)) == ["leaving@example.org", "yes@example.org"]


def test_our_own_people_are_not_asked_as_customers():
    rule = schedule(audience="contacts")
    for name in ("agent", "user", "ada"):
        ContactFactory(email=f"{name}@example.org")
    AgentFactory(email="Agent@example.org")
    UserFactory(email="user@example.org")
    assert asking.run_due(rule.pk, NOW) == 1
    assert sorted(skipped()) == [("agent@example.org", "outside_audience"), ("user@example.org", "outside_audience")]


def test_employees_are_asked_from_the_list_of_agents():
    rule = schedule(audience="agents")
    AgentFactory(email="a@example.org", name="Ann")
    AgentFactory(email="")
    assert asking.run_due(rule.pk, NOW) == 1


def test_two_records_of_one_customer_are_one_person():
    rule = schedule()
    CustomerFactory(email="ada@example.org")
    CustomerFactory(email="Ada+shop@example.org")
    CustomerFactory(email="")
    assert asking.run_due(rule.pk, NOW) == 1
    assert sorted(skipped()) == [("", "no_address"), ("Ada+shop@example.org", "duplicate")]


def test_date_that_is_long_over_is_passed_over():
    rule = schedule(next_due=NOW - timedelta(days=8))
    CustomerFactory(email="ada@example.org")
    assert asking.run_due(rule.pk, NOW) == 0
    rule.refresh_from_db()
    assert rule.next_due > NOW


def test_next_round_is_shown_before_it_comes():
    rule = schedule(is_active=False, next_due=None, starts_on=date(2026, 4, 1))
    CustomerFactory(email="ada@example.org")
    (found,) = asking.would_ask_next(rule, NOW, limit=10)
    assert (found.email, found.send_at) == ("ada@example.org", datetime(2026, 4, 1, 10, tzinfo=UTC))
