"""What a survey has come to: the page, and marks on its comments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus

from django.contrib.auth.decorators import login_required, permission_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kpiproject import queries as ground
from kpiproject.lib.periods import Period, local_day
from kpiproject.models import Organisation
from surveys import anonymity, comments, employees, links, result_pictures, result_words, results, scales, versions
from surveys.content import Further, Prompt
from surveys.models import Answer, Question, Survey
from surveys.readings import Reading
from surveys.result_forms import SPANS, CommentForm, MarkForm, PeriodForm
from surveys.results import Asked, Cut, Part, Results, Stages
from surveys.views import editing

MOST_MEMBERS = 50
MOST_TEXTS = 10
_TONES = {1: "good", 0: "warn", -1: "bad"}


@dataclass(frozen=True, kw_only=True)
class Look:
    """A survey and the period somebody looks at. Without a period the form has errors."""

    survey: Survey
    form: PeriodForm
    house: Organisation
    today: date
    period: Period | None = None

    @property
    def chosen(self) -> Period:
        if self.period is None:
            raise ValueError("Only a valid form chooses a period.")
        return self.period


@dataclass(frozen=True)
class Bar:
    """A line with a bar; `width` is an SVG length, whatever the reader's decimal sign."""

    label: str
    count: int
    share: float | None
    width: str
    tone: str = ""
    group: str = ""


@dataclass(frozen=True)
class Table:
    """A cut with the names of its members; the members that are left out are only counted."""

    cut: Cut
    lines: Sequence[tuple[str, Part]]
    more: int


@dataclass(frozen=True)
class Inquiry:
    """A further question with what was answered."""

    prompt: str
    kind: str
    asked: Asked
    bars: Sequence[Bar]
    texts: Sequence[str]


@dataclass(frozen=True)
class Remark:
    """An answer with words."""

    answer: Answer
    tone: str
    group: str


def look(given: QueryDict, survey: Survey) -> Look:
    house = ground.organisation()
    form = PeriodForm(given)
    today = local_day(timezone.now(), house.time_zone)
    found = Look(survey=survey, form=form, house=house, today=today)
    if not form.is_valid():
        return found
    first = Answer.objects.filter(survey=survey).order_by("answered_at").values_list("answered_at", flat=True).first()
    begun = first or survey.opened_at or survey.created_at
    period = form.chosen(zone=house.time_zone, today=today, first=local_day(begun, house.time_zone))
    form.fill_in(period)
    return Look(survey=survey, form=form, house=house, today=today, period=period)


def measure(found: Look, reading: Reading) -> Results:
    if found.survey.is_anonymous:
        return employees.of_employees(found.survey, reading, found.chosen, today=found.today)
    return results.of_customers(found.survey, reading, found.chosen, week_start=found.house.week_start)


