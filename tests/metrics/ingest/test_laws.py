"""Whatever way the rows of a file come in, the same is stored and the same figures come out."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import models

from metrics import frames, rollups
from metrics.frames import tables
from metrics.models import (
    AgentTime,
    CostEntry,
    Customer,
    Message,
    Order,
    Rollup,
    ServiceRecord,
    Subscription,
    Ticket,
)
from tests.metrics.importing import imported, written

pytestmark = pytest.mark.django_db

Lines = list[str]


def customers(pick: random.Random) -> tuple[str, Lines]:
    lines = [f"C{n},{pick.choice(['gold', 'iron', ''])},2026-01-{n % 28 + 1:02},c{n}@example.com" for n in range(40)]
    return "external_id,tier,signed_up_on,email", lines


def subscriptions(pick: random.Random) -> tuple[str, Lines]:
    lines = [
        f"S{n},C{n % 9},{pick.choice(['Pro', 'Basic'])},{pick.randint(1, 99)}.5,2026-0{pick.randint(1, 6)}-01,"
        f"{pick.choice(['', '2026-08-01'])}"
        for n in range(40)
    ]
    return "external_id,customer,plan,mrr,started_on,ended_on", lines


def orders(pick: random.Random) -> tuple[str, Lines]:
    lines = [f"O{n},C{pick.randint(1, 9)},2026-02-{n % 28 + 1:02} 10:00,{pick.randint(-5, 99)}" for n in range(40)]
    return "external_id,customer,placed_at,amount", lines


def messages(pick: random.Random) -> tuple[str, Lines]:
    lines = [f"T{pick.randint(1, 3)},2026-01-0{pick.randint(4, 6)} 10:00,agent,Hello {n}" for n in range(40)]
    return "ticket,at,author_type,text", lines


def agent_time(pick: random.Random) -> tuple[str, Lines]:
    lines = [
        f"A{n % 3},2026-01-{n % 28 + 1:02} 0{pick.randint(6, 9)}:00,2026-01-{n % 28 + 1:02} 17:00,available"
        for n in range(40)
    ]
    return "agent,starts_at,ends_at,kind", lines


def costs(pick: random.Random) -> tuple[str, Lines]:
    lines = [f"wages,{pick.randint(1, 3)}.25,2026-0{pick.randint(1, 9)}-01,2026-09-30,Desk,{n % 2}" for n in range(20)]
    return "category,amount,valid_from,valid_to,team,note", lines


def service_records(pick: random.Random) -> tuple[str, Lines]:
    lines = [
        f"{pick.choice(['return', 'referral'])},{n},C{n % 5},2026-03-{n % 28 + 1:02} 10:00,{n}.5" for n in range(40)
    ]
    return "kind,external_id,customer,started_at,amount", lines


def tickets(pick: random.Random) -> tuple[str, Lines]:
    lines = [
        f"T{n},2026-01-{n % 28 + 1:02} 10:00,C{pick.randint(1, 9)},{pick.choice(['mail', 'chat'])}" for n in range(40)
    ]
    return "external_id,created_at,customer,channel", lines


KINDS: dict[str, Callable[[random.Random], tuple[str, Lines]]] = {
    one.__name__: one
    for one in (customers, subscriptions, orders, tickets, messages, agent_time, costs, service_records)
}
TABLES: dict[str, type[models.Model]] = {
    "customers": Customer,
    "subscriptions": Subscription,
    "orders": Order,
    "tickets": Ticket,
    "messages": Message,
    "agent_time": AgentTime,
    "costs": CostEntry,
    "service_records": ServiceRecord,
}
NUMBERED = {"messages": 3, "agent_time": 4, "costs": 4}  # how many columns identify rows without an id
OWN = ("customer", "ticket", "agent", "team")


def stored() -> dict[str, Any]:
    """All rows without the numbers that the database gave them, and figures over every table."""
    rollups.recompute()
    found: dict[str, Any] = {}
    for model in TABLES.values():
        names = [field.name for field in model._meta.concrete_fields if field.name not in ("id", *OWN)]
        named = [f"{field.name}__external_id" for field in model._meta.concrete_fields if field.name in OWN]
        found[model.__name__] = sorted(map(repr, model._base_manager.values_list(*names, *named)))
    for name in tables.TABLES:
        frame = tables.read(name, frames.context())
        instants = [column for column in frame if str(column).endswith("_at")]
        found[name] = (len(frame), {column: int(frame[column].clip(lower=0).sum()) for column in instants})
        amounts = [column for column in ("amount", "mrr") if column in frame]
        found[f"{name} amounts"] = [round(float(frame[column].sum()), 6) for column in amounts]
    volume = Rollup.objects.filter(kpi="ticket_volume").values_list("day", "dimension", "member", "whole")
    found["ticket_volume"] = sorted(map(repr, volume))
    return found


def _prepared(kind: str, folder: Path) -> None:
    if kind == "messages":
        lines = ["external_id,created_at", *(f"T{n},2026-01-05 09:00" for n in range(1, 4))]
        imported("tickets", written(folder, lines, "tickets.csv"))


@pytest.mark.parametrize("kind", KINDS)
def test_twice_shuffled_in_halves_and_corrected_give_the_same(kind: str, tmp_path: Path) -> None:
    pick = random.Random(kind)
    header, lines = KINDS[kind](pick)
    _prepared(kind, tmp_path)
    imported(kind, written(tmp_path, [header, *lines]))
    once = stored()
    for _time in range(2):
        answer = imported(kind, written(tmp_path, [header, *pick.sample(lines, len(lines))]))
        assert (answer["created"], answer["updated"], answer["rejected"]) == (0, 0, 0)
        assert stored() == once

    TABLES[kind]._base_manager.all().delete()
    for half in _halves(lines, kind):
        imported(kind, written(tmp_path, [header, *half]))
    assert stored() == once


def _halves(lines: Lines, kind: str) -> list[Lines]:
    """Rows that are told apart by their number alone have to stay in one file."""
    key = slice(0, NUMBERED.get(kind, 1))
    keys = [",".join(line.split(",")[key]) for line in lines]
    some = set(sorted(set(keys))[::2])
    pairs = list(zip(lines, keys, strict=True))
    return [[line for line, key in pairs if key in some], [line for line, key in pairs if key not in some]]


@pytest.mark.parametrize("kind", ["customers", "subscriptions", "orders", "tickets"])
def test_a_wrong_file_corrected_later_is_as_if_it_had_been_right(kind: str, tmp_path: Path) -> None:
    header, lines = KINDS[kind](random.Random(kind))
    _header, others = KINDS[kind](random.Random("wrong"))
    imported(kind, written(tmp_path, [header, *lines]))
    once = stored()
    kinds = {line.split(",")[0]: line for line in lines}
    wrong = [line for line in others if line.split(",")[0] in kinds]
    assert imported(kind, written(tmp_path, [header, *wrong]))["updated"] > 0
    imported(kind, written(tmp_path, [header, *lines]))
    assert stored() == once
