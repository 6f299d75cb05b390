"""Facts by chance, the same for the same seed: every oddity that figures must bear occurs in them."""

from datetime import UTC, datetime, timedelta
from random import Random

from metrics.models import Ticket, TicketEvent
from surveys import versions
from surveys.models import Answer, FollowUp, Invitation, Recovery, Survey
from tests.factories import AgentFactory, AnswerFactory, ContactFactory, CustomerFactory, SurveyFactory, TeamFactory

START = datetime(2025, 10, 20, tzinfo=UTC)  # the clocks of Europe change on 26 October
DAYS = 20
STATUSES = ("New", "Open", "Pending", "Solved", "Closed")


def later(random: Random, at: datetime | None, hours: float) -> datetime | None:
    """Some time after an instant, seldom a little before; often nothing."""
    if at is None or random.random() < 0.3:
        return None
    return at + timedelta(seconds=int(random.uniform(-0.05, 1) * hours * 3600))


def ticket_values(random: Random, members: dict[str, list[object]]) -> dict[str, object]:
    created = START + timedelta(seconds=random.randrange(DAYS * 86400))
    solved = later(random, created, 100)
    return {
        "created_at": created,
        "first_agent_reply_at": later(random, created, 20),
        "first_solved_at": later(random, solved, -30) if random.random() < 0.5 else None,
        "solved_at": solved,
        "closed_at": later(random, solved or created, 60),
        "reopens": random.choice([None, 0, 0, 1]),
        "agent_replies": random.choice([None, 0, 1, 1, 3]),
        "reassignments": random.choice([None, 0, 0, 1]),
        "fcr": random.choice([None, None, True, False]),
        "sla_met": random.choice([None, True, False]),
        "is_outbound": random.random() < 0.1,
        "is_spam": random.random() < 0.05,
        "is_test": random.random() < 0.05,
        "merged_into": random.choice(["", "", "", "T-1"]),
        "satisfaction_score": random.choice([None, 1, 5, 6]),
        "satisfaction_scale": random.choice([None, 5]),
        "satisfaction_at": later(random, solved, 50),
        **{name: random.choice(values) for name, values in members.items()},
    }


def choices() -> dict[str, list[object]]:
    """What the members of tickets are chosen from."""
    return {
        "channel": ["", "email", "chat", "phone"],
        "category": ["", "bill", "order"],
        "type": ["", "question"],
        "priority": ["low", "high"],
        "team": [None, *TeamFactory.create_batch(2)],
        "agent": [None, *AgentFactory.create_batch(3)],
        "customer": [None, *(CustomerFactory(tier=tier) for tier in ("", "gold", "gold", "basic"))],
    }


def tickets(random: Random, n: int) -> list[Ticket]:
    members = choices()
    rows = [Ticket(source="test", external_id=f"R-{i}", **ticket_values(random, members)) for i in range(n)]
    found = Ticket.objects.bulk_create(rows)
    TicketEvent.objects.bulk_create([event for ticket in found for event in events(random, ticket)])
    return found


def events(random: Random, ticket: Ticket) -> list[TicketEvent]:
    found, at, status = [], ticket.created_at, "New"
    for number in range(random.choice([0, 0, 2, 5])):
        at += timedelta(seconds=random.randrange(1, 40 * 3600))
        kind, after = random.choice(["status", "status", "status", "reopen", "merge"]), random.choice(STATUSES)
        found.append(TicketEvent(ticket=ticket, key=str(number), at=at, kind=kind, from_value=status, to_value=after))
        status = after
    return found


def answers(random: Random, n: int) -> None:
    surveys: list[Survey] = [SurveyFactory(kind=kind) for kind in ("csat", "nps", "ces")]
    contact = ContactFactory()
    for number in range(n):
        survey, at = random.choice(surveys), START + timedelta(seconds=random.randrange(DAYS * 86400))
        frozen = {
            "ticket": random.choice(["", *(f"R-{i}" for i in range(20))]),
            "ticket_source": "test",
            "channel": random.choice(["", "email", "chat"]),
            "agent": random.choice(["", "ann"]),
            "scale_min": survey.scale_min,
            "scale_max": survey.scale_max,
        }
        invitation = Invitation.objects.create(
            survey=survey, contact=contact, token=f"{number:022}", key=str(number),
            version=versions.asked_now(survey), sent_at=at, bounced_at=at if random.random() < 0.1 else None,
            expires_at=at + timedelta(days=28), **frozen,
        )  # fmt: skip
        if random.random() < 0.6:
            score = random.randint(survey.scale_min, survey.scale_max)
            given = at + timedelta(seconds=random.randrange(5 * 86400))
            Answer.objects.create(
                survey=survey,
                invitation=invitation,
                kind=survey.kind,
                score=score,
                answered_at=given,
                standing=survey.scale.standing(score),
                **frozen,
            )


def follow_ups(random: Random, n: int) -> None:
    """Some contacted in time, some late, some never, some with nobody to write to; some asked if it was settled."""
    surveys: list[Survey] = SurveyFactory.create_batch(2)
    odd = SurveyFactory(scale_max=6)  # nobody has published what is bad
    for _number in range(n):
        opened = START + timedelta(seconds=random.randrange(DAYS * 86400))
        contacted = later(random, opened, 60)
        found = FollowUp.objects.create(
            survey=random.choice(surveys),
            opened_at=opened,
            due_at=opened,
            escalate_at=opened,
            one_day_at=opened + timedelta(hours=24),
            contacted_at=contacted,
            is_reachable=random.random() < 0.8,
            ticket=random.choice(["", "R-1"]),
            ticket_source="test",
            channel=random.choice(["", "email", "chat"]),
            team=random.choice(["", "Tier 1"]),
            category=random.choice(["", "bill"]),
        )
        if contacted and random.random() < 0.7:
            given = {"score": random.randint(1, 5), "answered_at": contacted + timedelta(days=2)}
            answer = AnswerFactory(survey=odd if random.random() < 0.1 else random.choice(surveys), **given)
            Recovery.objects.create(follow_up=found, ask_at=contacted, answer=answer)
