"""Leave people alone who were asked lately: this person, with this kind of question, or their company.

Counted from the moment at which a mail is meant to leave. The rule is strict: exactly N days later is still too early.
An invitation that was called off or could not be delivered has bothered nobody and does not count.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from kpiproject.models import Mail
from surveys import queries, reasons
from surveys.models import Invitation, QuietTime

_CALLED_OFF = (Mail.State.CANCELLED, Mail.State.FAILED)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """To ask somebody at a moment; `person` and `company` as surveys.addresses writes them."""

    person: str
    company: str
    at: datetime


def lock() -> None:
    """Let only one process at a time decide whom to ask, so that two cannot ask the same person or company at once.

    To be called first in the transaction that writes the invitations.
    """
    if not list(QuietTime.objects.select_for_update().filter(pk=1)):
        QuietTime.objects.bulk_create([queries.quiet_time()], ignore_conflicts=True)
        QuietTime.objects.select_for_update().get(pk=1)


class Quiet:
    """Who was asked what, and when, as far as it matters for one kind of survey. Grows by what is told to it."""

    def __init__(self, kind: str, rules: QuietTime) -> None:
        self._kind = kind
        self._rules = rules
        self._persons: dict[str, set[tuple[datetime, str]]] = defaultdict(set)
        self._companies: dict[str, set[tuple[datetime, str]]] = defaultdict(set)

    def look_up(self, wishes: Collection[Wish]) -> None:
        """Read what is stored of these people and companies, in two queries."""
        days = max(self._rules.person_days, self._rules.kind_days)
        if days and wishes:
            rows = _between(wishes, days).filter(contact__person_key__in={wish.person for wish in wishes})
            for person, at, kind in rows.values_list("contact__person_key", "send_at", "survey__kind"):
                self._persons[person].add((at, kind))
        companies = {wish.company for wish in wishes} - {""}
        if self._limits_companies and companies:
            rows = _between(wishes, self._rules.company_days).filter(contact__company_key__in=companies)
            columns = rows.values_list("contact__company_key", "send_at", "contact__person_key")
            for company, at, person in columns:
                self._companies[company].add((at, person))

    def note(self, wish: Wish) -> None:
        """This one is asked."""
        self._persons[wish.person].add((wish.at, self._kind))
        if wish.company:
            self._companies[wish.company].add((wish.at, wish.person))

    def reason_against(self, wish: Wish) -> str:
        """A code of surveys.reasons, or ""."""
        asked = self._persons.get(wish.person, ())
        if any(_is_within(at, wish.at, self._rules.person_days) for at, _kind in asked):
            return reasons.QUIET_PERSON
        if any(kind == self._kind and _is_within(at, wish.at, self._rules.kind_days) for at, kind in asked):
            return reasons.QUIET_KIND
        return reasons.QUIET_COMPANY if self._is_company_full(wish) else ""

    def _is_company_full(self, wish: Wish) -> bool:
        if not self._limits_companies or not wish.company:
            return False
        days = self._rules.company_days
        asked = {person for at, person in self._companies.get(wish.company, ()) if _is_within(at, wish.at, days)}
        return len(asked | {wish.person}) > self._rules.company_most

    @property
    def _limits_companies(self) -> bool:
        return bool(self._rules.company_most and self._rules.company_days)


def asked_keys(keys: Iterable[str]) -> set[str]:
    """Those of the causes (Invitation.key) that somebody was asked about already."""
    return set(Invitation.objects.filter(key__in=list(keys)).values_list("key", flat=True))


def _between(wishes: Collection[Wish], days: int) -> "QuerySet[Invitation]":
    first, last = min(wish.at for wish in wishes), max(wish.at for wish in wishes)
    span = (first - timedelta(days=days), last + timedelta(days=days))
    return bothering().filter(send_at__range=span).order_by()


def bothering() -> "QuerySet[Invitation]":
    """Invitations that reached somebody, or still will."""
    is_called_off = Q(mail__isnull=False, mail__state__in=_CALLED_OFF)
    return Invitation.objects.filter(~is_called_off, bounced_at__isnull=True)


def _is_within(one: datetime, other: datetime, days: int) -> bool:
    """Also of a mail that is planned for later: nobody shall get two in a row, whichever was planned first."""
    return days > 0 and abs(one - other) <= timedelta(days=days)
