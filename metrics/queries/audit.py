"""Which facts are there, and which KPIs can be computed from them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from hashlib import blake2b
from time import monotonic
from typing import Any, Final

from django.core.cache import cache
from django.db.models import Count, Manager, Max, Min, Sum

from kpiproject.lib.periods import local_day
from kpiproject.queries import organisation
from metrics import requirements
from metrics.definitions import kpis
from metrics.frames import versions
from metrics.kpi import Kpi
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
    TicketEvent,
)
from metrics.queries.exact import figures
from metrics.queries.questions import Question, extent
from surveys.models import Answer, Invitation

_KEPT_SECONDS: Final = 24 * 3600
_CHECK_SECONDS: Final = 2.0
"""So long a page may look at figures that cannot be added up; what is left is looked at by the next one."""
_YEAR_DAYS: Final = 365
_MONTH_DAYS: Final = 30
_STORED: Final[Mapping[str, tuple[Manager[Any], str]]] = {
    "customers": (Customer.objects, "signed_up_on"),
    "subscriptions": (Subscription.objects, "started_on"),
    "orders": (Order.objects, "placed_at"),
    "tickets": (Ticket.objects, "created_at"),
    "service_records": (ServiceRecord.objects, "started_at"),
    "agent_time": (AgentTime.objects, "starts_at"),
    "costs": (CostEntry.objects, "valid_from"),
}
_OF_TICKETS: Final[Mapping[str, tuple[Manager[Any], str]]] = {
    "ticket_events": (TicketEvent.objects, "at"),
    "messages": (Message.objects, "at"),
}
_SURVEYS: Final = "surveys"


@dataclass(frozen=True, kw_only=True)
class Source:
    """One kind of facts from one source; days are local ones. `source` is empty where nobody keeps it apart."""

    kind: str
    source: str
    rows: int
    first: date | None
    last: date | None


class State(StrEnum):
    COMPUTABLE = "computable"
    PARTLY = "partly"  # its facts are there, but nothing of them counts
    MISSING = "missing"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Whether a KPI has figures, which kinds of facts it lacks, and what must be filled, in words."""

    kpi: Kpi
    state: State
    lacks: tuple[str, ...]
    columns: str


def sources() -> list[Source]:
    """Every kind of facts that is there, by source."""
    key = _key("sources", versions(requirements.KINDS))
    kept: list[Source] | None = cache.get(key)
    if kept is None:
        kept = [*_stored(), *_of_tickets()]
        cache.set(key, kept, _KEPT_SECONDS)
    return [*kept, *_of_surveys()]


def standings(found: Iterable[Source] | None = None) -> list[Standing]:
    """Every KPI, in the order of the catalogue."""
    there = {one.kind for one in (sources() if found is None else found) if one.rows}
    added_up = _added_up()
    until = monotonic() + _CHECK_SECONDS
    return [_standing(kpi, there, added_up, until) for kpi in kpis().values()]


def _standing(kpi: Kpi, there: set[str], added_up: Mapping[str, float], until: float) -> Standing:
    lacks = requirements.lacking(kpi, there)
    if added_up.get(kpi.code):
        state = State.COMPUTABLE
    elif not requirements.may_have_rows(kpi, there):
        state = State.MISSING
    elif kpi.adds_up:
        state = State.PARTLY
    else:
        state = _checked(kpi, may_compute=monotonic() < until)
    if lacks and state is State.PARTLY:
        state = State.MISSING
    return Standing(kpi=kpi, state=state, lacks=lacks, columns=requirements.columns(kpi))


def _added_up() -> dict[str, float]:
    """Of every KPI that adds up, how much it has counted over all time; of a stock, how much has come."""
    rows = Rollup.objects.filter(dimension="").values_list("kpi").annotate(n=Sum("whole"), came=Sum("part"))
    return {code: max(n, came) for code, n, came in rows.order_by("kpi")}


def _checked(kpi: Kpi, *, may_compute: bool) -> State:
    """Whether a figure that cannot be added up rests on anything; looked at once for the same facts."""
    key = _key(f"{kpi.code}:{kpi.revision}:lately", versions(kpi.frames))
    kept: bool | None = cache.get(key)
    if kept is None:
        if not may_compute:
            return State.UNCHECKED
        kept = any(point.n for question in _questions(kpi) for point in figures(question).points)
        cache.set(key, kept, _KEPT_SECONDS)
    return State.COMPUTABLE if kept else State.PARTLY


def _questions(kpi: Kpi) -> Iterator[Question]:
    """The last twelve months and the last month that have facts, as a page of the KPI would show them; then all time,
    at whose start nobody is a customer yet."""
    whole = Question(code=kpi.code, by=kpi.default_by)
    if known := extent(kpi, organisation().time_zone):
        for days in (_YEAR_DAYS, _MONTH_DAYS):
            yield replace(whole, start=known.end - timedelta(days=days), end=known.end)
    yield whole


def _key(name: str, rest_on: Mapping[str, int]) -> str:
    """Another one for other facts."""
    return f"audit:{blake2b(repr((name, sorted(rest_on.items()))).encode(), digest_size=20).hexdigest()}"


def _stored() -> list[Source]:
    found = []
    for kind, (facts, at) in _STORED.items():
        rows = facts.order_by()
        if facts.model in (Customer, Ticket):
            rows = rows.filter(is_stub=False)
        counted = rows.values_list("source").annotate(n=Count("pk"), first=Min(at), last=Max(at)).order_by("source")
        found += [_source(kind, source, n, first, last) for source, n, first, last in counted]
    return found


def _of_tickets() -> list[Source]:
    """Not by source, which only their tickets know: there may be millions."""
    found = []
    for kind, (facts, at) in _OF_TICKETS.items():
        rows = facts.order_by()
        ends = [rows.aggregate(at=end(at))["at"] for end in (Min, Max)]
        if ends[0] is not None:
            found.append(_source(kind, "", rows.count(), *ends))
    return found


def _of_surveys() -> list[Source]:
    """Answers by where they come from, and invitations."""
    answers = (
        Answer.objects.order_by()
        .values_list("origin")
        .annotate(n=Count("pk"), first=Min("answered_at"), last=Max("answered_at"))
    )
    found = [
        _source("survey_responses", origin, n, first, last) for origin, n, first, last in answers.order_by("origin")
    ]
    sent = Invitation.objects.aggregate(n=Count("sent_at"), first=Min("sent_at"), last=Max("sent_at"))
    if sent["n"]:
        found.append(_source("invitations", _SURVEYS, sent["n"], sent["first"], sent["last"]))
    return found


def _source(kind: str, source: str, rows: int, first: Any, last: Any) -> Source:
    return Source(kind=kind, source=source, rows=rows, first=_day(first), last=_day(last))


def _day(at: datetime | date | None) -> date | None:
    return local_day(at, organisation().time_zone) if isinstance(at, datetime) else at
