"""Say of people, before anything is sent, whether they may be asked and why not; the same words count when it is."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice

from kpiproject.lib.tokens import new_token
from surveys import addresses, contacts, eligibility, queries, reasons
from surveys.eligibility import Quiet, Wish
from surveys.models import Contact, Survey

BATCH = 500
# What answers are counted by; any other key of a context is kept beside it.
DIMENSIONS = ("ticket", "ticket_source", "agent", "team", "channel", "category")
LIMITS = {"ticket": 200, "ticket_source": 50, "agent": 200, "team": 200, "channel": 100, "category": 200}
_CAUSE_MAX = 140


@dataclass(frozen=True, kw_only=True, slots=True)
class Invitee:
    """Somebody to ask. `cause` names why, such as "ticket:zendesk:123": a survey asks only once for one cause.

    `send_at` is when the mail shall leave, if not at once; `refusal` is why this one is not asked, if that is known.
    """

    email: str
    name: str = ""
    company: str = ""
    language: str = ""
    time_zone: str = ""
    cause: str = ""
    context: Mapping[str, str] = field(default_factory=dict)
    send_at: datetime | None = None
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An invitee with the address as it will be stored, the name of the cause, and why it is skipped ("" if not)."""

    invitee: Invitee
    email: str
    key: str
    reason: str = ""

    @property
    def given(self) -> str:
        return self.invitee.email.strip()

    @property
    def reason_in_words(self) -> str:
        return reasons.in_words(self.reason) if self.reason else ""


@dataclass
class Preview:
    """Whom a list would reach if it were sent now: how many, who not by reason, and the first lines."""

    asked: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    first: list[Candidate] = field(default_factory=list)
    first_asked: list[Candidate] = field(default_factory=list)

    @property
    def skipped(self) -> int:
        return self.reasons.total()

    @property
    def asked_first(self) -> list[Candidate]:
        """As many as `first` has, but those who will be asked before the others."""
        return [*self.first_asked, *(one for one in self.first if one.reason)][: len(self.first)]

    @property
    def counts(self) -> list[tuple[str, int]]:
        """Words and number, the most frequent first."""
        return [(reasons.in_words(reason), count) for reason, count in self.reasons.most_common()]

    @classmethod
    def of(cls, found: Iterable[Candidate], *, most_shown: int) -> "Preview":
        preview = cls()
        for one in found:
            preview.add(one, most_shown=most_shown)
        return preview

    def add(self, one: Candidate, *, most_shown: int) -> None:
        if one.reason:
            self.reasons[one.reason] += 1
        else:
            self.asked += 1
            if len(self.first_asked) < most_shown:
                self.first_asked.append(one)
        if len(self.first) < most_shown:
            self.first.append(one)


class Screener:
    """Looks at the people of one list, batch by batch, in the order given."""

    def __init__(self, survey: Survey, *, prefix: str, at: datetime) -> None:
        self._survey = survey
        self._prefix = prefix
        self._at = at
        self._seen: set[tuple[str, str]] = set()

    def read(self, invitees: Iterable[Invitee]) -> list[Candidate]:
        """What the lines themselves say: no bad or double address, nothing that cannot be kept."""
        found = []
        for invitee in invitees:
            email = contacts.normalise(invitee.email)
            key = key_of(self._survey, invitee, email=email, prefix=self._prefix)
            found.append(Candidate(invitee, email, key, self._reason_in_line(invitee, email)))
        return found

    def judge(self, found: Sequence[Candidate], known: Mapping[str, Contact], quiet: Quiet) -> list[Candidate]:
        """What is stored of the people: not suppressed, not asked about this already, not asked lately.

        `quiet` takes note of those who may be asked.
        """
        open_ones = [one for one in found if not one.reason]
        gone = contacts.suppressed(one.email for one in open_ones)
        asked = eligibility.asked_keys(one.key for one in open_ones)
        wishes = {one.key: self._wish(one, known.get(one.email)) for one in open_ones}
        if self._survey.respects_quiet_time:
            quiet.look_up(wishes.values())
        judged = []
        for one in found:
            if one.reason:
                judged.append(one)
                continue
            reason = self._reason_against(one, wishes[one.key], gone=gone, asked=asked, quiet=quiet)
            judged.append(replace(one, reason=reason) if reason else one)
            if not reason:
                quiet.note(wishes[one.key])
                asked.add(one.key)
        return judged

    def _reason_against(self, one: Candidate, wish: Wish, *, gone: set[str], asked: set[str], quiet: Quiet) -> str:
        if one.email in gone:
            return reasons.SUPPRESSED
        if one.key in asked:
            return reasons.ALREADY_INVITED
        return quiet.reason_against(wish) if self._survey.respects_quiet_time else ""

    def _reason_in_line(self, invitee: Invitee, email: str) -> str:
        if invitee.refusal:
            return invitee.refusal
        if not contacts.is_address(email):
            return reasons.INVALID_ADDRESS
        # Causes that somebody names are different ones, such as two tickets; a list names people.
        place = (addresses.person_key(email), invitee.cause)
        if place in self._seen:
            return reasons.DUPLICATE
        self._seen.add(place)
        too_long = any(len(invitee.context.get(name, "").strip()) > limit for name, limit in LIMITS.items())
        return reasons.CONTEXT_TOO_LONG if too_long else ""

    def _wish(self, one: Candidate, contact: Contact | None) -> Wish:
        company = contact.company_key if contact and contact.company_key else ""
        return Wish(
            person=addresses.person_key(one.email),
            company=company or addresses.company_key(one.invitee.company),
            at=one.invitee.send_at or self._at,
        )


def preview(survey: Survey, invitees: Iterable[Invitee], *, prefix: str = "", now: datetime) -> Iterator[Candidate]:
    """What invite() would say of each if it were called now; writes nothing."""
    screener = Screener(survey, prefix=prefix or new_token(), at=now)
    quiet = new_quiet(survey)
    remaining = iter(invitees)
    while batch := list(islice(remaining, BATCH)):
        found = screener.read(batch)
        known = contacts.of([one.email for one in found if not one.reason])
        yield from screener.judge(found, known, quiet)


def new_quiet(survey: Survey) -> Quiet:
    return Quiet(survey.kind, queries.quiet_time())


def key_of(survey: Survey, invitee: Invitee, *, email: str, prefix: str) -> str:
    """The unique name of the cause; long ones are shortened to their digest."""
    person = addresses.person_key(email)
    cause = invitee.cause or _ticket_of(invitee, person) or f"{prefix}:{person}"
    if len(cause) > _CAUSE_MAX or not cause.isprintable():
        cause = f"digest:{hashlib.sha256(cause.encode()).hexdigest()}"
    return f"{survey.slug}:{cause}"


def _ticket_of(invitee: Invitee, person: str) -> str:
    """Nobody is asked twice by one survey about one ticket, whoever sends the list again."""
    ticket, source = (invitee.context.get(name, "").strip() for name in ("ticket", "ticket_source"))
    return f"ticket:{source}:{ticket}:{person}" if ticket else ""
