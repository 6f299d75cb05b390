"""The board of all goals, and the page of one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import cast

from django.contrib.auth.decorators import login_required, permission_required
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from goals import (
    actions,
    balance,
    cards,
    check_ins,
    close_out_words,
    countdown,
    history,
    milestone_lines,
    paths,
    queries,
    shelves,
    target_words,
    variation,
)
from goals.balance import Finding, Outdated
from goals.board_forms import BoardForm
from goals.cards import Card
from goals.check_in_forms import CheckInForm
from goals.guardrail_words import GOODHART
from goals.models import Goal, Review
from goals.rebase_forms import RebaseForm
from goals.shelves import Choices
from kpiproject.lib.periods import local_day
from kpiproject.models import User
from kpiproject.queries import organisation
from metrics import benchmarks

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
    paginator = Paginator(_kept(shelves.on(wanted), chosen), PER_PAGE)
    paginator.count = choices.count(wanted, chosen["owner"], chosen["objective"])  # known already
    page = paginator.get_page(request.GET.get("page"))
    context |= {"page": page, "groups": _grouped(page.object_list, today), "has_filter": any(chosen.values())}
    if not chosen["status"] and page.number == 1:
        context["beneath"] = _beneath(choices, chosen, today)
    if not context["has_filter"] and page.number == 1:
        context["balance"] = _balance(choices, today)
    return render(request, "goals/board_page.html", context)


@require_safe
@login_required
@permission_required("goals.view_goal", raise_exception=True)
def goal(request: HttpRequest, pk: int) -> HttpResponse:
    return show_goal(request, get_object_or_404(goals_for(request), pk=pk))


def goals_for(request: HttpRequest) -> "QuerySet[Goal]":
    """The goals whose page this person may open."""
    goals = Goal.objects.select_related("objective", "owner", "reviewer")
    return goals if request.user.has_perm(SEES_DRAFTS) else goals.exclude(state=Goal.State.DRAFT)


def show_goal(
    request: HttpRequest,
    found: Goal,
    form: CheckInForm | None = None,
    *,
    refused: Mapping[int, Form] | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """The page of a goal; `form` is a check-in that was refused, `refused` are forms of milestones, by their ids."""
    house = organisation()
    changes = list(found.target_changes.select_related("by"))
    today = local_day(timezone.now(), house.time_zone)
    card = cards.card(found, today)
    title = _("%(name)s: measured, and the way to the target") % {"name": card.line.kpi_name}
    context = {
        "organisation": house,
        "goal": found,
        "card": card,
        "goodhart": GOODHART,
        "line": card.line,
        "kpi_url": cards.kpi_url(found, card.line),
        "title": title,
        "rebase_form": RebaseForm() if request.user.has_perm(SEES_DRAFTS) and _may_still_change(found) else None,
        "chart": paths.drawing(found, changes, zone=house.time_zone, title=title),
        "rows": paths.rows(found),
        "has_bounds": paths.has_bounds(found),
        "outlook": paths.outlook(found),
        "variation": variation.variation(found, list(found.rebases.select_related("by"))) if found.course else None,
        "target_changes": [(change, *target_words.both(found, change)) for change in changes],
        "status_changes": history.status_changes(found),
        "milestones": milestone_lines.page(found, cast("User", request.user), today, refused),
        **_people(request, found, form, today),
    }
    return render(request, "goals/goal_page.html", context, status=status)


def _people(request: HttpRequest, found: Goal, form: CheckInForm | None, today: date) -> dict[str, object]:
    """What people have said about the goal, and what this one may say or do."""
    user = cast("User", request.user)
    may_check_in = check_ins.may_check_in(user, found)
    page = check_ins.pages_of(found).get_page(request.GET.get("page"))
    return {
        "page": page,
        "check_ins": [check_ins.line(one, found, user) for one in page],
        "check_in_form": form or (CheckInForm(goal=found) if may_check_in else None),
        "close_out": close_out_words.of_goal(found),
        "may_change": user.is_staff and user.has_perm(SEES_DRAFTS) and _may_still_change(found),
        "may_close": found.state == Goal.State.ACTIVE and user.has_perm("goals.add_closeout"),
        "actions": actions.of_goal(found, today) if user.has_perm("goals.view_action") else [],
    }


def _may_still_change(found: Goal) -> bool:
    """What is over stays as it was judged."""
    return found.state in (Goal.State.DRAFT, Goal.State.ACTIVE)


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
    """Drafts and what is over: a few of each, with the way to all of them; in one query."""
    names = [name for name in ("draft", "over") if choices.shelves[name]]
    wanted = Q(pk__in=[])
    for name in names:
        wanted |= Q(pk__in=_kept(shelves.on([name]), chosen).values("pk")[: MOST_BENEATH + 1])
    goals = list(shelves.on(names).filter(wanted)) if names else []
    found = []
    for name in names:
        here = [each for each in goals if shelves.shelf(each.state, each.status) == name]
        if here:
            more = name if len(here) > MOST_BENEATH else ""
            group = [cards.card(each, today) for each in here[:MOST_BENEATH]]
            found.append(Group(name=str(shelves.NAMES[name]), cards=group, more=more, total=choices.shelves[name]))
    return found


def _balance(choices: Choices, today: date) -> list[Finding]:
    """What the running goals together leave out."""
    aims = shelves.aims(choices)
    known = {aim.kpi.code: str(aim.kpi.name) for aim in aims if aim.kpi}
    outdated = [Outdated(kpi_name=known[code], as_of=as_of) for code, as_of in benchmarks.out_of_date(known, today)]
    return balance.findings(aims, outdated)


def _tally(choices: Choices) -> list[tuple[str, str, int]]:
    """The running goals by where they stand: shelf, name, number."""
    return [(name, str(shelves.NAMES[name]), choices.shelves[name]) for name in shelves.RUNNING]


def _next_review(request: HttpRequest, today: date) -> tuple[Review, str] | None:
    if not request.user.has_perm("goals.view_review"):
        return None
    review = queries.next_review(today)
    return (review, countdown.until(review.on, today)) if review else None
