"""Finding places in the editions, KPIs first.

One query finds and orders, one more reads what a page shows, however many places there are; in all editions one asks
for their numbers. Of the same place in
several editions the newest is shown and the others are named with it.
"""

import difflib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Final

from django.db import connections
from django.db.models import BooleanField, Case, Q, QuerySet, Value, When
from django.db.models.expressions import RawSQL
from django.utils.safestring import SafeString

from manual import wanted as asked
from manual.excerpts import excerpt, html, marked
from manual.models import Edition, Passage
from manual.plain_words import plain
from manual.wanted import Wanted

# Languages whose words are also found by their stems; other editions by the words as they are.
_CONFIGURATIONS: Final = {"en": "english", "de": "german", "fr": "french", "es": "spanish"}
_STEMS_ON_SQLITE: Final = "en"
_ALIKE: Final = 0.8
_NAME_ALIKE: Final = 0.6
_LEAST_LETTERS: Final = 3
_LEAST_SHARED: Final = 4
_MOST_MISTYPED: Final = 2
_MOST_SIMILAR: Final = 6
_MOST_OTHERS: Final = 3


@dataclass(frozen=True)
class Place:
    """A passage by its key, and the other editions that have something at the same place: number and anchor."""

    pk: int
    edition: int
    others: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Hit:
    passage: Passage
    edition: int
    others: tuple[int, ...]
    title: SafeString
    heading: SafeString
    also: SafeString
    excerpt: SafeString

    @property
    def nearest_others(self) -> tuple[int, ...]:
        return self.others[:_MOST_OTHERS]

    @property
    def count_more(self) -> int:
        return len(self.others) - len(self.nearest_others)


@dataclass(frozen=True, kw_only=True)
class Contents:
    """What an edition has: its sections, and its KPIs by name."""

    sections: list[Passage]
    kpis: list[Passage]


def places(wanted: Wanted, *, edition: Edition, everywhere: bool = False) -> list[Place]:
    """In `edition`, or in all of them with those of `edition` before the same in others."""
    if not wanted.terms:
        return []
    rows = Passage.objects.all() if everywhere else Passage.objects.filter(edition=edition)
    rows = rows.filter(_sql(rows, asked.fts5(wanted), asked.tsquery(wanted)))
    named = Q(_sql(rows, asked.fts5_named(wanted), asked.tsquery_named(wanted)))
    is_kpi, is_exact = Q(kind=Passage.Kind.KPI), Q(name_words__contains=f"\n{wanted.name}\n")
    # “csat target” is about CSAT.
    has_its_name = _any(Q(name_words__contains=f"\n{name}\n") for name in wanted.names_within)
    rank = Case(
        When(is_kpi & is_exact, then=Value(0)),
        When(is_kpi & named, then=Value(1)),
        When(is_kpi & has_its_name, then=Value(2)),
        When(is_exact, then=Value(3)),
        When(named, then=Value(4)),
        default=Value(5),
    )
    is_other = Case(When(edition=edition, then=Value(0)), default=Value(1))
    # Numbers are asked for once and not for each of ten thousand rows; later editions have higher keys, too.
    ordered = rows.order_by(rank, is_other, "-edition_id", "position").values_list("pk", "anchor", "edition_id")
    numbers = dict(Edition.objects.values_list("pk", "number")) if everywhere else {edition.pk: edition.number}
    return _grouped((pk, anchor, numbers[key]) for pk, anchor, key in ordered)


def hits(page: Iterable[Place], wanted: Wanted) -> list[Hit]:
    """In the order of the page."""
    shown = list(page)
    rows = Passage.objects.defer(*Passage.WORDS).in_bulk([place.pk for place in shown])
    return [_hit(rows[place.pk], place, wanted) for place in shown]


def vocabulary(edition: Edition) -> set[str]:
    """Every word of an edition."""
    rows = Passage.objects.filter(edition=edition).values_list("name_words", "own_words")
    return {word for row in rows for words in row for word in words.split()}


def corrected(wanted: Wanted, known: set[str]) -> Wanted | None:
    """The same with the nearest of the known words in the place of others; None if none is near."""
    changes = {word: nearest for word in wanted.words if (nearest := _nearest(word, known))}
    return wanted.replaced(changes) if changes else None


