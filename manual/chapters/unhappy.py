"""What counts as unhappy, who is told of it, and how often it came up."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from kpiproject.documents import tree
from kpiproject.documents.tree import Block
from manual import queries
from manual.chapters.context import Built, Context, Figure, rule, value
from manual.chapters.measured import name_of
from manual.chapters.surveys import span
from metrics import presentation
from surveys import scales
from surveys.models import Survey


def build(context: Context) -> Built:
    surveys = [survey for survey in queries.open_surveys() if not scales.KINDS[survey.kind].is_about_employees]
    heading = tree.heading(1, _("What counts as unhappy, and who is told"), "alerts")
    if not surveys:
        sentence = _("No survey of customers is open, so nobody is told by itself. Complaints come as they come.")
        return Built(blocks=[heading, tree.paragraph(sentence)])
    counts = queries.scores_given(context.last_months(1))
    return Built(
        blocks=[heading, *_alerts(surveys), *_counts(surveys, counts, context)],
        figures=_figures(surveys, counts, context),
    )


def unhappy(survey: Survey) -> str:
    """The scores at which somebody is told: “1 and 2 of 5”."""
    bad = scales.KINDS[survey.kind].groups[2]
    found = [
        score
        for score in range(survey.scale_min, survey.scale_max + 1)
        if scales.group(survey.kind, score, survey.scale_min, survey.scale_max) == bad
    ]
    if not found:
        return _("none: its scale has no agreed thresholds")
    return _("%(scores)s of %(highest)s") % {"scores": span(found), "highest": survey.scale_max}


def told(survey: Survey) -> str:
    if survey.owner is None:
        return _("every manager, because it has no owner")
    return str(survey.owner) if survey.owner.is_active else _("every manager, because its owner has left")


def _alerts(surveys: list[Survey]) -> Iterator[Block]:
    heads = [_("Survey"), _("Unhappy"), _("Told at once")]
    rows = [[survey.name, unhappy(survey), told(survey)] for survey in surveys]
    yield tree.paragraph(
        _("Plumbline sends a mail as soon as one of these answers comes in, with the score and what was written.")
    )
    yield tree.table(_("Which answers are told to whom"), heads, rows)


def _counts(surveys: list[Survey], counts: queries.ScoreCounts, context: Context) -> Iterator[Block]:
    caption = _("Unhappy answers, %(period)s") % {"period": name_of(context.last_months(1))}
    rows = [[survey.name, *_counted(survey, counts)] for survey in surveys]
    yield tree.table(caption, [_("Survey"), f"#{_('Unhappy')}", f"#{_('Answers')}"], rows)


def _counted(survey: Survey, counts: queries.ScoreCounts) -> tuple[str, str]:
    bad = scales.KINDS[survey.kind].groups[2]
    mine = counts.get(survey.pk, {})
    unhappy_ones = sum(
        n
        for score, n in mine.items()
        if survey.scale_min <= score <= survey.scale_max
        and scales.group(survey.kind, score, survey.scale_min, survey.scale_max) == bad
    )
    total = sum(mine.values())
    return (presentation.number(unhappy_ones) if total else _("no data"), presentation.number(total))


def _in_words(bad: str, total: str, context: Context) -> str:
    said = {"bad": bad, "total": total, "period": name_of(context.last_months(1))}
    return _("%(bad)s of %(total)s in %(period)s") % said


def _figures(surveys: list[Survey], counts: queries.ScoreCounts, context: Context) -> dict[str, Figure]:
    found = {}
    for survey in surveys:
        bad, total = _counted(survey, counts)
        name = f"alert:{survey.slug}"
        found[f"{name}.scores"] = rule(
            _("Unhappy answers to “%(survey)s”, the scores") % {"survey": survey.name}, unhappy(survey)
        )
        found[f"{name}.told"] = rule(
            _("Unhappy answers to “%(survey)s”, who is told") % {"survey": survey.name}, told(survey)
        )
        found[f"{name}.count"] = value(
            _("Unhappy answers to “%(survey)s”") % {"survey": survey.name},
            _in_words(bad, total, context) if counts.get(survey.pk) else _("no data"),
        )
    return found
