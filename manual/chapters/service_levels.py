"""What we promise about time, and how often it was kept."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from django.utils.translation import gettext as _

from kpiproject.calendars import measures_business_time
from kpiproject.documents import tree
from kpiproject.documents.tree import Block
from kpiproject.lib import intervals
from kpiproject.lib.periods import Grain
from manual.chapters.context import Built, Context, Figure, rule, value
from manual.chapters.places import service_targets
from metrics import presentation
from metrics.kpi import BUSINESS
from metrics.models import ServiceTarget
from metrics.queries import CATALOGUE, Kept, Point, kept
from metrics.target_words import applies_to, promise, since, stops

_MONTHS: Final = 3
Metric = ServiceTarget.Metric


class Measured(NamedTuple):
    """What was measured, as cells of the table and in a few words."""

    cells: tuple[str, str, str]
    words: str


def build(context: Context) -> Built:
    targets = service_targets(context)
    blocks: list[Block] = []
    figures: dict[str, Figure] = _clock_rules(context)
    for metric in Metric:
        mine = [target for target in targets if target.metric == metric]
        blocks.append(tree.heading(1, _TITLES[metric](), f"promise-{metric.value.replace('_', '-')}"))
        if not mine:
            blocks.append(tree.paragraph(_NONE[metric]()))
            continue
        counts = {} if metric == Metric.NEXT_REPLY else kept(metric, context.last_months(_MONTHS), context.as_of)
        found_of = [_measured(target, counts, context) for target in mine]
        blocks += _table(mine, found_of, context)
        for target, found in zip(mine, found_of, strict=True):
            figures |= _figures(target, found.words)
    return Built(blocks=[*blocks, *_reading(context, targets)], figures=figures, is_empty=not targets)


_TITLES: Final = {
    Metric.FIRST_RESPONSE: lambda: _("First answer by a person"),
    Metric.NEXT_REPLY: lambda: _("Further answers"),
    Metric.RESOLUTION: lambda: _("Solution"),
}
_NONE: Final = {
    Metric.FIRST_RESPONSE: lambda: _("No time within which a person answers first has been promised yet."),
    Metric.NEXT_REPLY: lambda: _("No time for answers after the first one has been promised yet."),
    Metric.RESOLUTION: lambda: _("No time within which contacts are solved has been promised yet."),
}


def _table(targets: Sequence[ServiceTarget], kept_of: Sequence[Measured], context: Context) -> Iterator[Block]:
    measured = [_("Kept"), _("95 % interval"), _("Tickets")]
    heads = [_("Promise"), _("For"), _("Within"), *(f"#{head}" for head in measured)]
    rows = [
        [target.name, applies_to(target), _terms(target), *found.cells]
        for target, found in zip(targets, kept_of, strict=True)
    ]
    caption = _("What we promise, and what was measured, %(period)s") % {"period": _period_name(context)}
    yield tree.table(caption, heads, rows)
    if len(targets) > 1:
        yield tree.paragraph(_("Where several of these fit a contact, the first in the table counts."))
    yield from _bookkeeping(targets)


def _period_name(context: Context) -> str:
    period = context.last_months(_MONTHS)
    return presentation.period(period.start, Grain.ALL, period.end)


def _terms(target: ServiceTarget) -> str:
    return "; ".join(part for part in (promise(target), stops(target)) if part)


def _bookkeeping(targets: Sequence[ServiceTarget]) -> Iterator[Block]:
    """How long before a promise breaks somebody is warned, and which of them have changed when."""
    minutes = sorted({target.warn_minutes for target in targets})
    for each in minutes:
        names = ", ".join(f"“{target.name}”" for target in targets if target.warn_minutes == each)
        if each:
            sentence = _("A warning comes %(minutes)s minutes before the time is over: %(names)s.")
        else:
            sentence = _("No warning comes before the time is over: %(names)s.")
        yield tree.paragraph(sentence % {"minutes": presentation.number(each), "names": names})
    for target in targets:
        if target.version > 1 or target.valid_from:
            sentence = _("“%(name)s” has %(version)s; contacts from before keep what was promised then.")
            yield tree.paragraph(sentence % {"name": target.name, "version": since(target)})


def _measured(target: ServiceTarget, counts: Mapping[int, Kept], context: Context) -> Measured:
    """How the promise was kept by the contacts for which it counted, under the version that they have."""
    if target.metric == Metric.NEXT_REPLY:
        return Measured((_("watched, not counted"), "–", "–"), _("watched, not counted"))
    found = counts.get(target.pk, Kept(met=0, whole=0))
    if not found.whole:
        return Measured((_("no data"), "–", presentation.number(0)), _("no data"))
    kpi = CATALOGUE["resolution_within_target"]
    low, high = intervals.wilson(found.met, found.whole) or (None, None)
    share = 100 * found.met / found.whole
    point = Point(start=context.today, end=None, value=share, n=found.whole, low=low, high=high)
    cells = (presentation.figure(point, kpi), presentation.interval(point, kpi), presentation.number(found.whole))
    counted = presentation.counted(found.whole, kpi)
    return Measured(cells, _("%(share)s of %(counted)s") % {"share": cells[0], "counted": counted})


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
    if measures_business_time():
        sentences.append(_("Business time passes only during opening hours; calendar time always."))
    elif any(target.clock == BUSINESS for target in targets):
        sentences.append(_("There is no business calendar, so business time is calendar time, day and night."))
    yield tree.paragraph(" ".join(sentences))


def _clock_rules(context: Context) -> dict[str, Figure]:
    pauses = ", ".join(context.house.pause_statuses) or _("none")
    return {
        "organisation:pause_statuses": rule(_("Statuses that stop the clock"), pauses),
        "organisation:schedule_at_end": rule(_("Which calendar counts"), _which_calendar(context)),
    }


def _which_calendar(context: Context) -> str:
    if context.house.schedule_at_end:
        return _("for the whole time of a contact, that of the team which has it at the end")
    return _("for every hour, that of the team which had the contact while it passed")


def _figures(target: ServiceTarget, kept: str) -> dict[str, Figure]:
    label = _("Service target “%(name)s”, %(metric)s") % {"name": target.name, "metric": target.get_metric_display()}
    return {
        f"target:{target.pk}": rule(label, f"{_terms(target)}, {applies_to(target)}"),
        f"target:{target.pk}.kept": value(_("%(target)s, measured") % {"target": label}, kept),
    }
