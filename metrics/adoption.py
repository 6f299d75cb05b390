"""With which KPIs the organisation works: chosen, owned, and each measured when it was chosen."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from kpiproject.lib.periods import Grain, Period, grain_start, local_day
from kpiproject.models import User
from kpiproject.queries import organisation
from metrics import definitions
from metrics.kpi import Kpi
from metrics.models import Adoption, RetiredKpi
from metrics.queries import BadQuestion, Figures, Question, figures, freshness

WEEKS: Final = 13
_STEP: Final = 10


class LastOneError(ValueError):
    """Without any adopted KPI, the usual ones would be back."""


def adopt(codes: Iterable[str], *, owners: Mapping[str, User | None] | None = None) -> None:
    """Work with these KPIs, too, each measured now. Those that were adopted already keep what they have, but an owner
    who is named. Raises BadQuestion for a KPI that does not exist."""
    wanted, named = [_kpi(code) for code in codes], owners or {}
    known = set(Adoption.objects.values_list("kpi", flat=True))
    # Measured before anything is written: nobody else waits for it.
    found = [(kpi, baseline(kpi)) for kpi in [*_usual(), *wanted] if kpi.code not in known]
    with transaction.atomic():
        for place, (kpi, measured) in enumerate(found, start=len(known) + 1):
            Adoption.objects.get_or_create(
                kpi=kpi.code, defaults={"position": min(_STEP * place, 32_000), "baseline": measured}
            )
        for code, owner in named.items():
            if owner is not None:
                Adoption.objects.filter(kpi=code).update(owner=owner)
        RetiredKpi.objects.filter(kpi__in=[kpi.code for kpi in wanted]).delete()
    definitions.forget()


def set_aside(codes: Iterable[str]) -> None:
    """Keep these KPIs quiet; nothing of what they measured is lost. Raises LastOneError if none would be left."""
    adopt([])
    wanted, there = set(codes), definitions.kpis().keys()
    with transaction.atomic():
        if not {code for code in Adoption.objects.values_list("kpi", flat=True) if code in there} - wanted:
            raise LastOneError
        for code in Adoption.objects.filter(kpi__in=wanted).values_list("kpi", flat=True):
            _retire(code)
        Adoption.objects.filter(kpi__in=wanted).delete()
    definitions.forget()


def choose(codes: Iterable[str], *, owners: Mapping[str, User | None], only_these: bool) -> None:
    """A first choice: these, and with `only_these` no others."""
    chosen = list(codes)
    adopt(chosen, owners=owners)
    if only_these:
        set_aside(definitions.adopted_codes() - set(chosen))


def describe(code: str, *, owner: User | None, note: str) -> None:
    """Who owns an adopted KPI, and why it is measured."""
    adopt([code])
    Adoption.objects.filter(kpi=code).update(owner=owner, note=note)


def measure(code: str) -> None:
    """Write down the baseline anew, as of now."""
    adopt([code])
    Adoption.objects.filter(kpi=code).update(baseline=baseline(_kpi(code)))


def forget(code: str) -> None:
    """A KPI of our own is about to be deleted."""
    if definitions.is_adopted(code):
        _retire(code)
    Adoption.objects.filter(kpi=code).delete()
    definitions.forget()


def switch(code: str, name: str, *, is_active: bool) -> None:
    """A KPI of our own that is adopted was switched on or off."""
    definitions.forget()
    if is_active:
        RetiredKpi.objects.filter(kpi=code).delete()
    elif definitions.is_adopted(code):
        RetiredKpi.objects.get_or_create(kpi=code, defaults={"name": name})


def retired() -> dict[str, RetiredKpi]:
    """By code what the organisation worked with once, and does no longer."""
    return {row.kpi: row for row in RetiredKpi.objects.all()}


def rows() -> list[tuple[Kpi, Adoption]]:
    """What is worked with, in the order of the catalogue; unsaved rows while the usual ones are in force."""
    stored = {row.kpi: row for row in Adoption.objects.select_related("owner")}
    return [(kpi, stored.get(kpi.code) or Adoption(kpi=kpi.code)) for kpi in definitions.adopted()]


def row(code: str) -> Adoption | None:
    """How a KPI is adopted; unsaved while the usual ones are in force, None for a quiet one."""
    found = Adoption.objects.select_related("owner").filter(kpi=code).first()
    return found or (Adoption(kpi=code) if definitions.is_adopted(code) else None)


def baseline(kpi: Kpi) -> dict[str, Any]:
    """The figure over the last 13 complete weeks: value, n, low, high, start, end (the day after), revision, clock.
    Empty while the figures are being computed, and for what only exists by a dimension."""
    house = organisation()
    today = local_day(timezone.now(), house.time_zone)
    end = grain_start(today, Grain.WEEK, house.week_start)
    period = Period(end - timedelta(weeks=WEEKS), end, house.time_zone)
    if kpi.needs_dimension or freshness(house.time_zone).is_computing(kpi, period):
        return {}
    found = figures(Question(code=kpi.code, start=period.start, end=period.end))
    return _as_baseline(found, period.start, period.end)


def _as_baseline(found: Figures, start: date, end: date) -> dict[str, Any]:
    point = next(iter(found.points), None)
    return {
        "value": point.value if point else None,
        "n": point.n if point else 0,
        "low": point.low if point else None,
        "high": point.high if point else None,
        "start": start.isoformat(),
        "end": end.isoformat(),
        "revision": found.kpi.revision,
        "clock": found.clock or "",
    }


def _retire(code: str) -> None:
    """Where it was retired before, that day stands: nothing was measured since."""
    kpi = definitions.find(code)
    RetiredKpi.objects.get_or_create(kpi=code, defaults={"name": str(kpi.name) if kpi else code})


def _usual() -> list[Kpi]:
    """The first change starts from what was in force until then."""
    return [] if definitions.has_chosen() else definitions.adopted()


def _kpi(code: str) -> Kpi:
    found = definitions.find(code)
    if found is None:
        raise BadQuestion(code)
    return found
