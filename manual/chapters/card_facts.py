"""What stands in the card of a KPI beside its figure: baseline, target, guardrail, benchmark and owner, in words."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from goals import guardrail_words, guardrails
from goals.guardrail_words import GOODHART
from goals.lines import GoalLine
from kpiproject.documents import tree
from kpiproject.documents.tree import Block, Inline
from manual.chapters.context import Context, Figure, part_of, rule, value
from manual.chapters.goal_sheet import is_judged
from manual.chapters.judged import Judged
from manual.chapters.places import link_to
from metrics import presentation
from metrics.benchmarks import Shown
from metrics.kpi import Kpi, Stock, Total
from metrics.target_words import applies_to, promise

Lines = list[list[Inline]]


def facts(found: Judged, context: Context) -> Iterator[tuple[str, list[Inline]]]:
    yield _("Baseline"), _one_below_another([tree.inlines(line) for line in baselines(found)])
    yield _("Target"), _one_below_another(_targets(found))
    yield _("Guardrail"), _one_below_another(_guardrails(found, context))
    yield _("Benchmark"), _one_below_another([_benchmark(each) for each in found.benchmarks])
    yield _("Owner"), _owners(found)


def notes(found: Judged, context: Context) -> Iterator[Block]:
    """What must not be overlooked: a guardrail that is breached, and money that hangs on the figure."""
    for each in found.goals:
        guard = guardrail_words.guardrail(each.goal)
        if guard and each.goal.guardrail_breached and is_judged(each, context):
            yield tree.note("bad", tree.paragraph(guard.text))
    if any(each.goal.has_incentive for each in found.goals):
        warning = tree.strong(_("Money or praise depends on a goal for this figure."))
        yield tree.note("warn", tree.paragraph(warning, " ", str(GOODHART)))


def _one_below_another(lines: Iterable[Sequence[Inline]]) -> list[Inline]:
    found: list[Inline] = []
    for line in lines:
        found += [{"is": "break"}, *line] if found else line
    return found


# --- Baseline -----------------------------------------------------------------------------------------------------
def baselines(found: Judged) -> Iterator[str]:
    """Those frozen with its goals; without a goal for everything together also that of its adoption."""
    for each in found.goals:
        if each.goal.baseline is not None:
            said = _("frozen with the goal “%(goal)s”") % {"goal": each.statement}
            about = "; ".join(part for part in (each.baseline_note, said) if part)
            yield _about(each.scope, f"{each.baseline} ({about})")
    if found.for_all is None and found.adopted.baseline.get("value") is not None:
        yield _adopted(found.kpi, found.adopted.baseline)


def _adopted(kpi: Kpi, measured: dict[str, Any]) -> str:
    clock = measured.get("clock") or None
    start, end = (date.fromisoformat(measured[name]) for name in ("start", "end"))
    parts = [] if kpi.shape in (Total, Stock) else [presentation.counted(measured["n"], kpi)]
    if measured.get("low") is not None and measured.get("high") is not None:
        low, high = (presentation.value(measured[name], kpi, clock) for name in ("low", "high"))
        parts.append(_("%(low)s to %(high)s") % {"low": low, "high": high})
    parts += [presentation.days(start, end - timedelta(days=1)), _("frozen when it was adopted")]
    if measured["revision"] != kpi.revision:
        words = {"then": measured["revision"], "now": kpi.revision}
        parts.append(_("by revision %(then)s; it is %(now)s now") % words)
    return f"{presentation.value(measured['value'], kpi, clock)} ({'; '.join(parts)})"


# --- Target -------------------------------------------------------------------------------------------------------
def _targets(found: Judged) -> Lines:
    """Of its goals, each with a link to the sheet, and of the service targets about it."""
    lines: Lines = []
    for each in found.goals:
        to_sheet = tree.link(each.statement, f"#goal-{each.goal.pk}")
        lines.append(tree.inlines(tree.strong(_target(each)), " (", to_sheet, ")"))
    lines += [tree.inlines(tree.strong(promise(each)), f" ({applies_to(each)})") for each in found.promises]
    return lines or [tree.inlines(_("none: it is watched, and nothing is promised"))]


def _target(found: GoalLine) -> str:
    by = _("%(target)s by %(date)s") % {"target": found.target, "date": date_format(found.due, "DATE_FORMAT")}
    return _about(found.scope, by)


def _about(scope: str, words: str) -> str:
    return f"{scope}: {words}" if scope else words


# --- Guardrail ----------------------------------------------------------------------------------------------------
def _guardrails(found: Judged, context: Context) -> Lines:
    """What keeps this figure honest, and what this figure keeps honest."""
    lines = [line for each in found.goals if (line := _guard(each, context))]
    lines += [
        tree.inlines(_("keeps honest: "), tree.link(each.statement, f"#goal-{each.goal.pk}"), f" ({each.kpi_name})")
        for each in found.guarded
    ]
    if not lines and guardrails.is_needed(found.kpi):
        sentence = _("none yet; a goal for it needs one, for speed and low cost can be had at the customers’ expense")
        return [tree.inlines(sentence)]
    return lines


def _guard(found: GoalLine, context: Context) -> list[Inline]:
    guard = guardrail_words.guardrail(found.goal)
    if guard is None:
        return []
    name = link_to(guard.kpi, context) if guard.kpi else guard.name
    is_known = is_judged(found, context) and found.goal.guardrail_breached is not None
    state = guardrail_words.standing(found.goal) if is_known else _("guardrail not measured")
    now = _("; now %(value)s") % {"value": _with_note(guard.value, guard.note)} if is_known else ""
    return tree.inlines(name, f" {guard.limit}{now}: ", tree.strong(state))


def _with_note(words: str, note: str) -> str:
    return f"{words} ({note})" if note else words


# --- Benchmark and owner ------------------------------------------------------------------------------------------
def _benchmark(found: Shown) -> list[Inline]:
    """Grey once its day is over, because nobody knows whether it still holds."""
    source = tree.link(found.source, found.link) if found.link else found.source
    parts: list[str | Inline] = [found.amount, f" ({found.segment}; " if found.segment else " (", source]
    if found.as_of and found.review_on:
        days = {"as_of": date_format(found.as_of, "DATE_FORMAT"), "review": date_format(found.review_on, "DATE_FORMAT")}
        template = _(", %(as_of)s; out of date since %(review)s, not to be believed until somebody has looked it up")
        parts.append((template if found.is_stale else _(", %(as_of)s; to be reviewed by %(review)s")) % days)
    parts.append(")")
    parts += [f" – {said}" for said in (found.where if not found.is_stale else "", found.note) if said]
    return [tree.muted(*parts)] if found.is_stale else tree.inlines(*parts)


def _owners(found: Judged) -> list[Inline]:
    """Of the KPI; where nobody has it, of its goals."""
    if found.adopted.owner:
        return [tree.person(str(found.adopted.owner))]
    names = dict.fromkeys(str(each.owner) for each in found.goals)
    people: list[str | Inline] = []
    for name in names:
        people += [", ", tree.person(name)] if people else [tree.person(name)]
    return tree.inlines(*people, _(" (of its goals)")) if people else tree.inlines(_("nobody yet"))


# --- Figures ------------------------------------------------------------------------------------------------------
def figures(found: Judged) -> dict[str, Figure]:
    """What a difference of two editions tells of it; what is not there has no figure."""
    guards = [guard for each in found.goals if (guard := guardrail_words.guardrail(each.goal))]
    others = [each for each in found.benchmarks if each.as_of]
    said = {
        "baseline": (_("baseline"), rule, "; ".join(baselines(found))),
        "target": (_("target"), rule, "; ".join([_target(each) for each in found.goals])),
        "guardrail": (_("guardrail"), rule, "; ".join(f"{guard.name} {guard.limit}".strip() for guard in guards)),
        "benchmark": (_("benchmark"), value, "; ".join(_compared(each) for each in others)),
        "owner": (_("owner"), rule, str(found.adopted.owner or "")),
        "purpose": (_("why we measure it"), rule, found.adopted.note),
    }
    name = str(found.kpi.name)
    return {
        f"kpi:{found.kpi.code}.{part}": part_of(name, what, kind(f"{name}, {what}", words))
        for part, (what, kind, words) in said.items()
        if words
    }


def _compared(found: Shown) -> str:
    day = date_format(found.as_of, "DATE_FORMAT") if found.as_of else ""
    return f"{found.amount} ({', '.join(part for part in (found.segment, found.source, day) if part)})"
