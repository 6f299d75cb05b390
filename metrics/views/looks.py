"""How a reader looks at one KPI: what every page of it has in common."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import ngettext

from kpiproject.calendars import measures_business_time
from kpiproject.lib.periods import Grain, Period
from kpiproject.models import Organisation
from kpiproject.queries import agent_names, organisation
from metrics import basis, definitions, presentation, queries
from metrics.dimensions import PERSONAL
from metrics.forms import QuestionForm
from metrics.kpi import BUSINESS, Breakdown, Kpi
from metrics.queries import Figures, Freshness, Point, Question
from metrics.queries.called import customer_names

_NOT_KEPT = ("page", "offer", "all")


@dataclass(frozen=True, kw_only=True)
class Look:
    """A KPI and how the reader looks at it. Without a period the form has errors."""

    kpi: Kpi
    form: QuestionForm
    fresh: Freshness
    house: Organisation
    period: Period | None = None
    grain: Grain = Grain.ALL

    @property
    def chosen(self) -> Period:
        if self.period is None:
            raise ValueError("Only a valid form asks a question.")
        return self.period

    @property
    def question(self) -> Question:
        """The KPI over the whole period, as one figure."""
        return self.form.question(self.chosen)

    @property
    def period_text(self) -> str:
        return presentation.period(self.period.start, Grain.ALL, self.period.end) if self.period else ""

    def overall(self) -> Figures:
        """The whole period as one figure. Of what only exists by a dimension, a point without a value that has the
        number of rows behind all members, and what was left out."""
        if not self.kpi.needs_dimension:
            return queries.with_unknown_members(queries.told(self.question), self.question)
        parts = queries.told(replace(self.question, by=self.form.dimension))
        total = queries.rows(self.question, first=0, limit=0).total
        notes = tuple(dict.fromkeys(note for point in parts.points for note in point.notes))
        point = Point(
            start=self.chosen.start, end=self.chosen.end, n=total, excluded=_excluded(self.kpi, parts), notes=notes
        )
        return queries.with_unknown_members(replace(parts, points=[point]), self.question)


def _excluded(kpi: Kpi, parts: Figures) -> Mapping[str, int]:
    """Of a share every member has its own; the parts of a breakdown all have those of the whole."""
    if kpi.shape is Breakdown:
        return parts.points[0].excluded if parts.points else {}
    found: dict[str, int] = {}
    for point in parts.points:
        for reason, count in point.excluded.items():
            found[reason] = found.get(reason, 0) + count
    return found


def look(given: QueryDict, code: str, *, with_people: bool = False) -> Look:
    """Who asked, customers and companies, is asked for `with_people` only. Raises BadQuestion for a KPI that does not
    exist."""
    kpi = queries.find_kpi(code)
    house = organisation()
    fresh = queries.freshness(house.time_zone, all_change=not basis.is_current())
    has_calendar = kpi.clock(has_calendar=measures_business_time()) == BUSINESS
    form = QuestionForm(given, kpi=kpi, has_calendar=has_calendar, with_people=with_people)
    found = Look(kpi=kpi, form=form, fresh=fresh, house=house)
    if not form.is_valid():
        return found
    period = form.period(zone=house.time_zone, fresh=fresh)
    grain = form.fit(period)
    if not form.is_valid():
        return found
    form.fill_in(period)
    return replace(found, period=period, grain=grain)


def names(dimension: str, members: Collection[str]) -> Mapping[str, str]:
    """What members are called, where that is not what they are imported as."""
    if dimension == "month":
        return {one: _months_after(int(one)) for one in members if one.isdecimal()}
    if dimension == "customer":
        return customer_names(members)
    return agent_names(members) if dimension == "agent" else {}


def _months_after(months: int) -> str:
    return ngettext("%(months)s month after", "%(months)s months after", months) % {"months": months}


def may_see_people(request: HttpRequest) -> bool:
    """Whether somebody may see who asked, which tickets tell."""
    return request.user.has_perm("metrics.view_ticket")


def kept(request: HttpRequest) -> dict[str, object]:
    """What the reader keeps only, each with the address of the page without it."""
    found = []
    wanted = list(dict.fromkeys(request.GET.getlist("where")))
    for text in wanted:
        rest = plain(request.GET)
        rest.setlist("where", [other for other in wanted if other != text])
        name, _equals, member = text.partition("=")
        called = {} if name in PERSONAL and not may_see_people(request) else names(name, [member])
        shown = presentation.member(member, called)
        found.append((presentation.dimension(name), shown, rest.urlencode()))
    return {"kept": found, "asked": plain(request.GET).urlencode()}


def plain(given: QueryDict) -> QueryDict:
    """The question of an address, without what only concerns how this page shows it."""
    rest = given.copy()
    for name in _NOT_KEPT:
        rest.pop(name, None)
    return rest


def unknown(request: HttpRequest, code: str) -> HttpResponse:
    """That there is no such KPI, and which ones have a code like it."""
    kpis = definitions.kpis()
    near = [kpis[one] for one in get_close_matches(code, kpis, n=3)]
    context = {"code": code, "near": near}
    return render(request, "metrics/unknown_page.html", context, status=HTTPStatus.NOT_FOUND)
