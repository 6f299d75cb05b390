"""Whose names an edition tells: people of the house, agents, customers, stakeholders, and their addresses.

They are looked for when the edition is published and kept with it, so that what people outside read (manual.outside)
is the same for ever, whoever comes, leaves or is erased later.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, Final

from django.utils.dates import MONTHS, MONTHS_3, WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from goals.models import Stakeholder
from kpiproject.documents.tree import anchor_of
from kpiproject.models import Agent, Team, User
from kpiproject.queries import organisation
from kpiproject.roles import MANAGERS
from metrics.kpi import CATALOGUE
from metrics.models import Customer, ServiceTarget
from surveys.models import Contact

EMAIL: Final = re.compile(r"[\w.+%'-]+@[\w-]+(?:\.[\w-]+)+")
_WORD: Final = re.compile(r"\w+")
_ADDRESS: Final = re.compile(rf"{EMAIL.pattern}|https?://\S+")
_SENTENCE_ENDS: Final = re.compile(r"\w{3}[.!?]\s+$")  # not “Dr. ”
# What no reader sees: the nature of a block, where it stands, and the name of its picture.
UNREAD: Final = frozenset({"is", "anchor", "to", "section", "kind", "digest", "tone"})
_LEAST: Final = 3
"""Shorter ones are abbreviations more often than names."""
_BATCH: Final = 2000


class Names:
    """What is read outside instead of each name. Names count as whole words in their own spelling, addresses in any."""

    def __init__(self, instead: Mapping[str, str]) -> None:
        self._instead = {_key(name): words for name, words in instead.items()}
        addresses = [name for name in instead if "@" in name]
        self._addresses = _any_of(addresses, re.IGNORECASE)
        self._names = _any_of((name for name in instead if "@" not in name), re.NOFLAG)
        self._parts = [f"-{anchor_of(name)}-" for name in self._instead]

    def unnamed(self, words: str) -> str:
        for pattern in (self._addresses, self._names):
            if pattern is not None:
                words = pattern.sub(self._for, words)
        return words

    def _for(self, found: re.Match[str]) -> str:
        instead = self._instead[_key(found[0])]
        return instead[:1].upper() + instead[1:] if _begins_sentence(found) else instead

    def is_in_anchor(self, anchor: str) -> bool:
        return any(part in f"-{anchor}-" for part in self._parts)


def of(content: Any, figures: Any) -> Names:
    """Those that were kept with an edition; of an edition that kept none, those that are known today."""
    kept = content.get("names")
    return Names(dict(found_in(content, figures) if kept is None else kept))


def found_in(content: Any, figures: Any) -> list[tuple[str, str]]:
    """Every name that occurs, with what stands for it, in the active language."""
    text = _Text([content, figures])
    found: dict[str, str] = {}
    for name, instead in _known():
        plain = " ".join(name.split())
        if plain not in found and text.tells(plain):
            found[plain] = instead
    return sorted(found.items())


class _Text:
    """All words of an edition."""

    def __init__(self, value: Any) -> None:
        self._values = [" ".join(each.split()) for each in _strings(value)]
        self._whole = frozenset(self._values)
        self._all = "\n".join(self._values)
        self._tokens = frozenset(_WORD.findall(_ADDRESS.sub(" ", self._all)))
        self._addresses = frozenset(found.lower() for found in EMAIL.findall(self._all))

    def tells(self, name: str) -> bool:
        if "@" in name:
            return name.lower() in self._addresses
        words = _WORD.findall(name)
        if not words or (name.isascii() and words[0] not in self._tokens):
            return False
        if len(words) == 1 and not self._is_name(name):
            return False
        return name in self._all

    def _is_name(self, word: str) -> bool:
        """Of a single word: nobody's name is what is a word of its own here, unless it stands somewhere alone."""
        if word.casefold() in self._ours or word.isdigit() or (word.isascii() and len(word) < _LEAST):
            return False
        return word.lower() not in self._tokens or word in self._whole

    @cached_property
    def _ours(self) -> frozenset[str]:
        """Words that are never hidden: the calendar, KPIs, teams, and the name of the house."""
        days = (MONTHS, MONTHS_3, WEEKDAYS, WEEKDAYS_ABBR)
        said = [str(word) for each in days for word in each.values()]
        said += [str(kpi.name) for kpi in CATALOGUE.values()]
        said += [organisation().name, *Team.objects.values_list("name", flat=True)]
        return frozenset(word.casefold() for each in said for word in _WORD.findall(each))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, part in value.items():
            if key not in UNREAD or str(part).startswith("mailto:"):
                yield from _strings(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _strings(part)


# --- Who is known -------------------------------------------------------------------------------------------------
def _known() -> Iterator[tuple[str, str]]:
    """Name and what stands for it; whoever is several of these is what comes first."""
    yield from _people()
    yield from _agents()
    yield from _stakeholders()
    yield from _agreements()
    customer = _("a customer")
    for rows in (Customer.objects.values_list("name", "company", "email"), _contacts()):
        for name, company, email in rows.iterator(chunk_size=_BATCH):
            yield from ((each, customer) for each in (name, company, email) if each)


def _contacts() -> Any:
    return Contact.objects.values_list("name", "company", "email")


def _people() -> Iterator[tuple[str, str]]:
    managers = set(User.objects.filter(groups__name=MANAGERS).values_list("pk", flat=True))
    for pk, name, email in User.objects.values_list("pk", "name", "email"):
        instead = _("a manager") if pk in managers else _("a colleague")
        yield from ((each, instead) for each in (*_parts(name), email) if each)


def _agents() -> Iterator[tuple[str, str]]:
    for name, email in Agent.objects.values_list("name", "email"):
        yield from ((each, _("a colleague")) for each in (*_parts(name), email) if each)


def _parts(name: str) -> Iterator[str]:
    """Colleagues are called by one of their names, too."""
    yield name
    yield from (part for part in name.split() if part[:1].isupper())


def _stakeholders() -> Iterator[tuple[str, str]]:
    for name, email in Stakeholder.objects.values_list("name", "email"):
        yield from ((each, _("a stakeholder")) for each in (name, email) if each)


def _agreements() -> Iterator[tuple[str, str]]:
    """As chapters tell of a promise to one customer, who may have no name but a number."""
    customer = _("a customer")
    for target in ServiceTarget.objects.all():
        if target.company:
            yield target.company, customer
            yield _("agreement with %(name)s") % {"name": target.company}, _("agreement with one customer")
        if target.customer:
            yield target.customer, customer
            words = _("agreement with the customer %(name)s") % {"name": target.customer}
            yield words, _("agreement with one customer")


def _begins_sentence(found: re.Match[str]) -> bool:
    """A name that stands alone, as in a cell, or in bold within a sentence, begins none."""
    before = found.string[: found.start()]
    return _SENTENCE_ENDS.search(before) is not None or (not before and found.end() < len(found.string))


def _key(name: str) -> str:
    return name.lower() if "@" in name else " ".join(name.split())


def _any_of(names: Iterable[str], flags: re.RegexFlag) -> re.Pattern[str] | None:
    found = sorted({" ".join(name.split()) for name in names}, key=lambda name: (-len(name), name))
    if not found:
        return None
    spelled = "|".join(r"\s+".join(map(re.escape, name.split(" "))) for name in found)
    return re.compile(rf"(?<!\w)(?:{spelled})(?!\w)", flags)
