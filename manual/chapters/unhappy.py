"""What counts as unhappy, who takes care of it by when, and how often it came up."""

from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpiproject.calendars import default_worktime
from kpiproject.documents import tree
from kpiproject.documents.tree import Block
from manual import queries
from manual.chapters.context import Built, Context, Figure, rule, value
from manual.chapters.measured import name_of
from manual.chapters.places import open_surveys
from metrics import presentation
from surveys import follow_up_queries, follow_up_rules, recoveries, result_words, scales
from surveys.models import FollowUpRoute, Survey

LEAST_SHOWN: Final = 5
"""Of fewer answers the counts could be traced to those who gave them; people outside read the manual, too."""


def build(context: Context) -> Built:
    surveys = [survey for survey in open_surveys(context) if not survey.is_anonymous]
    heading = tree.heading(1, _("What counts as unhappy, and who is told"), "alerts")
    if not surveys:
        sentence = _("No survey of customers is open, so nobody is told by itself. Complaints come as they come.")
        return Built(blocks=[heading, tree.paragraph(sentence)], is_empty=True)
    counts = queries.scores_given(context.last_months(1))
    return Built(
        blocks=[heading, *_alerts(surveys), *_counts(surveys, counts, context)],
        figures=_figures(surveys, counts, context),
    )


def unhappy(survey: Survey) -> str:
    """The scores at which somebody is told: “1 and 2 of 5”."""
    scale = survey.scale
    found = [score for score in scale.scores if scale.standing(score) == scales.BAD]
    if not found:
        return _("none: its scale has no agreed thresholds")
    return _("%(scores)s of %(highest)s") % {"scores": result_words.span(found), "highest": survey.scale_max}


def told(survey: Survey) -> str:
    """Who is asked where no route fits."""
    if survey.owner is None:
        return _("every manager, because it has no owner")
    if not survey.owner.is_active:
        return _("every manager, because its owner has left")
    if not follow_up_rules.may_take_care(survey.owner):
        return _("every manager, because its owner may not take care of customers")
    return str(survey.owner)


def _alerts(surveys: list[Survey]) -> Iterator[Block]:
    yield tree.paragraph(
        _(
            "Plumbline opens a follow-up as soon as one of these answers comes in, and asks somebody by mail to take "
            "care of it, with the score and what was written."
        )
    )
    heads = [_("Survey"), _("Unhappy"), _("Asked at once")]
    rows = [[survey.name, unhappy(survey), told(survey)] for survey in surveys]
    yield tree.table(_("Which answers are told to whom"), heads, rows)
    if routes := follow_up_rules.routes():
        found = [[_route(route), str(route.owner)] for route in routes]
        yield tree.paragraph(
            _("Before the owner of a survey, whoever is named here is asked; the first line that fits counts.")
        )
        yield tree.table(_("Who is asked before the owner"), [_("About"), _("Asked at once")], found)
    yield tree.facts(*[(name, words) for _key, name, words in _rules()])


def _route(route: FollowUpRoute) -> str:
    kept = {_("survey"): route.survey, _("team"): route.team, _("channel"): route.channel}
    words = [_("%(name)s: %(member)s") % {"name": name, "member": member} for name, member in kept.items() if member]
    return ", ".join(words) or _("everything")


def _rules() -> Iterator[tuple[str, str, str]]:
    """The rules in force: key, what they are about, what they say."""
    rules = follow_up_rules.rules()
    yield "due", _("Contacted within"), working(rules.due_hours)
    yield (
        "escalation",
        _("If nobody takes it"),
        _("all managers are told after %(time)s") % {"time": working(rules.escalate_hours)},
    )
    joined = ngettext("within %(days)s day", "within %(days)s days", rules.join_days) % {"days": rules.join_days}
    yield "joined", _("Answers of one customer are one matter"), joined
    yield "recovery", _("Asked whether it was settled"), _recovery(rules.recovery_after_hours)


