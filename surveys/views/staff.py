"""What the organisation's own people see of surveys, and how managers ask."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required, permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from kpiproject import queries as ground
from surveys import links, queries, scales, scores
from surveys.forms import AnswerForm, chosen_score
from surveys.models import Answer, Survey
from surveys.queries import Funnel, Given
from surveys.scores import Score
from surveys.views import pages

PAGE_SIZE = 25
# Fewer answers of employees could be traced to a person.
SMALLEST_GROUP = 5


@dataclass(frozen=True)
class Line:
    """A survey in the list."""

    survey: Survey
    funnel: Funnel
    given: Given


@dataclass(frozen=True)
class Bar:
    """How often one score was given; `width` is an SVG length, whatever the reader's decimal sign."""

    score: int
    count: int
    share: float
    width: str
    tone: str


@dataclass(frozen=True)
class Remark:
    """An answer with words."""

    answer: Answer
    tone: str
    group: str


@require_safe
@login_required
@permission_required("surveys.view_survey", raise_exception=True)
def survey_list(request: HttpRequest) -> HttpResponse:
    page = Paginator(Survey.objects.order_by("name", "id"), PAGE_SIZE).get_page(request.GET.get("page"))
    ids = [survey.pk for survey in page]
    funnels, given = queries.funnels(ids), queries.given(ids)
    lines = [Line(survey, funnels.get(survey.pk, Funnel()), given.get(survey.pk, Given())) for survey in page]
    return render(request, "surveys/survey_list_page.html", {"page": page, "lines": lines})


@require_safe
@login_required
@permission_required("surveys.view_survey", raise_exception=True)
def survey(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Survey, slug=slug)
    counts = queries.distribution(found)
    score = scores.score(found.kind, found.scale_min, found.scale_max, counts)
    is_about_employees = scales.KINDS[found.kind].is_about_employees
    page = Paginator(queries.comments(found), PAGE_SIZE).get_page(request.GET.get("page"))
    organisation = ground.organisation()
    context = {
        "organisation": organisation,
        "survey": found,
        "question": found.question.replace("[Company]", organisation.name),
        "score": score,
        "is_about_employees": is_about_employees,
        "is_hidden": is_about_employees and score.n < SMALLEST_GROUP,
        "smallest_group": SMALLEST_GROUP,
        "groups": _groups(found, score),
        "bars": _bars(found, counts),
        "funnel": queries.funnels([found.pk]).get(found.pk, Funnel()),
        "public_url": links.public_url(found.slug) if found.has_public_link else "",
        "page": page,
        "remarks": _remarks(found, page),
    }
    return render(request, "surveys/survey_page.html", context)


@require_safe
@login_required
@permission_required("surveys.view_invitation", raise_exception=True)
def invitation_list(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Survey, slug=slug)
    page = Paginator(queries.asked(found), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "survey": found,
        "page": page,
        "now": timezone.now(),
        "is_anonymous": scales.KINDS[found.kind].is_about_employees,
    }
    return render(request, "surveys/invitation_list_page.html", context)


@require_safe
@login_required
@permission_required("surveys.view_survey", raise_exception=True)
def survey_preview(request: HttpRequest, slug: str) -> HttpResponse:
    """The page as a customer sees it, also of a draft; without a button, because nothing can be recorded."""
    found = get_object_or_404(Survey, slug=slug)
    low, high = found.scale_min, found.scale_max
    score = chosen_score(request.GET.get("r"), low=low, high=high)
    organisation = ground.organisation()
    context = {
        "organisation": organisation,
        "form": AnswerForm(low=low, high=high, initial={"score": score}),
        "survey": found,
        "wording": found,
        "question": found.question.replace("[Company]", organisation.name),
        "is_preview": True,
    }
    return pages.show(request, "answer_page", context, language=found.language)


def _tone(survey: Survey, score: int) -> tuple[str, str]:
    """The name of the group a score belongs to, and its tone for badges and bars."""
    names = scales.KINDS[survey.kind].groups
    group = scales.group(survey.kind, score, survey.scale_min, survey.scale_max)
    return group, dict(zip(names, ("good", "warn", "bad"), strict=True)).get(group, "")


def _groups(survey: Survey, score: Score) -> list[tuple[str, int, float]]:
    return [
        (str(scales.GROUP_NAMES[code]), count, 100 * count / score.n if score.n else 0.0)
        for code, count in score.groups.items()
    ]


def _bars(survey: Survey, counts: dict[int, int]) -> list[Bar]:
    total, most = sum(counts.values()), max(counts.values(), default=0)
    return [
        Bar(
            score=score,
            count=count,
            share=100 * count / total if total else 0.0,
            width=f"{100 * count / most if most else 0:.1f}%",
            tone=_tone(survey, score)[1],
        )
        for score, count in sorted(counts.items(), reverse=True)
    ]


def _remarks(survey: Survey, answers: Iterable[Answer]) -> list[Remark]:
    found = []
    for answer in answers:
        group, tone = _tone(survey, answer.score)
        found.append(Remark(answer, tone, str(scales.GROUP_NAMES.get(group, ""))))
    return found
