"""What we ask, in which words, whom, and how many answer."""

from collections.abc import Iterator, Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpiproject.documents import tree
from kpiproject.documents.tree import Block
from kpiproject.lib.periods import Grain
from manual import queries
from manual.chapters import one_survey
from manual.chapters.context import Built, Context, Figure, rule, value
from manual.chapters.places import open_surveys
from metrics import presentation
from metrics.queries import CATALOGUE, Point, Question
from metrics.queries import figures as measure
from surveys import scales
from surveys.models import Survey
from surveys.queries import quiet_time

_MONTHS = 3
_RESPONSE_RATE = "survey_response_rate"


def build(context: Context) -> Built:
    surveys = open_surveys(context)
    answered = _answered(context)
    blocks: list[Block] = [] if surveys else [tree.paragraph(_("No survey is open at present, so nobody is asked."))]
    figures: dict[str, Figure] = {}
    for survey in surveys:
        rate = _of_employees() if survey.is_anonymous else _rate(answered.get(survey.slug), context)
        blocks += _survey(survey, rate, context)
        figures |= _figures(survey, rate, context)
    quiet = list(_quiet_times())
    limits = " ".join(quiet)
    figures["survey:quiet-time"] = rule(_("For how long people are left alone"), limits or _("not at all"))
    return Built(blocks=[*blocks, *_not_asked(surveys), *_limits(context, quiet)], figures=figures)


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


def _of_employees() -> str:
    """Of a few people a rate by itself can tell who has answered."""
    return _("shown on the survey's own page, from five people on")


def _survey(survey: Survey, rate: str, context: Context) -> Iterator[Block]:
    yield tree.heading(1, survey.name, f"survey-{survey.slug}")
    yield {"is": "quote", "blocks": [tree.paragraph(one_survey.question(survey, context))]}
    told = [(item.name, item.words) for item in one_survey.items(survey, context)]
    yield tree.facts(*told, (_("Answered"), rate))
    yield from one_survey.further(survey)


def _not_asked(surveys: Sequence[Survey]) -> Iterator[Block]:
    """Every kind there is has its place, also those that nobody asks."""
    asked = {survey.kind for survey in surveys}
    names = [str(kind.name) for kind in scales.KINDS.values() if kind.code not in asked]
    if names:
        yield tree.heading(1, _("What we do not ask at present"), "not-asked")
        yield tree.paragraph(_("No survey is open about: %(names)s.") % {"names": ", ".join(names)})


def _limits(context: Context, quiet: list[str]) -> Iterator[Block]:
    yield tree.heading(1, _("When we ask, and whom we leave alone"), "contact-limits")
    yield tree.bullets(
        [
            _("People are asked when somebody here sends an invitation, or by the rules of a survey, as told above."),
            *quiet,
            _("Every mail has a link that ends all survey mails for its reader, at once and for good."),
            _("Nobody is asked whose mails come back, or who asked not to be."),
            _left_alone(queries.suppressed_addresses(context.as_of)),
            _("What employees answer is shown without names and not before five have answered; no KPI here counts it."),
        ]
    )


def _quiet_times() -> Iterator[str]:
    """How long people are left alone; rules that are off are not told."""
    times = quiet_time()
    for template, days in (
        (_("Nobody is asked anything again within %(days)s days."), times.person_days),
        (_("Nobody is asked the same kind of question again within %(days)s days."), times.kind_days),
    ):
        if days:
            yield template % {"days": days}
    if times.company_most:
        yield _("Of one company at most %(most)s people are asked within %(days)s days.") % {
            "most": times.company_most,
            "days": times.company_days,
        }


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

    further = [" · ".join(row) for row in _rows(survey)]
    return {
        f"{name}.question": rule(labelled(_("question")), one_survey.question(survey, context)),
        **{f"{name}.{item.code}": rule(labelled(item.label), item.words) for item in one_survey.items(survey, context)},
        f"{name}.further": rule(labelled(_("further questions")), "; ".join(further) or _("none")),
        f"{name}.answered": value(labelled(_("answered")), rate),
    }


def _rows(survey: Survey) -> list[list[str]]:
    return [
        ["".join(tree.words_of(cell)) for cell in row if cell]
        for block in one_survey.further(survey)
        if block["is"] == "table"
        for row in block["rows"]
    ]
