"""Taking imports back: the rows and the figures are as if the import had never been."""

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from kpiproject.models import Agent, Team
from metrics import ingest, rollups
from metrics.ingest.undoing import take_back_some
from metrics.models import (
    Customer,
    EarlierTier,
    ImportChange,
    ImportRun,
    Message,
    Order,
    Rollup,
    Subscription,
    Ticket,
    TicketEvent,
)
from surveys import tallies
from surveys.models import Answer, AnswerChange, Contact, Invitation, Survey
from tests.factories import ServiceTargetFactory
from tests.metrics.figures import organisation
from tests.metrics.helpdesk_files import CHATWOOT, CHATWOOT_EVENTS, as_lines, as_list
from tests.metrics.importing import counts, everything, imported, servicenow, written

pytestmark = pytest.mark.django_db

TICKETS = "external_id,created_at,solved_at,customer,agent,team,channel,satisfaction_score,satisfaction_scale"
FIRST = [TICKETS, "A,2026-01-05 10:00,2026-01-06 10:00,C1,Ann,Desk,mail,5,5", "B,2026-01-05 11:00,,C2,Ann,,mail,,"]
SECOND = [TICKETS, "B,2026-01-05 11:00,2026-01-07 11:00,C3,Bob,Phones,phone,2,5", "C,2026-01-08 11:00,,C1,Bob,,mail,,"]
OF_SURVEYS = (Survey, Contact, Invitation, Answer, AnswerChange)
ANSWERS = "external_id,survey_kind,score,answered_at,invited_at,customer_email,customer,agent,team,comment"
IMPORTED = "Imported from desk: Customer satisfaction (CSAT)"
ORDERS = "external_id,customer,placed_at,amount"


def undone(answer: dict[str, Any]) -> ImportRun:
    run = ImportRun.objects.get(pk=answer["run"])
    assert ingest.ask_to_undo(run)
    ingest.undo(run.pk)
    run.refresh_from_db()
    assert run.state == ImportRun.State.UNDONE
    assert not run.changes.exists()
    return run


def state() -> dict[str, Any]:
    """All facts and all figures."""
    rollups.recompute()
    columns = ("kpi", "day", "dimension", "member", "clock", "whole", "part", "square", "extra", "values")
    rows = [tuple(map(str, row)) for row in Rollup.objects.values_list(*columns)]
    facts = {
        model.__name__: list(model._default_manager.order_by("pk").values())
        for model in (Customer, Ticket, TicketEvent, Message, Order, Subscription, Agent, Team, *OF_SURVEYS)
    }
    return {"rows": facts, "figures": sorted(rows)}


def kept(run: ImportRun) -> list[tuple[str, str, str]]:
    return [(one["table"], one["name"], one["reason"]) for one in run.undo["examples"]]


def test_what_came_last_can_be_taken_back(tmp_path: Path) -> None:
    imported("tickets", written(tmp_path, FIRST))
    before = state()
    second = imported("tickets", written(tmp_path, SECOND))
    assert counts(second) == (2, 1, 1, 0, 0)
    run = undone(second)
    assert state() == before
    assert run.undo == {"deleted": 4, "restored": 1, "kept": {}, "examples": []}
    again = imported("tickets", written(tmp_path, SECOND))
    assert counts(again) == (2, 1, 1, 0, 0)


def test_rows_that_changed_later_stay_and_are_listed(tmp_path: Path) -> None:
    first = imported("tickets", written(tmp_path, FIRST))
    second = imported("tickets", written(tmp_path, SECOND))
    run = undone(first)
    assert sorted(Ticket.objects.values_list("external_id", "channel")) == [("B", "phone"), ("C", "mail")]
    assert kept(run) == [
        ("metrics.ticket", "B", "changed_later"),
        ("metrics.customer", "C1", "in_use"),
    ]
    undone(second)
    assert not Ticket.objects.exists()


def test_what_two_imports_changed_is_as_before_when_both_are_taken_back(tmp_path: Path) -> None:
    imported("orders", written(tmp_path, [ORDERS, "1,C,2026-01-01 10:00,5"]))
    before = state()
    second = imported("orders", written(tmp_path, [ORDERS, "1,C,2026-01-02 10:00,6"]))
    third = imported(
        "orders", written(tmp_path, ["external_id,customer,placed_at,amount,status", "1,C,2026-01-02 10:00,7,x"])
    )
    run = undone(second)
    assert kept(run) == [("metrics.order", "1", "changed_later")]
    assert Order.objects.get().amount == 7
    undone(third)
    assert state() == before


