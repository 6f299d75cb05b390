"""What every template may use."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from kpiproject.models import User
from kpiproject.queries import organisation as read_organisation


@dataclass(frozen=True)
class Entry:
    """One line of the navigation."""

    label: str | Promise
    url: str
    icon: str
    is_current: bool


# label, URL name, permission, icon; whoever lacks the permission does not see the line
_PLACES = (
    (_("Home"), "home", "metrics.view_rollup", "dashboard"),
    (_("KPIs"), "metrics:kpi_list", "metrics.view_rollup", "kpis"),
    (_("Goals"), "goals:board", "goals.view_goal", "goals"),
    (_("Surveys"), "surveys:survey_list", "surveys.view_survey", "surveys"),
    (_("Follow-ups"), "surveys:follow_up_list", "surveys.view_followup", "follow-ups"),
    (_("Thanks"), "goals:thanks", "goals.view_thanks", "thanks"),
    (_("Alerts"), "goals:alert_list", "goals.view_alert", "alerts"),
    (_("Reports"), "goals:report_list", "goals.view_report", "reports"),
    (_("Manual"), "manual:manual", "manual.view_edition", "manual"),
    (_("Set up"), "setup:overview", "metrics.change_adoption", "setup"),
    (_("Data"), "metrics:data", "metrics.view_importrun", "data"),
    (_("People"), "people:list", "kpiproject.view_user", "people"),
    (_("Mailbox"), "mailbox:list", "kpiproject.view_mail", "mailbox"),
    (_("Administration"), "admin:index", "kpiproject.change_organisation", "admin"),
)


def organisation(request: HttpRequest) -> dict[str, object]:
    return {
        "organisation": SimpleLazyObject(read_organisation),
        "navigation": SimpleLazyObject(lambda: navigation(request)),
    }


def navigation(request: HttpRequest) -> list[Entry]:
    """The places that this person may go to."""
    user = getattr(request, "user", None)
    if not isinstance(user, User) or not user.is_active:
        return []
    return [entry for place in _PLACES if (entry := _entry(request, user, place))]


def _entry(request: HttpRequest, user: User, place: tuple[str | Promise, str, str, str]) -> Entry | None:
    label, name, permission, icon = place
    if not user.has_perm(permission):
        return None
    try:
        url = reverse(name)
    except NoReverseMatch:  # the mailbox exists in the demo only
        return None
    is_current = request.path == url if url == "/" else request.path.startswith(url)
    return Entry(label, url, icon, is_current)
