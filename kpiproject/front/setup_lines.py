"""What the pages about the choice of KPIs show."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goals.models import Report, Stakeholder
from goals.queries import when_sent
from metrics import adoption, presentation, requirements
from metrics.definitions import adopted, adopted_codes, find
from metrics.kpi import FAMILY_NAMES, Kpi, Text
from metrics.models import Adoption
from metrics.packs import ASPECT_NAMES, PACKS, Aspect, Pack, Pilot
from metrics.queries.audit import Source, Standing, State

STALE_DAYS: Final = 7
_STATE_TONES: Final = {State.COMPUTABLE: "good", State.PARTLY: "warn", State.MISSING: "", State.UNCHECKED: ""}


@dataclass(frozen=True, kw_only=True)
class SourceLine:
    name: str
    source: str
    rows: str
    days: str
    age: str
    is_stale: bool


@dataclass(frozen=True, kw_only=True)
class KpiLine:
    """`links` lead to where the missing kinds come from."""

    kpi: Kpi
    is_adopted: bool
    state: str
    tone: str
    needs: str
    links: list[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class AdoptedLine:
    kpi: Kpi
    row: Adoption
    baseline: str
    about: str
    is_measured: bool = False


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A KPI that is proposed for an aspect."""

    line: KpiLine
    aspect: Text


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Somebody who is told about figures, or should be. `lacks` is what they need to know and no report tells them."""

    name: str
    note: str
    reports: list[tuple[Report, str, str]]
    edit_url: str
    needs: str = ""
    rhythm: str = ""
    lacks: str = ""


def source_lines(found: Iterable[Source], today: date) -> list[SourceLine]:
    return [_source_line(one, today) for one in found]


def _source_line(one: Source, today: date) -> SourceLine:
    days = age = ""
    is_stale = False
    if one.first and one.last:
        last = min(one.last, today)
        days = presentation.days(min(one.first, last), last)
        behind = (today - last).days
        is_stale = behind > STALE_DAYS
        age = _("today") if not behind else ngettext("%(n)s day ago", "%(n)s days ago", behind) % {"n": behind}
    return SourceLine(
        name=str(requirements.KIND_NAMES[one.kind]),
        source=one.source,
        rows=presentation.number(one.rows),
        days=days,
        age=age,
        is_stale=is_stale,
    )


def missing_kinds(found: Iterable[Source]) -> list[str]:
    there = {one.kind for one in found if one.rows}
    return [str(name) for kind, name in requirements.KIND_NAMES.items() if kind not in there]


def kpi_lines(found: Iterable[Standing]) -> dict[str, KpiLine]:
    chosen = adopted_codes()
    return {one.kpi.code: _kpi_line(one, chosen) for one in found}


def by_family(lines: Mapping[str, KpiLine]) -> list[tuple[Text, list[KpiLine]]]:
    groups = [
        (name, [line for line in lines.values() if line.kpi.family is family]) for family, name in FAMILY_NAMES.items()
    ]
    return [group for group in groups if group[1]]


def _kpi_line(one: Standing, chosen: set[str]) -> KpiLine:
    names = {
        State.COMPUTABLE: _("has figures"),
        State.PARTLY: _("nothing counts yet"),
        State.MISSING: _("needs data"),
        State.UNCHECKED: _("not looked at yet"),
    }
    return KpiLine(
        kpi=one.kpi,
        is_adopted=one.kpi.code in chosen,
        state=names[one.state],
        tone=_STATE_TONES[one.state],
        needs=" ".join(_needs(one)),
        links=list(_links(one)) if one.state is State.MISSING else [],
    )


def _needs(one: Standing) -> Iterator[str]:
    if one.state is State.MISSING:
        lacking = _(" and ").join(str(requirements.KIND_NAMES[kind]) for kind in one.lacks)
        yield _("Needs %(kinds)s, of which there are none.") % {"kinds": lacking}
    elif one.state is State.PARTLY:
        yield _("Its data are there, but nothing of them counts.")
    elif one.state is State.UNCHECKED:
        yield _("Open this page again in a moment.")
    if one.columns and one.state is not State.COMPUTABLE:
        yield _("It rests on %(columns)s.") % {"columns": one.columns}


def _links(one: Standing) -> Iterator[tuple[str, str]]:
    if any(kind in requirements.IMPORTED for kind in one.lacks):
        yield _("Import data"), reverse("metrics:data")
    if {"invitations", "survey_responses"} & set(one.lacks):
        yield _("Ask customers"), reverse("surveys:survey_list")


def adopted_lines() -> list[AdoptedLine]:
    return [_adopted_line(kpi, row) for kpi, row in adoption.rows()]


def _adopted_line(kpi: Kpi, row: Adoption) -> AdoptedLine:
    found: dict[str, Any] = row.baseline
    if not found:
        about = _("There is no figure for everything together.") if kpi.needs_dimension else _("not measured yet")
        return AdoptedLine(kpi=kpi, row=row, baseline="", about=about)
    clock = found.get("clock") or None
    parts = [_days_of(found), presentation.counted(found["n"], kpi)]
    if found.get("low") is not None and found.get("high") is not None:
        bounds = [presentation.value(found[name], kpi, clock) for name in ("low", "high")]
        parts.append(_("95\u00a0%% interval %(low)s to %(high)s") % {"low": bounds[0], "high": bounds[1]})
    if found["revision"] != kpi.revision:
        parts.append(_("by revision %(then)s; it is %(now)s now") % {"then": found["revision"], "now": kpi.revision})
    return AdoptedLine(
        kpi=kpi,
        row=row,
        baseline=presentation.value(found["value"], kpi, clock),
        about="; ".join(parts),
        is_measured=found["value"] is not None,
    )


def _days_of(found: Mapping[str, Any]) -> str:
    start, end = (date.fromisoformat(found[name]) for name in ("start", "end"))
    return presentation.days(start, end - timedelta(days=1))


def proposals(pilot: Pilot, lines: Mapping[str, KpiLine]) -> list[Proposal]:
    """Of each aspect as many as are wanted: first those that have figures, then in the order of the pilot."""
    found = []
    for aspect, (count, codes) in pilot.wanted.items():
        there = [lines[code] for code in codes if code in lines]
        there.sort(key=lambda line: line.tone != "good")
        found += [Proposal(line=line, aspect=ASPECT_NAMES[Aspect(aspect)]) for line in there[:count]]
    return found


def more(pilot: Pilot, lines: Mapping[str, KpiLine], proposed: Iterable[Proposal]) -> list[KpiLine]:
    """What may be chosen instead: the rest of what this business looks at, and what is adopted already."""
    taken = {one.line.kpi.code for one in proposed}
    pack = next((pack.kpis for pack in PACKS if pack.code == pilot.pack), ())
    codes = [*(code for _count, codes in pilot.wanted.values() for code in codes), *pack]
    codes += [code for code, line in lines.items() if line.is_adopted]
    return [lines[code] for code in dict.fromkeys(codes) if code in lines and code not in taken]


def pack_lines(lines: Mapping[str, KpiLine]) -> list[tuple[Pack, list[KpiLine], str]]:
    """Each pack with its KPIs, and whether all, some or none of them are adopted."""
    found = []
    for pack in PACKS:
        members = [lines[code] for code in pack.kpis if code in lines]
        count = sum(line.is_adopted for line in members)
        standing = "all" if members and count == len(members) else "some" if count else "none"
        found.append((pack, members, standing))
    return found


def readers() -> tuple[list[Reader], list[Kpi]]:
    """Who is told what and how often; and the adopted KPIs of which nobody is told."""
    reports = list(
        Report.objects.filter(is_active=True)
        .prefetch_related("items", "people", "stakeholders", "left")
        .order_by("name")
    )
    told = {item.kpi for report in reports for item in report.items.all()}
    outside = [_stakeholder(one, reports) for one in Stakeholder.objects.filter(is_active=True)]
    inside = {person for report in reports for person in report.people.all() if person.is_active}
    ours = [_person(person, reports) for person in sorted(inside, key=str)]
    untold = [kpi for kpi in adopted() if kpi.code not in told]
    return [*outside, *ours], untold


def _stakeholder(one: Stakeholder, reports: list[Report]) -> Reader:
    got = [report for report in reports if one in report.readers_outside()]
    told = {item.kpi for report in got for item in report.items.all()}
    return Reader(
        name=one.name,
        note=one.note,
        reports=[_told(report) for report in got],
        edit_url=reverse("admin:goals_stakeholder_change", args=[one.pk]),
        needs=_names(one.kpis),
        rhythm=one.get_rhythm_display(),
        lacks=_names(code for code in one.kpis if code not in told),
    )


def _person(person: Any, reports: list[Report]) -> Reader:
    got = [report for report in reports if person in report.people.all()]
    return Reader(name=str(person), note="", reports=[_told(report) for report in got], edit_url="")


def _told(report: Report) -> tuple[Report, str, str]:
    return report, when_sent(report), _names(item.kpi for item in report.items.all())


def _names(codes: Iterable[str]) -> str:
    return ", ".join(str(kpi.name) for code in dict.fromkeys(codes) if (kpi := find(code)))
