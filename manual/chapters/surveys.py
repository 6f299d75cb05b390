"""What we ask, in which words, whom, and how many answer."""

from collections.abc import Iterator, Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpiproject.documents import tree
from kpiproject.documents.tree import Block
from kpiproject.lib.periods import Grain
from manual import queries
from manual.chapters.context import Built, Context, Figure, rule, value
from metrics import presentation
from metrics.queries import CATALOGUE, Point, Question
from metrics.queries import figures as measure
from surveys import scales
from surveys.models import Survey

_MONTHS = 3
_RESPONSE_RATE = "survey_response_rate"


def build(context: Context) -> Built:
    surveys = queries.open_surveys()
    answered = _answered(context)
    blocks: list[Block] = [] if surveys else [tree.paragraph(_("No survey is open at present, so nobody is asked."))]
    figures: dict[str, Figure] = {}
    for survey in surveys:
        rate = _rate(answered.get(survey.slug), context)
        blocks += _survey(survey, rate, context)
        figures |= _figures(survey, rate, context)
    return Built(blocks=[*blocks, *_not_asked(surveys), *_limits(context)], figures=figures)


def _answered(context: Context) -> Mapping[str, Point]:
    period = context.last_months(_MONTHS)
    found = measure(Question(code=_RESPONSE_RATE, start=period.start, end=period.end, by="survey"))
    return {point.member or "": point for point in found.points}


def _rate(point: Point | None, context: Context) -> str:
    period, kpi = context.last_months(_MONTHS), CATALOGUE[_RESPONSE_RATE]
    if point is None or point.value is None:
        return _("no data")
    return _("%(rate)s of %(invitations)s (95\u00a0%% interval %(interval)s), %(period)s") % {
        "period": presentation.period(period.start, Grain.ALL, period.end),
        "rate": presentation.figure(point, kpi),
        "invitations": presentation.counted(point.n, kpi),
        "interval": presentation.interval(point, kpi),
    }


def _survey(survey: Survey, rate: str, context: Context) -> Iterator[Block]:
    yield tree.heading(1, survey.name, f"survey-{survey.slug}")
    yield {"is": "quote", "blocks": [tree.paragraph(wording(survey, context))]}
    yield tree.facts(
        (_("Kind"), survey.get_kind_display()),
        (_("Scale"), scale(survey)),
        (_("Scores"), groups(survey)),
        (_("Comment"), survey.comment_label),
        (_("Who can answer"), who_can_answer(survey)),
        (_("Changeable"), _changeable(survey)),
        (_("Looked after by"), str(survey.owner) if survey.owner else _("nobody yet")),
        (_("Answered"), rate),
    )


def wording(survey: Survey, context: Context) -> str:
    return survey.question.replace("[Company]", context.house.name)


def scale(survey: Survey) -> str:
    """“1 (Very dissatisfied) to 5 (Very satisfied)”."""
    low, high = (
        f"{score} ({label})" if label else str(score)
        for score, label in ((survey.scale_min, survey.low_label), (survey.scale_max, survey.high_label))
    )
    return _("%(low)s to %(high)s") % {"low": low, "high": high}


def groups(survey: Survey) -> str:
    """“4 and 5 satisfied, 3 neutral, 1 and 2 unhappy”."""
    found: dict[str, list[int]] = {}
    for score in range(survey.scale_max, survey.scale_min - 1, -1):
        name = scales.group(survey.kind, score, survey.scale_min, survey.scale_max)
        found.setdefault(name, []).insert(0, score)
    if "" in found:
        return _("This scale has no agreed thresholds, so its answers are counted but not judged.")
    return ", ".join(f"{span(scores)} {scales.GROUP_NAMES[name]}" for name, scores in found.items())


def span(scores: Sequence[int]) -> str:
    """“3”, “1 and 2”, “0 to 6”: scores that follow each other."""
    if len(scores) == 1:
        return str(scores[0])
    template = _("%(first)s and %(last)s") if len(scores) == 2 else _("%(first)s to %(last)s")
    return template % {"first": scores[0], "last": scores[-1]}


def who_can_answer(survey: Survey) -> str:
    days = survey.expires_after_days
    invited = ngettext(
        "whoever was invited by e-mail, for %(days)s day", "whoever was invited by e-mail, for %(days)s days", days
    ) % {"days": days}
    return _("%(invited)s; and anybody by a public link") % {"invited": invited} if survey.has_public_link else invited


def _changeable(survey: Survey) -> str:
    days = survey.lock_after_days
    if not days:
        return _("not at all")
    return ngettext("for %(days)s day", "for %(days)s days", days) % {"days": days}


def _not_asked(surveys: Sequence[Survey]) -> Iterator[Block]:
    """Every kind there is has its place, also those that nobody asks."""
    asked = {survey.kind for survey in surveys}
    names = [str(kind.name) for kind in scales.KINDS.values() if kind.code not in asked]
    if names:
        yield tree.heading(1, _("What we do not ask at present"), "not-asked")
        yield tree.paragraph(_("No survey is open about: %(names)s.") % {"names": ", ".join(names)})


def _limits(context: Context) -> Iterator[Block]:
    yield tree.heading(1, _("When we ask, and whom we leave alone"), "contact-limits")
    yield tree.bullets(
        [
            _("People are asked when somebody here sends an invitation; a survey asks once about one contact."),
            _("Every mail has a link that ends all survey mails for its reader, at once and for good."),
            _("Nobody is asked whose mails come back, or who asked not to be."),
            _left_alone(queries.suppressed_addresses(context.as_of)),
            _("What employees answer is shown without names and not before five have answered; no KPI here counts it."),
        ]
    )


def _left_alone(count: int) -> str:
    if not count:
        return _("At present there is no such address.")
    said = ngettext(
        "At present %(n)s address is never written to for one of these reasons.",
        "At present %(n)s addresses are never written to for one of these reasons.",
        count,
    )
    return said % {"n": presentation.number(count)}


def _figures(survey: Survey, rate: str, context: Context) -> dict[str, Figure]:
    name = f"survey:{survey.slug}"

    def labelled(what: str) -> str:
        return _("Survey “%(name)s”, %(what)s") % {"name": survey.name, "what": what}

    return {
        f"{name}.question": rule(labelled(_("question")), wording(survey, context)),
        f"{name}.scale": rule(labelled(_("scale")), scale(survey)),
        f"{name}.groups": rule(labelled(_("what the scores mean")), groups(survey)),
        f"{name}.audience": rule(labelled(_("who can answer")), who_can_answer(survey)),
        f"{name}.changeable": rule(labelled(_("an answer can be changed")), _changeable(survey)),
        f"{name}.owner": rule(labelled(_("owner")), str(survey.owner) if survey.owner else _("nobody yet")),
        f"{name}.answered": value(labelled(_("answered")), rate),
    }