def test_customers_that_others_refer_to_stay(tmp_path: Path) -> None:
    customers = imported("customers", written(tmp_path, ["external_id,tier", "C,gold", "D,gold"]))
    imported("orders", written(tmp_path, [ORDERS, "1,C,2026-01-01 10:00,5"]))
    run = undone(customers)
    assert kept(run) == [("metrics.customer", "C", "in_use")]
    assert list(Customer.objects.values_list("external_id", flat=True)) == ["C"]


def test_a_stub_is_a_stub_again(tmp_path: Path) -> None:
    tickets = ["external_id,created_at,customer_email", "A,2026-01-05 10:00,cleo@example.com"]
    imported("tickets", written(tmp_path, tickets))
    before = state()
    answer = imported("customers", written(tmp_path, ["external_id,email,tier", "C9,cleo@example.com,gold"]))
    assert Customer.objects.get().tier == "gold"
    undone(answer)
    assert state() == before


def test_a_tier_that_was_never_left_leaves_no_trace(tmp_path: Path) -> None:
    imported("customers", written(tmp_path, ["external_id,tier", "C,gold"]))
    before = state()
    answer = imported("customers", written(tmp_path, ["external_id,tier", "C,iron"]))
    assert EarlierTier.objects.get().tier == "gold"
    undone(answer)
    assert state() == before
    assert not EarlierTier.objects.exists()


def test_an_earlier_tier_stays_as_long_as_the_change_of_the_customer(tmp_path: Path) -> None:
    imported("customers", written(tmp_path, ["external_id,tier", "C,gold"]))
    before = state()
    second = imported("customers", written(tmp_path, ["external_id,tier", "C,iron"]))
    third = imported("customers", written(tmp_path, ["external_id,name", "C,Acme"]))
    assert kept(undone(second)) == [("metrics.customer", "Acme", "changed_later")]
    assert (Customer.objects.get().tier, EarlierTier.objects.get().tier) == ("iron", "gold")
    undone(third)
    assert (state(), EarlierTier.objects.exists()) == (before, False)


def test_events_out_of_snapshots(tmp_path: Path) -> None:
    lines = servicenow(tmp_path).read_text().splitlines()
    imported("ticket_events", written(tmp_path, [*lines[:3], *lines[6:]]))
    before = (everything(), state())
    answer = imported("ticket_events", servicenow(tmp_path))
    assert answer["created"] > 0
    undone(answer)
    assert (everything(), state()) == before


def test_messages_go_with_nothing_else(tmp_path: Path) -> None:
    imported("tickets", written(tmp_path, FIRST))
    before = state()
    lines = ["ticket,at,author_type", "A,2026-01-05 10:00,agent"]
    undone(imported("messages", written(tmp_path, lines)))
    assert state() == before


def test_tickets_with_messages_of_another_import_stay(tmp_path: Path) -> None:
    tickets = imported("tickets", written(tmp_path, FIRST))
    imported("messages", written(tmp_path, ["ticket,at,author_type", "A,2026-01-05 10:00,agent"]))
    run = undone(tickets)
    assert kept(run)[0] == ("metrics.ticket", "A", "in_use")
    assert Message.objects.count() == 1


def test_overlaps_are_looked_at_again(tmp_path: Path) -> None:
    header = "external_id,customer,plan,mrr,started_on"
    imported("subscriptions", written(tmp_path, [header, "1,C,Pro,5,2026-01-01"]))
    before = state()
    answer = imported("subscriptions", written(tmp_path, [header, "2,C,Pro,5,2026-02-01"]))
    assert Subscription.objects.filter(flags=["overlaps"]).count() == 2
    undone(answer)
    assert state() == before


def test_an_interrupted_undo_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("metrics.ingest.undoing._ROWS_AT_ONCE", 1)
    answer = imported("tickets", written(tmp_path, SECOND))
    run = ImportRun.objects.get(pk=answer["run"])
    assert ingest.ask_to_undo(run)
    assert take_back_some(run)
    assert ingest.undos_waiting(timezone.now()) == [run.pk]
    ingest.undo(run.pk)
    assert (Ticket.objects.count(), Customer.objects.count(), Agent.objects.count()) == (0, 0, 0)
    run.refresh_from_db()
    assert run.undo["deleted"] == 6


def test_a_dry_run_and_an_undone_run_cannot_be_undone(tmp_path: Path) -> None:
    dry = imported("tickets", written(tmp_path, FIRST), "--dry-run")
    real = imported("tickets", written(tmp_path, FIRST))
    undone(real)
    for answer in (dry, real):
        assert not ingest.ask_to_undo(ImportRun.objects.get(pk=answer["run"]))


