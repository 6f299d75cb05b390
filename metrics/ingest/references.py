"""Customers, agents and teams that facts name: within their source, then by e-mail address, else a stub."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from django.db.models import QuerySet

from kpiproject.models import Agent, Team
from metrics.ingest.journal import Journal
from metrics.ingest.upsert import upsert
from metrics.models import Among, Customer
from metrics.sources.faults import Notes

_MOST_REMEMBERED: Final = 200_000


class Names(NamedTuple):
    """How a fact names a customer: by an id within the source, by an e-mail address, or by both."""

    reference: str
    email: str

    @property
    def address(self) -> str:
        return self.email.lower() or _address(self.reference)


class References:
    """Remembers what it has found during one import. What is not known is created and noted."""

    def __init__(self, source: str, notes: Notes, journal: Journal) -> None:
        self._source = source
        self._notes = notes
        self._journal = journal
        self._customers: dict[Names, int] = {}
        self._teams: dict[str, int] = {}
        self._agents: dict[str, int] = {}

    def customers(self, names: Iterable[Names]) -> Mapping[Names, int]:
        """The ids of these customers, by their names as given."""
        wanted = {one for one in names if one != ("", "")}
        if len(self._customers) > _MOST_REMEMBERED:
            self._customers.clear()
        if unknown := wanted - self._customers.keys():
            self._customers |= self._customers_found(unknown)
        return self._customers

    def teams(self, names: Iterable[str]) -> Mapping[str, int]:
        if unknown := {name for name in names if name} - self._teams.keys():
            own = Team.objects.filter(source=self._source)
            self._teams |= _by_reference(own, unknown)
            if missing := sorted(unknown - self._teams.keys()):
                stubs = [Team(source=self._source, external_id=name, name=name) for name in missing]
                Team.objects.bulk_create(stubs, ignore_conflicts=True)
                self._notes.add("unknown_team", missing[0], len(missing))
                created = _by_reference(own, missing)
                self._journal.created(Team, created.values())
                self._teams |= created
        return self._teams

    def agents(self, names: Iterable[str]) -> Mapping[str, int]:
        if unknown := {name for name in names if name} - self._agents.keys():
            own = Agent.objects.filter(source=self._source)
            self._agents |= _agents_by_address(unknown) | _by_reference(own, unknown)
            if missing := sorted(unknown - self._agents.keys()):
                new = {_address(name) or name: name for name in reversed(missing)}  # one however it is spelt
                stubs = [
                    Agent(source=self._source, external_id=name, name=name, email=_address(name))
                    for name in sorted(new.values())
                ]
                Agent.objects.bulk_create(stubs, ignore_conflicts=True)
                self._notes.add("unknown_agent", missing[0], len(stubs))
                self._journal.created(Agent, _by_reference(own, new.values()).values())
                self._agents |= _agents_by_address(missing) | _by_reference(own, missing)
        return self._agents

    def _customers_found(self, names: set[Names]) -> dict[Names, int]:
        by_reference = {known.reference: known for known in self._own_customers(names)}
        by_address: dict[str, list[Known]] = {}
        addresses = {one.address for one in names if one.address}
        for known in _known(Customer.objects.filter(Among("email", addresses))):
            by_address.setdefault(known.email, []).append(known)
        found: dict[Names, int] = {}
        for one in names:
            match = by_reference.get(one.reference) or self._of_address(one, by_address.get(one.address, ()))
            if match is not None:
                found[one] = match.id
                if one.address and not match.email:
                    self._journal.updated(Customer, [{"pk": match.id, "email": match.email}])
                    Customer.objects.filter(pk=match.id).update(email=one.address)
        if missing := names - found.keys():
            self._create_customers(missing)
            found |= self._customers_found(missing)
        return found

    def _own_customers(self, names: Iterable[Names]) -> "Iterator[Known]":
        references = {one.reference for one in names if one.reference}
        return _known(Customer.objects.filter(Among("external_id", references), source=self._source))

    def _of_address(self, one: Names, candidates: "Iterable[Known]") -> "Known | None":
        """Of this source before others. Another id in the same source is another customer, with the same address or
        not, unless that one was only ever named by the address."""
        own = [known for known in candidates if known.source == self._source]
        if one.reference:
            own = [known for known in own if known.reference == known.email]
        others = [known for known in candidates if known.source != self._source]
        return next(iter([*own, *others]), None)

    def _create_customers(self, names: set[Names]) -> None:
        """Those with an id first: who is then named by the address alone may be one of them."""
        chosen = {one for one in names if one.reference} or names
        stubs = {one.reference or one.address: one.address for one in sorted(chosen)}
        rows = [
            {"source": self._source, "external_id": name, "email": address, "is_stub": True}
            for name, address in stubs.items()
        ]
        with self._journal.creating(Customer):
            upsert(Customer, rows, conflict=("source", "external_id"), update=())
        self._notes.add("unknown_customer", min(stubs), len(stubs))


class Known(NamedTuple):
    """A customer who is stored."""

    id: int
    source: str
    reference: str
    email: str


def _known(rows: "QuerySet[Customer]") -> Iterator[Known]:
    return map(Known._make, rows.order_by("id").values_list("id", "source", "external_id", "email"))


def _by_reference(own: "QuerySet[Team] | QuerySet[Agent]", references: Iterable[str]) -> dict[str, int]:
    return dict(own.filter(external_id__in=references).values_list("external_id", "id"))


def _agents_by_address(names: Iterable[str]) -> dict[str, int]:
    addresses: dict[str, list[str]] = {}
    for name in names:
        if address := _address(name):
            addresses.setdefault(address, []).append(name)
    rows = Agent.objects.filter(email__in=addresses).order_by("-id").values_list("email", "id")
    return {name: pk for email, pk in rows for name in addresses[email]}


def _address(name: str) -> str:
    """The text as an e-mail address, if it can be one."""
    return name.lower() if "@" in name and " " not in name else ""
