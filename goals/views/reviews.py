"""The list of reviews, and the page of one: agenda before, minutes after."""

from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from goals import actions, agenda, countdown, kept_agenda, queries, reviews
from goals.action_forms import ActionForm, DecisionForm
from goals.agenda import Agenda
from goals.models import Review
from goals.review_forms import MinutesForm
from goals.reviews import ChangedMeanwhileError, NotPlannedError
from kpiproject.documents import markdown, web, words
from kpiproject.lib.periods import local_day
from kpiproject.models import User
from kpiproject.queries import organisation

PER_PAGE = 20
MOST_PLANNED = 100
MOST_WORDS = 40
WRITES = "goals.change_review"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A review in a list. Overdue: its date is over, and nobody has said that it was held."""

    review: Review
    when: str
    is_overdue: bool


@dataclass(frozen=True, kw_only=True)
class Forms:
    """The forms on the page of a review that were filled in and refused."""

    minutes: MinutesForm | None = None
    decision: DecisionForm | None = None
    action: ActionForm | None = None


@require_safe
@login_required
@permission_required("goals.view_review", raise_exception=True)
def review_list(request: HttpRequest) -> HttpResponse:
    today = local_today()
    counted = {"invited": Count("participants", distinct=True), "goal_count": Count("goals", distinct=True)}
    planned = queries.planned_reviews().annotate(**counted)[:MOST_PLANNED]
    past = Review.objects.exclude(state=Review.State.PLANNED).select_related("owner").order_by("-on", "-id")
    page = Paginator(past, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "planned": [_entry(review, today) for review in planned],
        "page": page,
        "past": [(review, _beginning(review.minutes)) for review in page],
    }
    return render(request, "goals/review_list_page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@permission_required("goals.view_review", raise_exception=True)
def review(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Review.objects.select_related("owner"), pk=pk)
    if request.method != "POST":
        return show(request, found)
    if not request.user.has_perm(WRITES):
        raise PermissionDenied
    form = MinutesForm(request.POST)
    if not form.is_valid():
        return show(request, found, Forms(minutes=form), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return _write(request, found, form)


def _write(request: HttpRequest, found: Review, form: MinutesForm) -> HttpResponse:
    text, seen = form.cleaned_data["minutes"], form.cleaned_data["version"]
    try:
        if "hold" in request.POST:
            reviews.hold(found.pk, text, seen=seen, now=timezone.now())
            _tell_next(request, Review.objects.filter(after=found).first())
        else:
            reviews.write_minutes(found.pk, text, seen=seen)
    except ChangedMeanwhileError:
        return _show_both(request, found, text)
    messages.success(request, _("The review is held.") if "hold" in request.POST else _("The minutes are kept."))
    return _seen(found)


def _show_both(request: HttpRequest, found: Review, text: str) -> HttpResponse:
    """What stands there now, and beneath it what could not be kept, ready to be sent once more."""
    found.refresh_from_db()
    form = MinutesForm(initial={"minutes": text, "version": reviews.version(found)})
    return show(request, found, Forms(minutes=form), status=HTTPStatus.CONFLICT, is_conflict=True)


def show(
    request: HttpRequest,
    found: Review,
    forms: Forms | None = None,
    *,
    status: int = HTTPStatus.OK,
    is_conflict: bool = False,
) -> HttpResponse:
    """The page of a review; `forms` are those that were refused."""
    today = local_today()
    given = forms or Forms()
    form = given.minutes or _minutes_form(found)
    context = {
        "review": found,
        "entry": _entry(found, today),
        "held_early_on": reviews.held_early_on(found, organisation().time_zone),
        "people": reviews.people(found)[1:],
        "agenda": _prose(found.agenda, "agenda"),
        "minutes": _prose(found.minutes, "minutes"),
        "form": form if request.user.has_perm(WRITES) and found.state != Review.State.CANCELLED else None,
        "text": form.initial.get("minutes", ""),
        "is_conflict": is_conflict,
        **_agreed(request, found, given, today),
        "generated": agenda.seen_by(cast("User", request.user), _generated(found, today)),
    }
    return render(request, "goals/review_page.html", context, status=status)


def _minutes_form(found: Review) -> MinutesForm:
    return MinutesForm(initial={"minutes": found.minutes, "version": reviews.version(found)})


def _generated(found: Review, today: date) -> Agenda:
    """Put together for a review that is to come; as it was for one that was held. Of one that was cancelled, or held
    before agendas were kept, only the goals are shown, as they stand now."""
    if found.kept_agenda is not None:
        return kept_agenda.read(found.kept_agenda)
    if found.state == Review.State.PLANNED:
        return agenda.build(found, today=today, zone=organisation().time_zone)
    goals = queries.on_agenda(found, has_drafts=True)
    return Agenda(since=found.on, topics=agenda.topics(goals, today))


def _agreed(request: HttpRequest, found: Review, forms: Forms, today: date) -> dict[str, object]:
    """What was decided and who does what, and the forms for more of it."""
    user, is_open = request.user, found.state != Review.State.CANCELLED
    may_decide = is_open and user.has_perm("goals.add_decision")
    may_add = is_open and user.has_perm("goals.add_action")
    next_one = Review.objects.filter(after=found).first()
    return {
        "decisions": list(found.decisions.select_related("by")) if user.has_perm("goals.view_decision") else [],
        "actions": actions.of_review(found, today) if user.has_perm("goals.view_action") else [],
        "decision_form": (forms.decision or DecisionForm()) if may_decide else None,
        "action_form": (forms.action or ActionForm(today=today)) if may_add else None,
        "next_one": next_one,
        "may_cancel": found.state == Review.State.PLANNED and user.has_perm(WRITES),
    }


@require_POST
@login_required
@permission_required(["goals.view_review", WRITES], raise_exception=True)
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Review, pk=pk)
    try:
        following = reviews.cancel(found.pk, now=timezone.now())
    except NotPlannedError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("The review is cancelled."))
        _tell_next(request, following)
    return _seen(found)


def _tell_next(request: HttpRequest, following: Review | None) -> None:
    if following is not None:
        day = {"day": date_format(following.on, "DATE_FORMAT")}
        messages.info(request, _("The next one is planned for %(day)s.") % day)


def _seen(found: Review) -> HttpResponse:
    response = redirect("goals:review", found.pk)
    response.status_code = HTTPStatus.SEE_OTHER
    return response


def _beginning(text: str) -> str:
    """The first words of what was decided, without marks."""
    return Truncator(" · ".join(words.lines(markdown.parse(text)))).words(MOST_WORDS)


def _prose(text: str, prefix: str) -> SafeString:
    return web.render(markdown.parse(text, anchor_prefix=f"{prefix}-"), top=3)


def _entry(found: Review, today: date) -> Entry:
    is_overdue = found.state == Review.State.PLANNED and found.on < today
    return Entry(review=found, when=countdown.until(found.on, today), is_overdue=is_overdue)


def local_today() -> date:
    """The organisation's day."""
    return local_day(timezone.now(), organisation().time_zone)
