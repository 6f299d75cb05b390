"""A card for every KPI: what it means, what it says now and over a year, and everything needed to trust it or not."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from kpiproject.documents import tree
from kpiproject.documents.tree import Block, Inline, Table
from kpiproject.lib.charts import Spec
from kpiproject.queries import calendar_name
from manual.chapters import card_facts, target_history
from manual.chapters.context import Built, Context, Figure, rule, value
from manual.chapters.judged import Judged, judged
from manual.chapters.measured import LEAST_CASES, Measured
from manual.chapters.places import anchor_of
from metrics import pictures, presentation, queries
from metrics.kpi import BUSINESS, FAMILY_NAMES, Kpi, Unit


def build(context: Context) -> Built:
    found = judged(context)
    blocks: list[Block] = [*_preface([each.figure for each in found.values() if each.figure])]
    figures: dict[str, Figure] = {}
    for family, name in FAMILY_NAMES.items():
        members = [each for each in found.values() if each.kpi.family is family]
        members.sort(key=lambda each: each.figure is None)
        blocks += [tree.heading(1, str(name), f"kpis-{family.value}")] if members else []
        for each in members:
            blocks += _card(each, context)
            figures |= _figures(each)
    return Built(blocks=blocks, figures=figures, is_empty=not found)


def _preface(found: Sequence[Measured]) -> Iterator[Block]:
    yield tree.paragraph(
        _(
            "Each card gives the last complete month; where that has fewer than %(least)s cases, the last three months "
            "together. Beside a figure stand the number of cases and, where chance plays a part, the interval in which "
            "the true value lies with 95\u00a0%% certainty."
        )
        % {"least": LEAST_CASES}
    )
    if any(each.is_computing for each in found):
        sentence = _("Some figures were still being computed when this was written; they may have changed since.")
        yield tree.note("warn", tree.paragraph(sentence))


def _card(found: Judged, context: Context) -> Iterator[Block]:
    """The figure first, then what it means and what it is judged by; beneath it what a reader may want to look up."""
    kpi, figure = found.kpi, found.figure
    meaning, *counting = str(kpi.text).split("\n\n")
    yield tree.heading(2, str(kpi.name), anchor_of(kpi.code))
    yield tree.paragraph(*_value(figure)) if figure else tree.paragraph(_no_figure(kpi))
    yield tree.paragraph(meaning)
    yield tree.facts(*_change(figure), *card_facts.facts(found, context))
    yield from card_facts.notes(found, context)
    if figure and any(point.value is not None for point in figure.months):
        yield from _course(figure)
    yield from target_history.table(found, context)
    known = tree.facts(
        (_("Why we measure it"), found.adopted.note),
        (_("What counts and what does not"), _paragraphs(counting)),
        *(_measurement(figure) if figure else ()),
        (_("How it can be gamed"), str(kpi.gaming) or _("nobody has written that down yet")),
        *_definition(kpi, figure),
    )
    yield tree.folded(known, _("%(name)s: how it is counted, and how it can be gamed") % {"name": kpi.name})


def _no_figure(kpi: Kpi) -> str:
    """Of what has figures by a dimension only."""
    sentence = _("There is no figure for everything together, only by %(dimension)s; it stands on the KPI's own page.")
    return sentence % {"dimension": presentation.dimension(kpi.default_by)}


def _paragraphs(found: Sequence[str]) -> list[Inline]:
    """One below another."""
    parts: list[Inline] = []
    for words in found:
        parts += [{"is": "break"}, tree.text(words)] if parts else [tree.text(words)]
    return parts


def _course(found: Measured) -> Iterator[Block]:
    title = _("%(name)s, by month") % {"name": found.kpi.name}
    spec = pictures.over_time(found.figures, found.lines, title, turns=queries.turns(found.figures))
    yield {"is": "chart", "title": title, "spec": _by_month(spec)}
    yield tree.folded(_months(found))


def _by_month(spec: Spec) -> Spec:
    """Twelve months have room for short names only; January is named by its year."""
    year, month = "utcFormat(datum.value, '%Y')", "utcFormat(datum.value, '%b')"
    spec["encoding"]["x"]["axis"] |= {"labelExpr": f"utcmonth(datum.value) == 0 ? {year} : {month}"}
    return spec


def _change(found: Measured | None) -> Iterator[tuple[str, str]]:
    if found and (change := found.change):
        yield _("Change"), f"{change.text} ({change.words})"


def _measurement(found: Measured) -> Iterator[tuple[str, str]]:
    """What else was measured, and what was left out."""
    yield _("Left out"), _left_out(found)
    if found.current.p90 is not None:
        longest = presentation.value(found.current.p90, found.kpi, found.clock)
        yield _("Nine in ten"), _("took no longer than %(longest)s") % {"longest": longest}
    if found.current.mean is not None:
        mean = found.current.mean
        is_score = found.kpi.unit is not Unit.SECONDS
        text = presentation.number(mean, 2) if is_score else presentation.value(mean, found.kpi, found.clock)
        yield _("Mean score") if is_score else _("Mean"), text


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
    """“90.0 %”, and beneath it “May 2026; 50 answers; 95 % interval 78.6 % to 95.7 %”."""
    details = [_when(found), found.rests_on]
    if found.interval:
        details.append(_("95\u00a0%% interval %(interval)s") % {"interval": found.interval})
    said = "; ".join(detail for detail in details if detail)
    return [tree.strong(found.words), {"is": "break"}, tree.muted(said)]


def _definition(kpi: Kpi, found: Measured | None) -> Iterator[tuple[str, str]]:
    yield _("Formula"), str(kpi.formula)
    yield _("Source"), str(kpi.source)
    yield _("Unit"), presentation.unit(kpi)
    yield _("Direction"), str(presentation.BETTER_NAMES[kpi.better])
    yield _("Measured in"), _clock(found) if found else ""
    yield _("Broken down by"), ", ".join(presentation.dimension(name) for name in kpi.dimensions)
    yield _("Revision"), str(kpi.revision)


def _clock(found: Measured) -> str:
    name = str(presentation.CLOCK_NAMES.get(found.clock or "", ""))
    if found.clock == BUSINESS:
        return _("%(clock)s of the calendar “%(calendar)s”") % {"clock": name, "calendar": calendar_name()}
    return name


def _months(found: Measured) -> Table:
    """Of numbers of tickets there is no interval and no other n."""
    title = _("%(name)s by month, in numbers") % {"name": found.kpi.name}
    if found.counts_itself:
        return tree.table(title, [_("Month"), f"#{_('Value')}"], [[line.label, line.value] for line in found.lines])
    heads = [_("Month"), f"#{_('Value')}", f"#{_('95 % interval')}", f"#{_('Cases')}"]
    return tree.table(title, heads, [[line.label, line.value, line.interval or "–", line.n] for line in found.lines])


def _figures(found: Judged) -> dict[str, Figure]:
    """The value, what it is judged by, and what it means."""
    name = f"kpi:{found.kpi.code}.value"
    own = {name: value(str(found.kpi.name), _said(found.figure))} if found.figure else {}
    return own | card_facts.figures(found) | definition(found.kpi)


def _said(found: Measured) -> str:
    rests_on = f", {found.rests_on}" if found.rests_on else ""
    return f"{found.words} ({found.period_name}{rests_on})"


def definition(kpi: Kpi) -> dict[str, Figure]:
    """What the figure means, as far as it could be defined otherwise."""
    name = str(kpi.name)
    return {
        f"kpi:{kpi.code}.meaning": rule(_("%(name)s, meaning") % {"name": name}, str(kpi.text)),
        f"kpi:{kpi.code}.gaming": rule(_("%(name)s, how it can be gamed") % {"name": name}, str(kpi.gaming)),
        f"kpi:{kpi.code}.formula": rule(_("%(name)s, formula") % {"name": name}, str(kpi.formula)),
        f"kpi:{kpi.code}.source": rule(_("%(name)s, source of the definition") % {"name": name}, str(kpi.source)),
        f"kpi:{kpi.code}.revision": rule(_("%(name)s, revision") % {"name": name}, str(kpi.revision)),
    }
