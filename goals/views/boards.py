"""The board of all goals, and the page of one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import cast

from django.contrib.auth.decorators import login_required, permission_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from goals import actions, cards, check_ins, close_out_words, countdown, lines, paths, queries, shelves
from goals.board_forms import BoardForm
from goals.cards import Card
from goals.check_in_forms import CheckInForm
from goals.models import Goal, Review
from goals.shelves import Choices
from kpiproject.lib.periods import local_day
from kpiproject.models import User
from kpiproject.queries import organisation

PER_PAGE = 50
MOST_BENEATH = 6
SEES_DRAFTS = "goals.change_goal"


@dataclass(frozen=True, kw_only=True)
class Group:
    """Goals under one heading. `more` is the shelf whose page shows all of them."""

    name: str
    cards: list[Card]
    more: str = ""
    total: int = 0


@require_safe
@login_required
@permission_required("goals.view_goal", raise_exception=True)
def board(request: HttpRequest) -> HttpResponse:
    has_drafts = request.user.has_perm(SEES_DRAFTS)
    house = organisation()
    today = local_day(timezone.now(), house.time_zone)
    choices = shelves.choices(has_drafts=has_drafts)
    form = BoardForm(request.GET, choices=choices, has_drafts=has_drafts)
    context = {"organisation": house, "form": form, "choices": choices, "tally": _tally(choices)}
    context["next_review"] = _next_review(request, today)
    if not form.is_valid():
        return render(request, "goals/board_page.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    chosen = form.cleaned_data
    wanted = [chosen["status"]] if chosen["status"] else shelves.RUNNING
    page = Paginator(_kept(shelves.on(wanted), chosen), PER_PAGE).get_page(request.GET.get("page"))
    context |= {"page": page, "groups": _grouped(page.object_list, today), "has_filter": any(chosen.values())}
    if not chosen["status"] and page.number == 1:
        context["beneath"] = _beneath(choices, chosen, today)
    return render(request, "goals/board_page.html", context)


@require_safe
@login_required
@permission_required("goals.view_goal", raise_exception=True)
def goal(request: HttpRequest, pk: int) -> HttpResponse:
    return show_goal(request, get_object_or_404(goals_for(request), pk=pk))


def goals_for(request: HttpRequest) -> "QuerySet[Goal]":
    """The goals whose page this person may open."""
    goals = Goal.objects.select_related("objective", "owner")
    return goals if request.user.has_perm(SEES_DRAFTS) else goals.exclude(state=Goal.State.DRAFT)


def show_goal(
    request: HttpRequest, found: Goal, form: CheckInForm | None = None, *, status: int = HTTPStatus.OK
) -> HttpResponse:
    """The page of a goal; `form` is a check-in that was refused."""
    house = organisation()
    changes = list(found.target_changes.select_related("by"))
    today = local_day(timezone.now(), house.time_zone)
    card = cards.card(found, today)
    title = _("%(name)s: measured, and the way to the target") % {"name": card.line.kpi_name}
    context = {
        "organisation": house,
        "goal": found,
        "card": card,
        "line": card.line,
        "kpi_url": cards.kpi_url(found, card.line),
        "title": title,
        "chart": paths.drawing(found, changes, zone=house.time_zone, title=title),
        "rows": paths.rows(found),
        "has_bounds": paths.has_bounds(found),
        "outlook": paths.outlook(found),
        "target_changes": [(change, *_moved(found, change.before, change.after)) for change in changes],
        "status_changes": [
            (change, lines.TONES.get(change.after, ""), lines.amount(found, change.value))
            for change in found.status_changes.all()
        ],
        **_people(request, found, form, today),
    }
    return render(request, "goals/goal_page.html", context, status=status)


def _people(request: HttpRequest, found: Goal, form: CheckInForm | None, today: date) -> dict[str, object]:
    """What people have said about the goal, and what this one may say or do."""
    user = cast("User", request.user)
    may_check_in = check_ins.may_check_in(user, found)
    return {
        "check_ins": check_ins.of_goal(found),
        "check_in_form": form or (CheckInForm(goal=found) if may_check_in else None),
        "close_out": close_out_words.of_goal(found),
        "may_close": found.state == Goal.State.ACTIVE and user.has_perm("goals.add_closeout"),
        "actions": actions.of_goal(found, today) if user.has_perm("goals.view_action") else [],
    }


def _moved(found: Goal, before: float, after: float) -> tuple[str, str]:
    return lines.amount(found, before), lines.amount(found, after)


def _kept(goals: "QuerySet[Goal]", chosen: dict[str, object]) -> "QuerySet[Goal]":
    """What the owner and the objective leave."""
    wanted = {name: chosen[name] for name in ("owner", "objective") if chosen[name]}
    return goals.filter(**wanted)


def _grouped(goals: Iterable[Goal], today: date) -> list[Group]:
    """What needs attention first; the order within is that of the goals."""
    names = {"off_track": _("Needs attention"), "at_risk": _("Needs attention")}
    found: dict[str, list[Card]] = {}
    for each in goals:
        name = shelves.shelf(each.state, each.status)
        found.setdefault(names.get(name, str(shelves.NAMES[name])), []).append(cards.card(each, today))
    return [Group(name=name, cards=group) for name, group in found.items()]


def _beneath(choices: Choices, chosen: dict[str, object], today: date) -> list[Group]:
    """Drafts and what is over: a few of each, with the way to all of them."""
    found = []
    for name in ("draft", "over"):
        total = choices.shelves[name]
        goals = list(_kept(shelves.on([name]), chosen)[: MOST_BENEATH + 1]) if total else []
        if goals:
            more = name if len(goals) > MOST_BENEATH else ""
            group = [cards.card(each, today) for each in goals[:MOST_BENEATH]]
            found.append(Group(name=str(shelves.NAMES[name]), cards=group, more=more, total=total))
    return found


def _tally(choices: Choices) -> list[tuple[str, str, int]]:
    """The running goals by where they stand: shelf, name, number."""
    return [(name, str(shelves.NAMES[name]), choices.shelves[name]) for name in shelves.RUNNING]


def _next_review(request: HttpRequest, today: date) -> tuple[Review, str] | None:
    if not request.user.has_perm("goals.view_review"):
        return None
    review = queries.next_review(today)
    return (review, countdown.until(review.on, today)) if review else None
