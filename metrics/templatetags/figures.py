"""Small pictures and names on the pages of figures."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from metrics import presentation
from metrics.analysis import GROUP_NAMES
from metrics.dimensions import askable
from metrics.kpi import Better, Kpi, Unit

register = template.Library()

_WIDTH: Final = 120
_HEIGHT: Final = 36
_EDGE: Final = 3


@register.simple_tag
def sparkline(values: Sequence[float | None]) -> SafeString:
    """A line of values from left to right, with gaps, and a dot at the last one. Says nothing that is not beside it
    in words, so it is hidden from screen readers."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return SafeString("")
    runs = list(_runs(_placed(values, min(known), max(known))))
    lines = format_html_join("", '<polyline points="{}"/>', ((_path(run),) for run in runs if len(run) > 1))
    lonely = format_html_join("", '<circle cx="{}" cy="{}" r="1.5"/>', (run[0] for run in runs if len(run) == 1))
    return format_html(
        '<svg class="sparkline" viewBox="0 0 {} {}" aria-hidden="true" focusable="false">{}{}'
        '<circle class="sparkline-end" cx="{}" cy="{}" r="3"/></svg>',
        *(_WIDTH, _HEIGHT, lines, lonely, *runs[-1][-1]),
    )


@register.simple_tag(takes_context=True)
def offering(context: template.Context, dimension: str) -> str:
    """The question of the address of this page, with the members of a dimension to choose from."""
    return _changed(context, offer=dimension)


@register.simple_tag(takes_context=True)
def sorted_by(context: template.Context, sort: str) -> str:
    """The question of the address of this page, with the breakdown sorted."""
    return _changed(context, sort=sort)


@register.simple_tag(takes_context=True)
def unfolded(context: template.Context) -> str:
    """The question of the address of this page, with every member of the breakdown."""
    return _changed(context, all="1")


def _changed(context: template.Context, **values: str) -> str:
    asked = context["request"].GET.copy()
    asked.pop("page", None)
    for name, value in values.items():
        asked[name] = value
    return str(asked.urlencode())


@register.simple_tag(takes_context=True)
def only(context: template.Context, dimension: str, member: str) -> str:
    """The question of the address of this page, kept to one more member."""
    asked = context["request"].GET.copy()
    for name in ("page", "offer", "all"):
        asked.pop(name, None)
    kept = f"{dimension}={member}"
    if kept not in asked.getlist("where"):
        asked.appendlist("where", kept)
    return str(asked.urlencode())


@register.simple_tag
def counts_as(value: float | None, kpi: Kpi, clock: str | None) -> str:
    """What one row adds to a figure."""
    if value is None:
        return "1"
    if kpi.unit is Unit.PERCENT:
        return (_("yes") if value else _("no")) if value in (0, 1) else presentation.number(value, 2)
    return presentation.signed(value) if kpi.unit is Unit.POINTS else presentation.value(value, kpi, clock)


register.filter("askable", askable)
register.filter("dimension_name", presentation.dimension)


register.filter("unit_name", presentation.unit)
register.filter("counted_noun", presentation.counted_noun)


@register.filter
def better_name(better: Better) -> str:
    return str(presentation.BETTER_NAMES[better])


@register.filter
def clock_name(clock: str) -> str:
    return str(presentation.CLOCK_NAMES[clock])


@register.filter
def as_duration(seconds: float | None, clock: str = "") -> str:
    return "–" if seconds is None else presentation.duration(seconds, clock)


register.filter("as_percent", presentation.percent)


@register.filter
def group_name(group: str) -> str:
    """Whom tickets in a status wait for."""
    return str(GROUP_NAMES.get(group, group))


@register.filter
def member_of(members: Mapping[str, str], dimension: str) -> str:
    return members.get(dimension, "")


def _placed(values: Sequence[float | None], least: float, most: float) -> list[tuple[float, float] | None]:
    step = (_WIDTH - 2 * _EDGE) / max(1, len(values) - 1)
    scale = (_HEIGHT - 2 * _EDGE) / ((most - least) or 1)
    middle = 0 if most > least else (_HEIGHT - 2 * _EDGE) / 2
    return [
        None
        if value is None
        else (round(_EDGE + n * step, 1), round(_HEIGHT - _EDGE - middle - (value - least) * scale, 1))
        for n, value in enumerate(values)
    ]


def _runs(places: Sequence[tuple[float, float] | None]) -> Iterator[list[tuple[float, float]]]:
    """Neighbours without a gap between them."""
    for is_known, run in groupby(places, key=lambda place: place is not None):
        if is_known:
            yield [place for place in run if place is not None]


def _path(run: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in run)