def working(hours: int) -> str:
    """Hours in words. In opening hours where there are any; a working day is 8 of them, or a day of the calendar."""
    if default_worktime() is None:
        hours *= 24 // follow_up_rules.WORKING_DAY_HOURS
        return ngettext("%(hours)s hour", "%(hours)s hours", hours) % {"hours": hours}
    return ngettext("%(hours)s hour of opening time", "%(hours)s hours of opening time", hours) % {"hours": hours}


def _recovery(hours: int) -> str:
    survey = recoveries.survey()
    if survey is None:
        return _("nobody, because no survey about a settled complaint is open")
    words = ngettext(
        "with “%(survey)s”, %(hours)s hour after it was marked as resolved",
        "with “%(survey)s”, %(hours)s hours after it was marked as resolved",
        hours,
    )
    return words % {"survey": survey.name, "hours": hours}


def _counts(surveys: list[Survey], counts: queries.ScoreCounts, context: Context) -> Iterator[Block]:
    caption = _("Unhappy answers, %(period)s") % {"period": name_of(context.last_months(1))}
    rows = [[survey.name, *_counted(survey, counts)] for survey in surveys]
    yield tree.table(caption, [_("Survey"), f"#{_('Unhappy')}", f"#{_('Answers')}"], rows)
    yield tree.paragraph(_course(context))


def _course(context: Context) -> str:
    """What became of them by the instant."""
    period = context.last_months(1)
    found = follow_up_queries.course(period.start_at, period.end_at, as_of=context.as_of)
    if not found.opened:
        return _("No follow-up was opened in %(period)s.") % {"period": name_of(period)}
    words = ngettext(
        "%(opened)s follow-up was opened in %(period)s; %(contacted)s contacted, %(closed)s closed since.",
        "%(opened)s follow-ups were opened in %(period)s; %(contacted)s contacted, %(closed)s closed since.",
        found.opened,
    )
    return words % {
        "opened": presentation.number(found.opened),
        "period": name_of(period),
        "contacted": presentation.number(found.contacted),
        "closed": presentation.number(found.closed),
    }


def _counted(survey: Survey, counts: queries.ScoreCounts) -> tuple[str, str]:
    scale = survey.scale
    mine = counts.get(survey.pk, {})
    unhappy_ones = sum(n for score, n in mine.items() if score in scale.scores and scale.standing(score) == scales.BAD)
    total = sum(mine.values())
    if 0 < total < LEAST_SHOWN:
        return _("not shown"), _("fewer than %(least)s") % {"least": LEAST_SHOWN}
    return (presentation.number(unhappy_ones) if total else _("no data"), presentation.number(total))


def _in_words(survey: Survey, counts: queries.ScoreCounts, context: Context) -> str:
    if not counts.get(survey.pk):
        return _("no data")
    bad, total = _counted(survey, counts)
    said = {"bad": bad, "total": total, "period": name_of(context.last_months(1))}
    if sum(counts[survey.pk].values()) < LEAST_SHOWN:
        return _("%(total)s answers in %(period)s") % said
    return _("%(bad)s of %(total)s in %(period)s") % said


def _figures(surveys: list[Survey], counts: queries.ScoreCounts, context: Context) -> dict[str, Figure]:
    found = {f"follow-up:{key}": rule(name, words) for key, name, words in _rules()}
    for number, route in enumerate(follow_up_rules.routes(), start=1):
        found[f"follow-up:route.{number}"] = rule(
            _("Who is asked first, %(about)s") % {"about": _route(route)}, str(route.owner)
        )
    found["follow-up:course"] = value(_("What became of unhappy customers"), _course(context))
    for survey in surveys:
        name = f"alert:{survey.slug}"
        found[f"{name}.scores"] = rule(
            _("Unhappy answers to “%(survey)s”, the scores") % {"survey": survey.name}, unhappy(survey)
        )
        found[f"{name}.told"] = rule(
            _("Unhappy answers to “%(survey)s”, who is told") % {"survey": survey.name}, told(survey)
        )
        found[f"{name}.count"] = value(
            _("Unhappy answers to “%(survey)s”") % {"survey": survey.name},
            _in_words(survey, counts, context),
        )
    return found
