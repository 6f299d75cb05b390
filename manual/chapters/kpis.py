"""A card for every KPI: what it means, what it says now and over a year, and everything needed to trust it or not."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from kpiproject.documents import tree
from kpiproject.documents.tree import Block, Inline
from kpiproject.lib.charts import Spec
from kpiproject.queries import calendar_name
from manual.chapters.context import Built, Context, Figure, rule, value
from manual.chapters.measured import LEAST_CASES, Measured, measured
from manual.chapters.places import anchor_of
from metrics import pictures, presentation, queries
from metrics.kpi import BUSINESS, FAMILY_NAMES, Kpi, Unit
from metrics.queries import adopted


def build(context: Context) -> Built:
    found = measured(context)
    parted = [kpi for kpi in adopted() if kpi.needs_dimension]
    blocks: list[Block] = [*_preface(found)]
    figures: dict[str, Figure] = {}
    for family, name in FAMILY_NAMES.items():
        members = [each for each in found.values() if each.kpi.family is family]
        by_part = [kpi for kpi in parted if kpi.family is family]
        blocks += [tree.heading(1, str(name), f"kpis-{family.value}")] if members or by_part else []
        for each in members:
            blocks += _card(each)
            figures |= _figures(each)
        for kpi in by_part:
            blocks += _card_without_figure(kpi)
            figures |= definition(kpi)
    return Built(blocks=blocks, figures=figures, is_empty=not found and not parted)


def _preface(found: dict[str, Measured]) -> Iterator[Block]:
    yield tree.paragraph(
        _(
            "Each card gives the last complete month; where that has fewer than %(least)s cases, the last three months "
            "together. Beside a figure stand the number of cases and, where chance plays a part, the interval in which "
            "the true value lies with 95\u00a0%% certainty."
        )
        % {"least": LEAST_CASES}
    )
    if any(each.is_computing for each in found.values()):
        sentence = _("Some figures were still being computed when this was written; they may have changed since.")
        yield tree.note("warn", tree.paragraph(sentence))


def _card(found: Measured) -> Iterator[Block]:
    kpi = found.kpi
    yield tree.heading(2, str(kpi.name), anchor_of(kpi.code))
    for part in str(kpi.text).split("\n\n"):
        yield tree.paragraph(part)
    yield tree.facts(*_measurement(found), *_definition(found))
    if any(point.value is not None for point in found.months):
        title = _("%(name)s, by month") % {"name": kpi.name}
        spec = pictures.over_time(found.figures, found.lines, title, turns=queries.turns(found.figures))
        yield {"is": "chart", "title": title, "spec": _by_month(spec)}
        yield _months(found)


def _card_without_figure(kpi: Kpi) -> Iterator[Block]:
    """Of what has figures by a dimension only."""
    yield tree.heading(2, str(kpi.name), anchor_of(kpi.code))
    for part in str(kpi.text).split("\n\n"):
        yield tree.paragraph(part)
    sentence = _("There is no figure for everything together, only by %(dimension)s; it stands on the KPI's own page.")
    yield tree.paragraph(sentence % {"dimension": presentation.dimension(kpi.default_by)})
    yield tree.facts(*_words(kpi))


def _by_month(spec: Spec) -> Spec:
    """Twelve months have room for short names only; January is named by its year."""
    year, month = "utcFormat(datum.value, '%Y')", "utcFormat(datum.value, '%b')"
    spec["encoding"]["x"]["axis"] |= {"labelExpr": f"utcmonth(datum.value) == 0 ? {year} : {month}"}
    return spec


def _measurement(found: Measured) -> Iterator[tuple[str, list[Inline]]]:
    """What was measured, with everything that qualifies it."""
    yield _when(found), _value(found)
    if change := found.change:
        yield _("Change"), tree.inlines(f"{change.text} ({change.words})")
    if found.current.p90 is not None:
        longest = presentation.value(found.current.p90, found.kpi, found.clock)
        yield _("Nine in ten"), tree.inlines(_("took no longer than %(longest)s") % {"longest": longest})
    if found.current.mean is not None:
        mean = found.current.mean
        is_score = found.kpi.unit is not Unit.SECONDS
        text = presentation.number(mean, 2) if is_score else presentation.value(mean, found.kpi, found.clock)
        yield _("Mean score") if is_score else _("Mean"), tree.inlines(text)
    yield _("Left out"), tree.inlines(_left_out(found))


def _when(found: Measured) -> str:
    return _("At the end of %(period)s") % {"period": found.period_name} if found.kpi.is_stock else found.period_name


def _left_out(found: Measured) -> str:
    """“19 spam, 3 test”; with what the figure would be if what is too recent were in it."""
    ordered = sorted(found.current.excluded.items(), key=lambda pair: -pair[1])
    said = ", ".join(f"{presentation.number(count)} {presentation.reason(code)}" for code, count in ordered)
    if found.current.provisional is None or "too_recent" not in found.current.excluded:
        return said or _("nothing")
    provisional = presentation.value(found.current.provisional, found.kpi, found.clock)
    return _("%(reasons)s; with the too recent ones it would be %(value)s") % {"reasons": said, "value": provisional}


def _value(found: Measured) -> list[Inline]:
    details = [found.rests_on]
    if found.interval:
        details.append(_("95\u00a0%% interval %(interval)s") % {"interval": found.interval})
    said = "; ".join(detail for detail in details if detail)
    return tree.inlines(tree.strong(found.words), f" ({said})" if said else "")


def _definition(found: Measured) -> Iterator[tuple[str, str]]:
    *words, dimensions, revision = _words(found.kpi)
    yield from words
    yield _("Measured in"), _clock(found)
    yield dimensions
    yield revision


def _words(kpi: Kpi) -> Iterator[tuple[str, str]]:
    yield _("Formula"), str(kpi.formula)
    yield _("Source"), str(kpi.source)
    yield _("Unit"), presentation.unit(kpi)
    yield _("Direction"), str(presentation.BETTER_NAMES[kpi.better])
    yield _("Broken down by"), ", ".join(presentation.dimension(name) for name in kpi.dimensions)
    yield _("Revision"), str(kpi.revision)


def _clock(found: Measured) -> str:
    name = str(presentation.CLOCK_NAMES.get(found.clock or "", ""))
    if found.clock == BUSINESS:
        return _("%(clock)s of the calendar “%(calendar)s”") % {"clock": name, "calendar": calendar_name()}
    return name


def _months(found: Measured) -> Block:
    """Of numbers of tickets there is no interval and no other n."""
    title = _("%(name)s by month, in numbers") % {"name": found.kpi.name}
    if found.counts_itself:
        return tree.table(title, [_("Month"), f"#{_('Value')}"], [[line.label, line.value] for line in found.lines])
    heads = [_("Month"), f"#{_('Value')}", f"#{_('95 % interval')}", f"#{_('Cases')}"]
    return tree.table(title, heads, [[line.label, line.value, line.interval or "–", line.n] for line in found.lines])


def _figures(found: Measured) -> dict[str, Figure]:
    kpi = found.kpi
    rests_on = f", {found.rests_on}" if found.rests_on else ""
    said = f"{found.words} ({found.period_name}{rests_on})"
    return {f"kpi:{kpi.code}.value": value(str(kpi.name), said)} | definition(kpi)


def definition(kpi: Kpi) -> dict[str, Figure]:
    """What the figure means, as far as it could be defined otherwise."""
    name = str(kpi.name)
    return {
        f"kpi:{kpi.code}.meaning": rule(_("%(name)s, meaning") % {"name": name}, str(kpi.text)),
        f"kpi:{kpi.code}.formula": rule(_("%(name)s, formula") % {"name": name}, str(kpi.formula)),
        f"kpi:{kpi.code}.source": rule(_("%(name)s, source of the definition") % {"name": name}, str(kpi.source)),
        f"kpi:{kpi.code}.revision": rule(_("%(name)s, revision") % {"name": name}, str(kpi.revision)),
    }
