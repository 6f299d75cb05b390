"""What we promise about time, and how often it was kept."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from django.utils.translation import gettext as _

from kpiproject.calendars import default_worktime
from kpiproject.documents import tree
from kpiproject.documents.tree import Block
from kpiproject.lib.periods import Grain
from manual import queries
from manual.chapters.context import Built, Context, Figure, rule, value
from metrics import presentation
from metrics.kpi import BUSINESS, CALENDAR
from metrics.models import ServiceTarget
from metrics.queries import CATALOGUE, Point, Question, members, within
from metrics.queries import figures as measure
from metrics.target_forms import written

DIMENSIONS: Final = ("channel", "priority", "tier")
_MONTHS: Final = 3
Where = dict[str, list[str]]


class Kept(NamedTuple):
    """What was measured, as cells of the table and in a few words."""

    cells: tuple[str, str, str]
    words: str


def build(context: Context) -> Built:
    targets = queries.service_targets()
    blocks: list[Block] = []
    figures: dict[str, Figure] = _clock_rules(context)
    for metric in ServiceTarget.Metric:
        mine = [target for target in targets if target.metric == metric]
        blocks.append(tree.heading(1, _TITLES[metric](), f"promise-{metric.value.replace('_', '-')}"))
        if not mine:
            blocks.append(tree.paragraph(_NONE[metric]()))
            continue
        kept = [_kept(target, mine[:place], context) for place, target in enumerate(mine)]
        blocks += _table(mine, kept, context)
        for target, found in zip(mine, kept, strict=True):
            figures |= _figures(target, found.words)
    return Built(blocks=[*blocks, *_reading(context, targets)], figures=figures)


_TITLES: Final = {
    ServiceTarget.Metric.FIRST_RESPONSE: lambda: _("First answer by a person"),
    ServiceTarget.Metric.RESOLUTION: lambda: _("Solution"),
}
_NONE: Final = {
    ServiceTarget.Metric.FIRST_RESPONSE: lambda: _(
        "No time within which a person answers first has been promised yet."
    ),
    ServiceTarget.Metric.RESOLUTION: lambda: _("No time within which contacts are solved has been promised yet."),
}


def promise(target: ServiceTarget) -> str:
    """“4 h of business time”."""
    return _("%(time)s of %(clock)s") % {"time": written(target.seconds), "clock": target.get_clock_display()}


def applies_to(target: ServiceTarget) -> str:
    found = [
        _("%(dimension)s: %(member)s") % {"dimension": presentation.dimension(name), "member": getattr(target, name)}
        for name in DIMENSIONS
        if getattr(target, name)
    ]
    return ", ".join(found) or _("every contact")


def _table(targets: Sequence[ServiceTarget], kept: Sequence[Kept], context: Context) -> Iterator[Block]:
    measured = [_("Kept"), _("95 % interval"), _("Tickets")]
    heads = [_("Promise"), _("For"), _("Within"), *(f"#{head}" for head in measured)]
    rows = [
        [target.name, applies_to(target), promise(target), *found.cells]
        for target, found in zip(targets, kept, strict=True)
    ]
    caption = _("What we promise, and what was measured, %(period)s") % {"period": _period_name(context)}
    yield tree.table(caption, heads, rows)
    if len(targets) > 1:
        yield tree.paragraph(_("Where several of these fit a contact, the first in the table counts."))


def _period_name(context: Context) -> str:
    period = context.last_months(_MONTHS)
    return presentation.period(period.start, Grain.ALL, period.end)


def _kept(target: ServiceTarget, earlier: Sequence[ServiceTarget], context: Context) -> Kept:
    """How the promise was kept by the contacts for which it counts."""
    where = counted_for(target, earlier)
    if where is None:
        return Kept((_("cannot be told apart"), "–", "–"), _("cannot be told apart from other targets"))
    found = _measured(target, where, context)
    if found.value is None:
        return Kept((_("no data"), "–", presentation.number(found.n)), _("no data"))
    return _share(found)


def _measured(target: ServiceTarget, where: Where, context: Context) -> Point:
    """The share of these contacts that were answered, or solved, in time."""
    period = context.last_months(_MONTHS)
    if target.metric == ServiceTarget.Metric.RESOLUTION:
        asked = Question(code="resolution_within_target", start=period.start, end=period.end, where=where)
        return measure(asked).points[0]
    clock = target.clock if default_worktime() else CALENDAR
    asked = Question(code="first_response_time", start=period.start, end=period.end, where=where, clock=clock)
    return within(asked, target.seconds)


def counted_for(target: ServiceTarget, earlier: Sequence[ServiceTarget]) -> Where | None:
    """The contacts that a target counts for: those it fits and no earlier one does. None where one question cannot
    name them: an earlier target that is narrower in two ways at once leaves out a corner, not a side."""
    where: Where = {name: [getattr(target, name)] for name in DIMENSIONS if getattr(target, name)}
    without: dict[str, set[str]] = {}
    for other in earlier:
        differing = _narrower(other, where)
        if differing is None:
            continue
        if len(differing) != 1:
            return None
        for name, member in differing.items():
            without.setdefault(name, set()).add(member)
    for name, gone in without.items():
        where[name] = [member for member in members(CATALOGUE["ticket_volume"], name) if member not in gone]
    return where


def _narrower(other: ServiceTarget, where: Where) -> dict[str, str] | None:
    """In what an earlier target is narrower; None where both can never fit the same contact."""
    wanted = {name: getattr(other, name) for name in DIMENSIONS if getattr(other, name)}
    if any(name in where and where[name] != [member] for name, member in wanted.items()):
        return None
    return {name: member for name, member in wanted.items() if name not in where}


def _share(point: Point) -> Kept:
    kpi = CATALOGUE["resolution_within_target"]
    cells = (presentation.figure(point, kpi), presentation.interval(point, kpi), presentation.number(point.n))
    counted = presentation.counted(point.n, kpi)
    return Kept(cells, _("%(share)s of %(counted)s") % {"share": cells[0], "counted": counted})


def _reading(context: Context, targets: Sequence[ServiceTarget]) -> Iterator[Block]:
    """How the clock runs."""
    yield tree.heading(1, _("How the clock runs"), "how-the-clock-runs")
    sentences = [
        _(
            "It starts when the contact reaches us. For the first answer it stops when a person answers, for the "
            "solution with the last solve."
        )
    ]
    if pauses := ", ".join(f"“{status}”" for status in context.house.pause_statuses):
        sentences.append(_("It stands still while a contact is in one of these statuses: %(list)s.") % {"list": pauses})
    else:
        sentences.append(_("No status makes it stand still."))
    if default_worktime() is not None:
        sentences.append(_("Business time passes only during opening hours; calendar time always."))
    elif any(target.clock == BUSINESS for target in targets):
        sentences.append(_("There is no business calendar, so business time is calendar time, day and night."))
    yield tree.paragraph(" ".join(sentences))


def _clock_rules(context: Context) -> dict[str, Figure]:
    pauses = ", ".join(context.house.pause_statuses) or _("none")
    return {"organisation:pause_statuses": rule(_("Statuses that stop the clock"), pauses)}


def _figures(target: ServiceTarget, kept: str) -> dict[str, Figure]:
    label = _("Service target “%(name)s”, %(metric)s") % {"name": target.name, "metric": target.get_metric_display()}
    return {
        f"target:{target.pk}": rule(label, f"{promise(target)}, {applies_to(target)}"),
        f"target:{target.pk}.kept": value(_("%(target)s, measured") % {"target": label}, kept),
    }