def test_what_is_old_can_no_longer_be_undone(tmp_path: Path, settings: Any) -> None:
    answer = imported("tickets", written(tmp_path, FIRST))
    ingest.forget_changes(timezone.now())
    assert ImportChange.objects.exists()
    settings.IMPORT_UNDO_DAYS = 0
    ingest.forget_changes(timezone.now())
    assert not ImportChange.objects.exists()
    assert not ingest.ask_to_undo(ImportRun.objects.get(pk=answer["run"]))


def test_columns_that_came_with_events_go_with_them(tmp_path: Path) -> None:
    imported("tickets", as_list(tmp_path, CHATWOOT))
    before = state()
    undone(imported("ticket_events", as_lines(tmp_path, CHATWOOT_EVENTS)))
    assert state() == before


def answers(folder: Path, *lines: str) -> dict[str, Any]:
    return imported("survey_responses", written(folder, [ANSWERS, *lines]), "--scale", "csat=1-5", "--source", "desk")


def test_answers_go_with_all_that_came_with_them(tmp_path: Path) -> None:
    before = state()
    answer = answers(
        tmp_path,
        "A,csat,5,2026-01-03,2026-01-02,a@example.com,C1,Ann,Desk,Quick",
        "B,csat,,,2026-01-02,b@example.com,C2,,,",
        "C,enps,9,2026-01-03,,,,,Desk,",
    )
    assert len(state()["figures"]) > 0
    tallies.sweep(seconds=5)
    run = undone(answer)
    assert state() == before
    # 2 answers, 2 invitations, 2 contacts, 2 surveys, 2 customers, an agent and a team
    assert run.undo == {"deleted": 12, "restored": 0, "kept": {}, "examples": []}
    assert not ingest.ask_to_undo(run)
    ingest.undo(run.pk)
    assert state() == before


def test_a_correction_of_answers_is_taken_back(tmp_path: Path) -> None:
    answers(
        tmp_path, "A,csat,5,2026-01-03,2026-01-02,a@example.com,C1,,,Quick", "B,csat,,,2026-01-02,b@example.com,,,,"
    )
    before = state()
    second = answers(
        tmp_path,
        "A,csat,1,2026-01-05,2026-01-01,a@example.com,C1,,,Slow",
        "B,csat,2,2026-01-04,2026-01-02,b@example.com,,,,",
    )
    assert counts(second) == (2, 1, 1, 0, 0)
    assert AnswerChange.objects.count() == 1
    assert state() != before
    run = undone(second)
    assert state() == before
    assert (run.undo["deleted"], run.undo["restored"]) == (2, 3)  # a new answer and what A said; A and both invitations


def test_answers_that_were_corrected_later_stay_until_that_is_taken_back_too(tmp_path: Path) -> None:
    nothing = state()
    first = answers(tmp_path, "A,csat,5,2026-01-03,,,,,,Quick", "B,csat,4,2026-01-03,,,,,,")
    second = answers(tmp_path, "A,csat,1,2026-01-03,,,,,,Slow")
    run = undone(first)
    assert list(Answer.objects.values_list("external_id", "score")) == [("A", 1)]
    assert kept(run) == [
        ("surveys.answer", "A", "changed_later"),
        ("surveys.survey", IMPORTED, "in_use"),
    ]
    undone(second)
    assert not Answer.objects.exists()
    Survey.objects.get(name=IMPORTED).delete()
    assert state() == nothing


def test_what_an_answer_said_before_stays_with_what_it_says(tmp_path: Path) -> None:
    answers(tmp_path, "A,csat,5,2026-01-03,,,,,,Quick")
    before = state()
    second = answers(tmp_path, "A,csat,1,2026-01-03,,,,,,Slow")
    third = answers(tmp_path, "A,csat,1,2026-01-04,,,,,,Slow")
    assert kept(undone(second)) == [("surveys.answer", "A", "changed_later")]
    assert (Answer.objects.get().score, AnswerChange.objects.get().score) == (1, 5)
    undone(third)
    assert state() == before


def test_answers_that_people_have_marked_or_changed_stay(tmp_path: Path) -> None:
    first = answers(
        tmp_path,
        "A,csat,5,2026-01-03,,,,,,Quick",
        "B,csat,4,2026-01-03,,b@example.com,,,,",
        "C,csat,3,2026-01-03,,,,,,",
    )
    second = answers(tmp_path, "B,csat,1,2026-01-03,,b@example.com,,,,")
    Answer.objects.filter(external_id="A").update(mark="praise")
    Answer.objects.filter(external_id="B").update(score=2, changed_at=timezone.now())
    assert kept(undone(second)) == [("surveys.answer", "B", "changed_by_people")]
    assert kept(undone(first))[:2] == [
        ("surveys.answer", "A", "changed_by_people"),
        ("surveys.answer", "B", "changed_by_people"),
    ]
    assert list(Answer.objects.order_by("external_id").values_list("external_id", "score")) == [("A", 5), ("B", 2)]


