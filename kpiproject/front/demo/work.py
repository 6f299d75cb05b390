"""What service takes at the demonstration company: the hours of its people over the last quarter, and its costs."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

import numpy as np

from kpiproject.front.demo import company, timeline
from kpiproject.models import Agent, Team
from metrics.models import AgentTime, CostEntry, Ticket

WEEKS: Final = 13
MONTHS: Final = 18
_MINUTES: Final = {"email": 9.0, "chat": 12.0, "phone": 7.5, "social": 6.0}
_STRETCHES: Final = ((9, 0), (10, 10), (11, 20), (13, 0), (14, 10), (15, 20))
_WAGES: Final = 3900
_SHARED: Final = {"technology": 2400, "facilities": 3100, "training": 700, "management": 5200}
_BATCH: Final = 900


def furnish(today: date, now: datetime) -> None:
    """Idempotent: what is there already stays."""
    agents = dict(Agent.objects.filter(source=company.SOURCE).values_list("name", "pk"))
    first = timeline.monday(today, -WEEKS)
    shifts = list(_shifts(agents, first, today))
    times = [*shifts, *_without_tickets(shifts), *_handling(first, now)]
    AgentTime.objects.bulk_create(times, ignore_conflicts=True, batch_size=_BATCH)
    CostEntry.objects.bulk_create(_costs(today), ignore_conflicts=True, batch_size=_BATCH)


def _shifts(agents: dict[str, int], first: date, today: date) -> Iterator[AgentTime]:
    """From nine to half past five, with half an hour for lunch; now and then somebody is away or at a training."""
    random = np.random.default_rng(41)
    for day in (first + timedelta(days=number) for number in range((today - first).days)):
        if day.weekday() > 4:
            continue
        for name, agent in agents.items():
            lot = random.random()
            kinds = (
                [("absence", 9, 0, 17, 30)] if lot < 0.05 else [("available", 9, 0, 17, 30), ("break", 12, 30, 13, 0)]
            )
            kinds += [("training", 14, 0, 15, 30)] if 0.05 <= lot < 0.08 else []
            for kind, *hours in kinds:
                yield AgentTime(
                    source=company.SOURCE,
                    key=f"{kind}-{name}-{day}",
                    agent_id=agent,
                    starts_at=timeline.at(day, hours[0], hours[1]),
                    ends_at=timeline.at(day, hours[2], hours[3]),
                    kind=kind,
                )


def _without_tickets(shifts: Sequence[AgentTime]) -> Iterator[AgentTime]:
    """Calls and chats that are settled at once and leave no ticket: the most of a day, in stretches with breaths
    between them."""
    random = np.random.default_rng(43)
    trained = {(time.agent_id, time.starts_at.date()) for time in shifts if time.kind == "training"}
    for shift in shifts:
        if shift.kind != "available":
            continue
        day = shift.starts_at.date()
        for number, (hour, minute) in enumerate(_STRETCHES):
            minutes = int(random.integers(44, 66))
            if hour >= 14 and (shift.agent_id, day) in trained:
                continue
            start = timeline.at(day, hour, minute)
            yield AgentTime(
                source=company.SOURCE,
                key=f"stretch-{shift.key}-{number}",
                agent_id=shift.agent_id,
                starts_at=start,
                ends_at=start + timedelta(minutes=minutes),
                kind="handling",
            )


def _handling(first: date, now: datetime) -> Iterator[AgentTime]:
    """The last stretch of work on every ticket that was solved."""
    random = np.random.default_rng(42)
    solved = Ticket.objects.filter(
        source=company.SOURCE, first_solved_at__gte=timeline.at(first, 0), first_solved_at__lte=now, agent__isnull=False
    )
    for pk, agent, channel, end in solved.order_by("pk").values_list("pk", "agent_id", "channel", "first_solved_at"):
        if end is None:
            continue
        minutes = _MINUTES.get(channel, 8.0) * float(random.lognormal(0, 0.4))
        yield AgentTime(
            source=company.SOURCE,
            key=f"handling-{pk}",
            agent_id=agent,
            ticket_id=pk,
            starts_at=end - timedelta(minutes=minutes),
            ends_at=end,
            kind="handling",
        )


def _costs(today: date) -> Iterator[CostEntry]:
    teams = {team.name: team for team in Team.objects.filter(source=company.SOURCE)}
    heads = {name: sum(agent.team == name for agent in company.AGENTS) for name in teams}
    month = today.replace(day=1)
    for _month in range(MONTHS):
        last = month - timedelta(days=1)
        month = last.replace(day=1)
        for name, team in teams.items():
            yield _cost("wages", Decimal(_WAGES * heads[name]), month, last, team)
        for category, amount in _SHARED.items():
            yield _cost(category, Decimal(amount), month, last, None)


def _cost(category: str, amount: Decimal, first: date, last: date, team: Team | None) -> CostEntry:
    return CostEntry(
        source=company.SOURCE,
        key=f"{category}-{team or ''}-{first}",
        category=category,
        amount=amount,
        currency="EUR",
        valid_from=first,
        valid_to=last,
        team=team,
    )