@require_safe
@login_required
@permission_required("surveys.view_survey", raise_exception=True)
def survey(request: HttpRequest, slug: str) -> HttpResponse:
    found = look(request.GET, get_object_or_404(Survey.objects.select_related("current_version"), slug=slug))
    context: dict[str, object] = {"survey": found.survey, "form": found.form, "spans": SPANS, "look": found}
    context["question"] = versions.question(found.survey).replace("[Company]", found.house.name)
    if found.survey.status != Survey.Status.OPEN:
        context |= editing.state(found.survey)
    context["public_url"] = links.public_url(slug) if found.survey.has_public_link else ""
    if found.period is None:
        return render(request, "surveys/survey_page.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    reading = Reading([found.survey.pk], found.house.time_zone)
    measured = measure(found, reading)
    context |= _figures(found, measured)
    context |= _stages(stages_of(found, reading), is_anonymous=found.survey.is_anonymous)
    context["tables"] = [_table(found.survey, cut) for cut in measured.cuts if _is_telling(cut)]
    context["inquiries"] = _inquiries(found, measured)
    context |= _comments(request, found, measured)
    return render(request, "surveys/survey_page.html", context)


@require_POST
@login_required
@permission_required("surveys.change_answer", raise_exception=True)
def mark_comment(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = get_object_or_404(Survey, slug=slug)
    form = MarkForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if not comments.mark(found, pk, form.cleaned_data["mark"]):
        raise Http404(_("There is no such comment."))
    asked = f"?{request.GET.urlencode()}" if request.GET else ""
    return redirect(f"{reverse('surveys:survey', args=[slug])}{asked}#answer-{pk}")


def _figures(found: Look, measured: Results) -> dict[str, object]:
    survey, period = found.survey, found.chosen
    title = _("%(survey)s over time") % {"survey": survey.name}
    least = anonymity.LEAST
    return {
        "results": measured,
        "score": measured.score,
        "is_about_employees": survey.is_anonymous,
        "least": least,
        "least_of_agent": results.LEAST_OF_AGENT,
        "period_text": result_words.days(period.start, period.end),
        "previous_text": result_words.days(period.previous().start, period.previous().end),
        "groups": _groups(survey, measured),
        "groups_text": result_words.groups(survey.scale),
        "bars": _bars(survey, measured),
        "course": [
            (result_words.piece(part.start, part.end, measured.grain), part)
            for part in measured.course
            if part.start and part.end
        ],
        "course_title": title,
        "chart": result_pictures.course(survey, measured, title),
        "formats": ("csv", "xlsx", "json"),
        "asked_for": urlencode({"from": period.start.isoformat(), "to": period.end.isoformat()}),
    }


def stages_of(found: Look, reading: Reading) -> Stages:
    of = employees.stages if found.survey.is_anonymous else results.stages
    return of(found.survey, reading, found.chosen)


def _stages(stages: Stages, *, is_anonymous: bool) -> dict[str, object]:
    if is_anonymous:
        known = [(_("sent"), stages.sent), (_("delivered"), stages.delivered), (_("answered"), stages.answered)]
    else:
        known = [
            (_("queued"), stages.queued),
            (_("sent"), stages.sent),
            (_("delivered"), stages.delivered),
            (_("clicked"), stages.clicked),
            (_("confirmed"), stages.answered),
            (_("commented"), stages.commented),
        ]
    widths = result_pictures.widths([count for _name, count in known])
    bars = [
        Bar(name, count, 100 * count / stages.delivered if stages.delivered and n > 1 else None, width, "plain")
        for n, ((name, count), width) in enumerate(zip(known, widths, strict=True))
    ]
    return {"stages": stages, "stage_bars": bars}


def _groups(survey: Survey, measured: Results) -> list[tuple[str, str, int, float | None]]:
    judged = measured.sums.judged
    return [
        (str(scales.GROUP_NAMES[code]), tone, count, 100 * count / judged if judged else None)
        for (code, count), tone in zip(measured.score.groups.items(), _TONES.values(), strict=True)
    ]


def _bars(survey: Survey, measured: Results) -> list[Bar]:
    counts = dict(sorted(measured.distribution.items(), reverse=True))
    total, widths = sum(counts.values()), result_pictures.widths(list(counts.values()))
    return [
        Bar(
            label=str(score),
            count=count,
            share=100 * count / total if total else None,
            width=width,
            tone=_TONES.get(survey.scale.standing(score), ""),  # type: ignore[arg-type]  # None is no key
            group=str(scales.GROUP_NAMES.get(survey.scale.group(score), "")),
        )
        for (score, count), width in zip(counts.items(), widths, strict=True)
    ]


def _is_telling(cut: Cut) -> bool:
    """Whether it divides the answers at all."""
    return len(cut.parts) + bool(cut.rest) > 1


def _table(survey: Survey, cut: Cut) -> Table:
    shown = cut.parts[:MOST_MEMBERS]
    names = result_words.members(survey, cut.dimension, [part.member for part in shown])
    return Table(cut, [(names[part.member], part) for part in shown], max(0, len(cut.parts) - MOST_MEMBERS))


def _inquiries(found: Look, measured: Results) -> list[Inquiry]:
    if not measured.questions:
        return []
    asked = {question.pk: question for question in found.survey.questions.all()}
    return [_inquiry(found, asked[one.question_id], one, measured) for one in measured.questions]


def _inquiry(found: Look, question: Question, asked: Asked, measured: Results) -> Inquiry:
    prompts = question.prompts.get(found.survey.language) or next(iter(question.prompts.values()), {"prompt": "?"})
    words = Further(
        id=question.pk, kind=question.kind, prompts={"": Prompt(**prompts)}, options=tuple(question.options)
    )
    prompt = words.prompt("", "")
    is_scale = question.kind == Question.Kind.SCALE
    labels: Mapping[str, str] = prompt.options
    if is_scale:
        labels = {str(n): str(n) for n in range(question.scale_max, question.scale_min - 1, -1)}
    labels = {**labels, **{member: member for member in asked.counts if member not in labels}}
    counts = [asked.counts.get(member, 0) for member in labels]
    widths = result_pictures.widths(counts)
    bars = [
        Bar(label, count, 100 * count / asked.answered if asked.answered else None, width)
        for label, count, width in zip(labels.values(), counts, widths, strict=True)
    ]
    has_texts = question.kind in (Question.Kind.SHORT, Question.Kind.LONG)
    texts = _texts(found, question, measured) if has_texts else []
    return Inquiry(prompt.prompt, question.kind, asked, [] if has_texts else bars, texts)


def _texts(found: Look, question: Question, measured: Results) -> list[str]:
    if found.survey.is_anonymous:
        return comments.texts_of_employees(question.pk, measured.blocks, found.house.time_zone)[:MOST_TEXTS]
    return comments.texts(question.pk, found.chosen, MOST_TEXTS)


def _comments(request: HttpRequest, found: Look, measured: Results) -> dict[str, object]:
    if found.survey.is_anonymous:
        rows = comments.of_employees(found.survey, measured.blocks, found.house.time_zone)
        page = Paginator(rows, comments.PAGE_SIZE).get_page(request.GET.get("page"))
        return {"remarks": _remarks(found.survey, list(page)), "page": page}
    offered = {
        cut.dimension: [(part.member, name) for part in cut.parts[:MOST_MEMBERS] if (name := part.member)]
        for cut in measured.cuts
    }
    form = CommentForm(request.GET, survey=found.survey, offered=offered)
    if not form.is_valid():
        return {"comment_form": form, "remarks": []}
    shown = comments.page(found.survey, found.chosen, form.wanted(), after=request.GET.get("after", ""))
    return {
        "comment_form": form,
        "wanted": form.wanted(),
        "remarks": _remarks(found.survey, shown.answers),
        "older": _with(request.GET, after=shown.after) if shown.after else "",
        "newest": _with(request.GET, after="") if request.GET.get("after") else "",
        "here": request.GET.urlencode(),
        "filtered_for": urlencode({name: form[name].value() or "" for name in comments.FILTERS if form[name].value()}),
    }


def _with(given: QueryDict, **changes: str) -> str:
    query = given.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value:
            query[name] = value
    return str(query.urlencode())


def _remarks(survey: Survey, found: Sequence[Answer]) -> list[Remark]:
    return [
        Remark(
            answer,
            _TONES.get(answer.standing, ""),  # type: ignore[arg-type]  # None is no key
            "" if answer.standing is None else str(scales.GROUP_NAMES[scales.group_of(survey.kind, answer.standing)]),
        )
        for answer in found
    ]