def contents(edition: Edition) -> Contents:
    kinds = (Passage.Kind.SECTION, Passage.Kind.KPI)
    rows = list(Passage.objects.filter(edition=edition, kind__in=kinds).order_by("position").defer("text", "own_words"))
    return Contents(
        sections=[row for row in rows if row.kind == Passage.Kind.SECTION],
        kpis=sorted((row for row in rows if row.kind == Passage.Kind.KPI), key=lambda row: row.heading.casefold()),
    )


def similar(kpis: Collection[Passage], text: str) -> list[Passage]:
    """KPIs with a name like what was typed, or with one of its words in it; the most alike first."""
    typed = plain(text)
    alike = sorted(((_likeness(typed, kpi), -n, kpi) for n, kpi in enumerate(kpis)), reverse=True)
    return [kpi for likeness, _n, kpi in alike if likeness >= _NAME_ALIKE][:_MOST_SIMILAR]


def _likeness(typed: str, kpi: Passage) -> float:
    names = kpi.name_words.split("\n")[1:-1]
    whole = max(difflib.SequenceMatcher(None, typed, name).ratio() for name in names)
    shared = set(typed.split()) & {word for name in names for word in name.split() if len(word) >= _LEAST_SHARED}
    return max(whole, _NAME_ALIKE if shared else 0)


def _nearest(word: str, known: set[str]) -> str:
    """Of a word that the edition does not have, not even as a beginning."""
    if len(word) < _LEAST_LETTERS or word.isdigit() or any(each.startswith(word) for each in known):
        return ""
    alike = sorted(each for each in known if each[0] == word[0] and abs(len(each) - len(word)) <= _MOST_MISTYPED)
    return next(iter(difflib.get_close_matches(word, alike, n=1, cutoff=_ALIKE)), "")


def _any(conditions: Iterable[Q]) -> Q:
    """Without conditions none is met."""
    return reduce(or_, conditions, Q(pk__in=[]))


def _sql(rows: QuerySet[Passage], fts5: str, tsquery: str) -> RawSQL:
    """Whether the words are there as they are, or their stems."""
    if connections[rows.db].vendor == "postgresql":
        stems = [
            f"(manual_passage.language = '{code}' AND manual_passage.stems @@ to_tsquery('{name}', %s))"
            for code, name in _CONFIGURATIONS.items()
        ]
        sql = " OR ".join(["manual_passage.words @@ to_tsquery('simple', %s)", *stems])
        return _true(sql, [tsquery] * (1 + len(stems)))
    table = "manual_passage.id IN (SELECT rowid FROM {0} WHERE {0} MATCH %s)"
    stemmed = f"(manual_passage.language = '{_STEMS_ON_SQLITE}' AND {table.format('manualstems')})"
    return _true(f"{table.format('manualwords')} OR {stemmed}", [fts5, fts5])


def _true(sql: str, params: Sequence[str]) -> RawSQL:
    return RawSQL(f"({sql})", params, output_field=BooleanField())  # noqa: S611 - what is sought is a parameter


def _grouped(rows: Iterable[tuple[int, str, int]]) -> list[Place]:
    """One place for each anchor: the first, with the editions of the others, the newest first."""
    first: dict[str, tuple[int, int]] = {}
    others: dict[str, list[int]] = {}
    for pk, anchor, number in rows:
        if anchor in first:
            others[anchor].append(number)
        else:
            first[anchor], others[anchor] = (pk, number), []
    return [
        Place(pk, number, tuple(sorted(set(others[anchor]) - {number}, reverse=True)))
        for anchor, (pk, number) in first.items()
    ]


def _hit(passage: Passage, place: Place, wanted: Wanted) -> Hit:
    """Of a KPI that is found by its name, what it means is told, and not where else its name stands."""
    names = [*marked(passage.heading, wanted.terms), *marked(passage.also, wanted.terms)]
    is_named = passage.kind == Passage.Kind.KPI and any(piece.is_marked for piece in names)
    return Hit(
        passage=passage,
        edition=place.edition,
        others=place.others,
        title=html(marked(passage.title, wanted.terms)),
        heading=html(marked(passage.heading, wanted.terms)),
        also=html(marked(passage.also, wanted.terms)),
        excerpt=html(excerpt(passage.text, () if is_named else wanted.terms)),
    )
