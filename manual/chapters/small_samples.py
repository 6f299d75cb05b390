"""How far a share of few answers may be trusted: worked examples, computed as every figure here is."""

from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext as _

from kpiproject.documents import tree
from kpiproject.documents.tree import Block
from kpiproject.lib.intervals import Interval, newcombe, nps, wilson
from manual.chapters.context import Built, Context, Figure, rule
from manual.chapters.measured import LEAST_CASES, Measured, measured
from manual.chapters.places import link_to
from metrics import presentation
from metrics.kpi import Ratio
from metrics.queries import LEAST_ANSWERS
from surveys.anonymity import LEAST

GOOD: Final = 9
OF: Final = 10
_SIZES: Final = (10, 20, 50, 100, 400, 1000)
_BEFORE, _AFTER = 80, 90
_CHANGES: Final = (50, 200, 400)
_PROMOTERS, _DETRACTORS, _ASKED = 11, 3, 20


def build(context: Context) -> Built:
    blocks = [*_worked(), *_sizes(), *_changes(), *_scores(), *_here(context), *_rules()]
    return Built(blocks=blocks, figures=_figures())


def _worked() -> Iterator[Block]:
    yield tree.heading(1, _("A worked example"), "ref-sample-example")
    found = wilson(GOOD, OF)
    if found is None:
        return
    said = {"good": GOOD, "of": OF, "share": _percent(100 * GOOD / OF), "low": _percent(found.low)}
    yield tree.paragraph(
        _(
            "%(good)s of %(of)s customers were satisfied. The share is %(share)s, but if we could ask everybody, it "
            "may as well be anything from %(low)s to %(high)s. That is the 95\u00a0%% interval: of a hundred such "
            "intervals, about five miss the true share, by chance alone."
        )
        % (said | {"high": _percent(found.high)})
    )
    flipped = wilson(GOOD - 1, OF)
    if flipped is not None:
        yield tree.paragraph(
            _(
                "Had a single one of them answered otherwise, the figure would be %(share)s, and its interval %(low)s "
                "to %(high)s. Nothing would have changed but one person’s mood."
            )
            % {
                "share": _percent(100 * (GOOD - 1) / OF),
                "low": _percent(flipped.low),
                "high": _percent(flipped.high),
            }
        )


def _sizes() -> Iterator[Block]:
    """The same share on more and more answers."""
    yield tree.heading(1, _("More answers, a narrower interval"), "ref-sample-sizes")
    heads = [f"#{_('Answers')}", f"#{_('Good ones')}", f"#{_('Share')}", f"#{_('From')}", f"#{_('To')}"]
    rows = [_size(n, found) for n in _SIZES if (found := wilson(n * GOOD / OF, n))]
    yield tree.table(_("What the same share is worth"), heads, rows)
    yield tree.paragraph(_("Four times as many answers make the interval about half as wide."))


def _size(n: int, found: Interval) -> list[str]:
    good = round(n * GOOD / OF)
    numbers = [presentation.number(n), presentation.number(good)]
    return [*numbers, *(_percent(amount) for amount in (100 * good / n, found.low, found.high))]


def _changes() -> Iterator[Block]:
    yield tree.heading(1, _("Is a change more than chance?"), "ref-sample-change")
    said = {"before": _percent(_BEFORE), "after": _percent(_AFTER)}
    yield tree.paragraph(
        _(
            "Last month %(before)s were satisfied, this month %(after)s. Whether that is news depends on how many "
            "answered in each. Where the interval of the difference contains 0, chance may have done it."
        )
        % said
    )
    heads = [f"#{_('Answers in each month')}", f"#{_('Difference at least')}", f"#{_('At most')}", _("What we say")]
    rows = [
        [
            presentation.number(n),
            presentation.points(found.low),
            presentation.points(found.high),
            _("may be chance") if found.low <= 0 <= found.high else _("a real change"),
        ]
        for n in _CHANGES
        if (found := newcombe((n * _AFTER / 100, n), (n * _BEFORE / 100, n)))
    ]
    yield tree.table(_("From %(before)s to %(after)s") % said, heads, rows)


def _scores() -> Iterator[Block]:
    found = nps(_PROMOTERS, _DETRACTORS, _ASKED)
    if found is None:
        return
    yield tree.heading(1, _("NPS needs more answers still"), "ref-sample-nps")
    yield tree.paragraph(
        _(
            "Of %(asked)s people, %(promoters)s are promoters and %(detractors)s detractors: the NPS is %(score)s. Its "
            "interval reaches from %(low)s to %(high)s, because every single answer counts at one end or the other."
        )
        % {
            "asked": _ASKED,
            "promoters": _PROMOTERS,
            "detractors": _DETRACTORS,
            "score": presentation.number(100 * (_PROMOTERS - _DETRACTORS) / _ASKED),
            "low": presentation.number(found.low),
            "high": presentation.number(found.high),
        }
    )


def _here(context: Context) -> Iterator[Block]:
    """A share of our own, if there is one."""
    own = own_share(context)
    if own is None or not own.interval:
        return
    yield tree.heading(1, _("One of our own figures"), "ref-sample-own")
    yield tree.paragraph(
        link_to(own.kpi, context),
        ": "
        + _("%(value)s in %(period)s. It rests on %(cases)s, and its interval is %(interval)s.")
        % {"value": own.words, "period": own.period_name, "cases": own.rests_on, "interval": own.interval},
    )


def own_share(context: Context) -> Measured | None:
    """A share of answers with enough cases to be told to everybody; of tickets where there is none."""
    found = [
        each
        for each in measured(context).values()
        if each.kpi.shape is Ratio and each.current.value is not None and each.current.n >= LEAST
    ]
    return next((each for each in found if each.kpi.frame == "answers"), next(iter(found), None))


def _rules() -> Iterator[Block]:
    yield tree.heading(1, _("What Plumbline does about it"), "ref-sample-rules")
    yield tree.bullets(_said_rules())


def _said_rules() -> list[str]:
    said = {"least": LEAST, "cases": LEAST_CASES, "answers": LEAST_ANSWERS}
    return [
        _("Every figure stands beside its number of cases, and beside its interval where it has one."),
        _("A month with fewer than %(cases)s cases is not judged alone: its card takes three months together.") % said,
        _("What customers think of one person is not shown under %(answers)s answers.") % said,
        _("People outside, and readers of answers of employees, see nothing that rests on fewer than %(least)s cases.")
        % said,
        _("A change that chance may explain is called so, and is neither green nor red."),
        _("A goal is reached only where its last figure meets the target; close calls are named as such."),
    ]


def _figures() -> dict[str, Figure]:
    return {"rule:small-samples": rule(_("What is done about small samples"), " ".join(_said_rules()))}


def _percent(amount: float) -> str:
    return presentation.percent(amount)
