"""Build the demonstration company through the same functions that everybody's data goes through."""

import csv
import tempfile
from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path

from django.db.models import Q
from django.utils import timezone

from kpiproject.calendars import default_worktime
from kpiproject.front.demo import adoption, asking, commerce, company, history, house, people, work
from kpiproject.front.demo.surveys import SurveyHistory
from kpiproject.front.demo.tickets import TicketHistory, events
from kpiproject.lib.periods import day_start, local_day
from kpiproject.models import Heartbeat
from metrics import basis, dirty, ingest, rollups
from metrics.crew import cores
from metrics.ingest import Request
from metrics.models import Customer, Ticket
from surveys import answers, invitations, queries
from surveys import history as asked_before
from surveys.invitations import Invitee
from surveys.models import Invitation, Survey

Row = dict[str, object]
Progress = Callable[[str, float], None]
"""Told what is being done and which share of all is done."""

BUILT = "demo-built"
_WRITTEN = (
    dirty.ANSWERS, dirty.INVITATIONS, dirty.CUSTOMERS, dirty.SUBSCRIPTIONS, dirty.ORDERS, dirty.RECORDS, dirty.WORK,
    dirty.COSTS,
)  # fmt: skip
"""Frames whose facts are written here past the imports that mark their days."""
_COLUMNS = (
    "external_id customer subject channel category priority tags team agent created_at is_spam reassignments status "
    "first_agent_reply_at agent_replies customer_replies reopens first_solved_at solved_at closed_at"
)


def is_built() -> bool:
    return Heartbeat.objects.filter(name=BUILT).exists()


def is_foreign() -> bool:
    """Whether real data is in this database, which a demonstration must not be mixed with."""
    return not is_built() and Ticket.objects.filter(~Q(source=company.SOURCE)).exists()


def build(progress: Progress) -> None:
    """Everything up to this morning. An interrupted build is simply begun again: nothing comes in twice."""
    today = local_day(timezone.now(), company.ZONE)
    now = day_start(today, company.ZONE)
    progress("Opening hours, people and promises", 0.0)
    house.furnish(today)
    _customers(today)
    rows = _history(today, now)
    progress("Tickets", 0.03)
    _import("tickets", rows, columns=_COLUMNS.split(), progress=lambda done: progress("Tickets", 0.03 + 0.22 * done))
    trail = list(events(rows))
    _import("ticket_events", trail, columns=_of(trail), progress=lambda done: progress("Events", 0.25 + 0.3 * done))
    _import(
        "tickets", _written_by_hand(rows), columns=_COLUMNS.split(), progress=lambda _done: None, name="corrections"
    )
    commerce.furnish(today, now)
    work.furnish(today, now)
    adoption.define()
    asking.furnish(today, now)
    _surveys(rows, now, progress=lambda done: progress("Surveys and answers", 0.55 + 0.2 * done))
    asking.tell(now)
    _figures(lambda done: progress("Figures", 0.75 + 0.17 * done))
    history.tell(today, lambda done: progress("Goals, reports and the manual", 0.92 + 0.07 * done))
    _letters()
    Heartbeat.objects.update_or_create(name=BUILT, defaults={"at": timezone.now()})
    progress("Done", 1.0)


def _customers(today: date) -> None:
    Customer.objects.bulk_create(people.customers(today), ignore_conflicts=True, batch_size=900)


def _history(today: date, now: datetime) -> list[Row]:
    worktime = default_worktime()
    if worktime is None:
        msg = "The demonstration company has lost its opening hours."
        raise RuntimeError(msg)
    return TicketHistory(now, today, worktime).rows


def _of(rows: list[Row]) -> list[str]:
    return list(dict.fromkeys(name for row in rows[:50_000] for name in row))


def _written_by_hand(rows: list[Row]) -> list[Row]:
    """A few tickets that are known already, and three that cannot be used: something to mend."""
    broken: list[Row] = [{"external_id": ""}, {"created_at": "2026-02-31T09:00:00+00:00"}, {"created_at": "yesterday"}]
    return [*rows[-5:], *({**row, **wrong} for row, wrong in zip(rows[-8:-5], broken, strict=True))]


def _import(
    kind: str, rows: list[Row], *, columns: Iterable[str], progress: Callable[[float], None], name: str = ""
) -> None:
    """By way of a file, as every help desk's export comes in."""
    with tempfile.TemporaryDirectory(prefix="plumbline-demo-") as folder:
        path = Path(folder) / f"{kind}.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(columns), extrasaction="ignore")
            writer.writeheader()
            writer.writerows(rows)
        request = Request(kind=kind, format="generic", source=company.SOURCE, zone=company.ZONE)
        reader = ingest.prepare(path, request)
        run = ingest.begin(request, reader, file_name=f"helpdesk-{name or kind}.csv")
        with ingest.recorded(run):
            ingest.execute(run, reader, lambda done: progress(done / len(rows)))


def _surveys(rows: list[Row], now: datetime, *, progress: Callable[[float], None]) -> None:
    drawn = SurveyHistory(rows, now)
    asked = {"csat": [*drawn.csat(), drawn.last_night()], "ces": list(drawn.ces()), "nps": list(drawn.nps())}
    total, done = sum(map(len, asked.values())), 0

    def tell(count: int) -> None:
        nonlocal done
        done += count
        progress(done / total)

    for slug, past in asked.items():
        asked_before.load(Survey.objects.get(slug=slug), past, progress=tell)


def _figures(progress: Callable[[float], None]) -> None:
    """Every day with facts is computed here, so the journal of the surveys has nothing more to say."""
    for frame in _WRITTEN:
        dirty.mark(frame, basis.days(frame))
    answers.forget_changes([change for change, _at in queries.fact_changes(1_000_000)])
    rollups.recompute(progress=lambda done, left: progress(done / max(done + left, 1)), processes=cores())


def _letters() -> None:
    """A few invitations through the real outbox, so that the mailbox has something to open and to answer."""
    asked = Invitation.objects.filter(ticket_source=company.SOURCE, mail__isnull=True).values("ticket")
    solved = Ticket.objects.filter(source=company.SOURCE, status__in=["solved", "closed"], is_spam=False)
    solved = solved.exclude(external_id__in=asked).select_related("agent", "team", "customer")
    latest = list(solved.order_by("-solved_at")[:9])
    for slug, picked in (("csat", latest[:6]), ("ces", latest[6:])):
        invitations.invite(Survey.objects.get(slug=slug), [_invitee(ticket) for ticket in picked], key_prefix="demo")
    regulars = [Invitee(email=people.email_of(number), name=people.name_of(number)) for number in range(3)]
    invitations.invite(Survey.objects.get(slug="nps"), regulars, key_prefix="demo")


def _invitee(ticket: Ticket) -> Invitee:
    customer = ticket.customer
    context = {"ticket": ticket.external_id, "ticket_source": ticket.source, "channel": ticket.channel}
    context |= {"category": ticket.category, "team": str(ticket.team or ""), "agent": str(ticket.agent or "")}
    return Invitee(
        email=customer.email if customer else "",
        name=customer.name if customer else "",
        context=context,
    )
