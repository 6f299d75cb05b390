"""Every kind of survey, its usual question and scale, and the surveys that are ready to be sent."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from kpiproject.documents import tree
from kpiproject.documents.tree import Block, Inline
from manual.chapters.context import Built, Context, Figure, rule
from surveys import scales
from surveys.blueprints import BLUEPRINTS, Blueprint
from surveys.purposes import PURPOSES
from surveys.scales import Kind, Scale


def build(context: Context) -> Built:
    return Built(blocks=[*_kinds(context), *_ready()], figures=_figures())


def _kinds(context: Context) -> Iterator[Block]:
    yield tree.heading(1, _("The kinds"), "ref-surveys-kinds")
    for kind in scales.KINDS.values():
        yield tree.heading(2, str(kind.name), f"ref-survey-{kind.code}")
        yield tree.paragraph(str(PURPOSES[kind.code]))
        yield tree.facts(
            (_("Usual question"), f"“{kind.question}”".replace("[Company]", context.house.name)),
            (_("Usual scale"), _scale(kind)),
            (_("Counts as"), _groups(kind)),
            (_("Whom it asks"), _("employees, without names") if kind.is_about_employees else _("customers")),
        )


def _scale(kind: Kind) -> str:
    """“1 (Very dissatisfied) to 5 (Very satisfied)”."""
    words = {"low": kind.low, "high": kind.high, "worst": kind.low_label, "best": kind.high_label}
    return _("%(low)s (%(worst)s) to %(high)s (%(best)s)") % words


def _groups(kind: Kind) -> str:
    """“unhappy: 1–2; neutral: 3; satisfied: 4–5”."""
    scale = Scale(kind=kind.code, low=kind.low, high=kind.high)
    found: dict[str, list[str]] = {}
    for score in scale.scores:
        found.setdefault(scale.group(score), []).append(str(score))
    return "; ".join(f"{scales.GROUP_NAMES[group]}: {_span(scores)}" for group, scores in found.items())


def _span(scores: list[str]) -> str:
    return scores[0] if len(scores) == 1 else f"{scores[0]}–{scores[-1]}"


def _ready() -> Iterator[Block]:
    yield tree.heading(1, _("Surveys that are ready to be sent"), "ref-surveys-ready")
    yield tree.paragraph(
        _("Offered when somebody makes a survey, with their words in every language; everything can be changed.")
    )
    heads = [_("Survey"), _("What it is for"), _("Kind")]
    yield tree.table("", heads, map(_blueprint, BLUEPRINTS.values()))


def _blueprint(found: Blueprint) -> list[str | list[Inline]]:
    return [str(found.name), str(found.about), str(scales.KINDS[found.kind].name)]


def _figures() -> dict[str, Figure]:
    named = ", ".join(str(kind.name) for kind in scales.KINDS.values())
    return {"every:survey": rule(_("Kinds of surveys"), named)}