def test_the_score_of_a_ticket_counts_again_without_the_answer_that_replaced_it(tmp_path: Path) -> None:
    header = "external_id,survey_kind,score,answered_at,ticket"
    tickets = "external_id,created_at,satisfaction_score,satisfaction_scale,satisfaction_at"
    imported("tickets", written(tmp_path, [tickets, "A,2026-01-02,1,5,2026-01-04"]))
    before = state()
    undone(imported("survey_responses", written(tmp_path, [header, "1,csat,5,2026-02-02,A"]), "--scale", "1-5"))
    assert state() == before


def test_whom_other_answers_name_stays(tmp_path: Path) -> None:
    first = answers(tmp_path, "A,csat,5,2026-01-03,,,C1,Ann,Desk,", "B,csat,5,2026-01-03,,,C2,Bob,Phones,")
    answers(tmp_path, "C,csat,5,2026-01-03,,,C1,Ann,Desk,")
    assert [(table, name) for table, name, _reason in kept(undone(first))] == [
        ("surveys.survey", IMPORTED),
        ("metrics.customer", "C1"),
        ("kpiproject.agent", "Ann"),
        ("kpiproject.team", "Desk"),
    ]


def test_answers_of_employees_that_stay_are_listed_without_their_scores(tmp_path: Path) -> None:
    first = answers(tmp_path, "A,enps,9,2026-01-03,,,,,Desk,")
    answers(tmp_path, "A,enps,2,2026-01-03,,,,,Desk,")
    assert kept(undone(first))[0][:2] == ("surveys.answer", str(Survey.Kind("enps").label))


def test_an_import_of_answers_that_were_not_noted_cannot_be_undone(tmp_path: Path) -> None:
    answer = answers(tmp_path, "A,csat,5,2026-01-03,,,C1,,,")
    run = ImportRun.objects.get(pk=answer["run"])
    run.changes.filter(table__startswith="surveys.").delete()
    assert run.changes.exists()
    assert not ingest.ask_to_undo(run)


DUE = ("first_response_due_at", "target_due_at", "next_reply_due_at")


@pytest.mark.parametrize(
    ("kind", "lines"),
    [
        ("tickets", [f"{TICKETS},priority", "A,2026-01-05 10:00,2026-01-06 10:00,C1,Ann,Desk,mail,5,5,urgent"]),
        ("tickets", [TICKETS, "A,2026-01-05 12:00,2026-01-05 13:00,C1,Ann,Desk,mail,5,5"]),
        (
            "ticket_events",
            [
                "ticket,at,kind,from,to",
                "A,2026-01-05 11:00,status,Open,Pending",
                "A,2026-01-06 09:00,status,Pending,Open",
            ],
        ),
        ("messages", ["ticket,at,author_type", "B,2026-01-05 13:00,customer"]),
        ("customers", ["external_id,tier", "C1,gold"]),
        ("subscriptions", ["external_id,customer,mrr,started_on", "S,C2,100,2026-01-01"]),
    ],
)
def test_what_is_due_when_follows_what_is_restored(tmp_path: Path, kind: str, lines: list[str]) -> None:
    organisation(pause_statuses=["Pending"])
    ServiceTargetFactory(priority="urgent", seconds=60, position=1)
    ServiceTargetFactory(tier="gold", seconds=60, position=2)
    ServiceTargetFactory(least_mrr=100, seconds=60, position=3)
    ServiceTargetFactory(position=4)
    ServiceTargetFactory(metric="next_reply", position=5)
    imported("tickets", written(tmp_path, FIRST))
    imported("messages", written(tmp_path, ["ticket,at,author_type", "B,2026-01-05 12:00,agent"]))
    before, due = state(), list(Ticket.objects.order_by("pk").values_list(*DUE))
    answer = imported(kind, written(tmp_path, lines))
    assert list(Ticket.objects.order_by("pk").values_list(*DUE)) != due
    undone(answer)
    assert state() == before


@pytest.mark.parametrize(("again", "met"), [("2026-01-05 11:59", 1.0), ("2026-01-05 12:01", 0.0)])
def test_a_breach_is_that_of_the_restored_ticket(tmp_path: Path, again: str, met: float) -> None:
    ServiceTargetFactory()  # two hours
    header = "external_id,created_at,solved_at"
    imported("tickets", written(tmp_path, [header, f"A,2026-01-05 10:00,{again}"]))
    answer = imported("tickets", written(tmp_path, [header, "A,2026-01-05 11:00,2026-01-05 12:30"]))
    undone(answer)
    rollups.recompute()
    assert Rollup.objects.get(kpi="resolution_within_target", dimension="").part == met
