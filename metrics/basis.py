"""What all figures rest on: time zone, clocks, targets, definitions, and whether any source tells of escalations. When
any of it changes, every figure may."""

from datetime import date, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from kpiproject import calendars
from kpiproject.lib import due
from kpiproject.lib.periods import day_number, day_of, local_day
from kpiproject.models import Agent, Team
from kpiproject.queries import organisation
from metrics import dirty, frames, targets
from metrics.catalogue import CATALOGUE
from metrics.definitions import kpis, own_kpis
from metrics.kpi import Kpi
from metrics.models import Basis, ExchangeRate, Redefinition, Rollup

_LEASE: Final = timedelta(minutes=10)
_MOST_AHEAD: Final = 400  # days
_NAMES: Final = ("teams", "agents")
_OWN: Final = "own"


def renew() -> bool:
    """Mark everything if what all figures rest on is not what it was. Whether everything was marked."""
    stored = Basis.objects.get_or_create(pk=1)[0].fingerprint
    wanted = _fingerprint()
    if stored == wanted:
        return False
    if _only_added(stored, wanted) or _only_own(stored, wanted):
        _renew_own(stored[_OWN], wanted)
        return False
    if due.claim(Basis.objects.all(), pk=1, now=timezone.now(), lease=_LEASE) is None:
        return False
    # Killed in the middle, it starts again when the lease is over: the fingerprint is written last.
    targets.apply_all()
    with transaction.atomic():
        # Also before there are any figures: days that an import marked in another time zone are not all of them.
        mark_everything()
        _note_revisions(_revisions(stored), _revisions(wanted))
        Basis.objects.filter(pk=1).update(fingerprint=wanted, lease_until=None, lease_token="")
    return True


def is_current() -> bool:
    """Whether the figures rest on what is decided now. Before there are any, marked days say what is missing."""
    stored = Basis.objects.filter(pk=1).values_list("fingerprint", flat=True).first()
    if not stored or stored == (wanted := _fingerprint()):
        return True
    return _only_added(stored, wanted) or _only_own(stored, wanted)


def mark_everything() -> None:
    """Mark every local day from the first to the last fact, and those of figures without facts."""
    for frame in dirty.FRAMES:
        if frame not in dirty.OF_TICKETS or codes(frame):
            dirty.mark(frame, days(frame))
        dirty.raise_version(frame)


def days(frame: str) -> list[date]:
    """Every local day from the first to the last fact, as far as it can be planned, and those that have figures."""
    stored = Rollup.objects.filter(kpi__in=codes(frame)).values_list("day", flat=True).distinct()
    found = {day_number(day) for day in stored}
    if reach := frames.reach(frame):
        zone = organisation().time_zone
        first, last, today = (day_number(local_day(at, zone)) for at in (*reach, timezone.now()))
        # A mistyped year is no reason for decades of empty days; what it has a figure for is among the stored ones.
        found.update(range(first, min(last, today + _MOST_AHEAD) + 1))
    return [day_of(number) for number in sorted(found)]


def codes(frame: str) -> list[str]:
    """The KPIs whose figures change when days of a frame are marked."""
    return [kpi.code for kpi in kpis().values() if kpi.adds_up and dirty_frame(kpi) == frame]


def dirty_frame(kpi: Kpi) -> str:
    """The frame whose days are marked when facts of this KPI change."""
    return frames.marked_frame(kpi.frame)


def _only_added(stored: dict[str, Any], wanted: dict[str, Any]) -> bool:
    """Whether there are only teams and agents more. New ones change no figure; another name of one, or one less, do."""
    if set(stored) != set(wanted):
        return False
    return all(
        stored[key].items() <= wanted[key].items() if key in _NAMES else stored[key] == wanted[key] for key in wanted
    )


def _only_own(stored: dict[str, Any], wanted: dict[str, Any]) -> bool:
    """Whether nothing but definitions of our own has changed, apart from new teams and agents."""
    return _OWN in stored and _only_added({**stored, _OWN: wanted[_OWN]}, wanted)


def _renew_own(before: dict[str, list[Any]], wanted: dict[str, Any]) -> None:
    """Mark the frames of definitions that are new or mean something else, and drop the figures of those that are gone.
    Doing it twice is harmless, so that several workers may come upon it at once."""
    after = wanted[_OWN]
    with transaction.atomic():
        dirty.take_turns()  # an import that began before there was this definition has not marked its days
        Rollup.objects.filter(kpi__in=[code for code in before if code not in after]).delete()
        for frame in {frame for code, (_, frame) in after.items() if before.get(code) != after[code]}:
            dirty.mark(frames.marked_frame(frame), days(frames.marked_frame(frame)))
        _note_revisions({code: revision for code, (revision, _) in before.items()}, _revisions(wanted))
        Basis.objects.filter(pk=1).update(fingerprint=wanted)


def _revisions(fingerprint: dict[str, Any]) -> dict[str, int]:
    own: dict[str, int] = {code: revision for code, (revision, _) in fingerprint.get(_OWN, {}).items()}
    built_in: dict[str, int] = fingerprint.get("revisions", {})
    return own | built_in


def _note_revisions(before: dict[str, int], after: dict[str, int]) -> None:
    """Charts say since when a figure means something else."""
    today = local_day(timezone.now(), organisation().time_zone)
    Redefinition.objects.bulk_create(
        [
            Redefinition(kpi=code, revision=revision, since=today)
            for code, revision in after.items()
            if before.get(code, revision) != revision
        ],
        ignore_conflicts=True,
    )


def _rates() -> list[list[str]]:
    rows = ExchangeRate.objects.values_list("currency", "valid_from", "rate").order_by("currency", "valid_from")
    return [[str(cell) for cell in row] for row in rows]


def _fingerprint() -> dict[str, Any]:
    found = organisation()
    return {
        "zone": found.time_zone,
        "currency": [found.currency, _rates()],
        "options": frames.options_key(),
        "pauses": sorted(found.pause_statuses),
        "at_end": found.schedule_at_end,
        "calendars": calendars.decided(),
        "targets": targets.decided(),
        "escalations": frames.escalations_known(),
        "revisions": {kpi.code: kpi.revision for kpi in CATALOGUE.values()},
        _OWN: {kpi.code: [kpi.revision, kpi.frame] for kpi in own_kpis().values()},
        "teams": {str(pk): name for pk, name in Team.objects.values_list("pk", "name")},
        "agents": {str(pk): name for pk, name in Agent.objects.values_list("pk", "external_id")},
    }
