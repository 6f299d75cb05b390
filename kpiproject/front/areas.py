"""The administration by what it is for, instead of by our apps."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from goals.models import (
    Action,
    AlarmLeft,
    AlertRule,
    EscalationChain,
    Goal,
    Objective,
    Report,
    ReportRun,
    Review,
    Stakeholder,
)
from kpiproject.models import (
    Agent,
    BusinessCalendar,
    Mail,
    Organisation,
    Team,
    User,
    WebhookDelivery,
    WebhookTarget,
)
from manual.models import (
    Acknowledgement,
    Audience,
    Edition,
    Feedback,
    Follower,
    Picture,
    ReadingQuestion,
    ReadingReminder,
    Section,
    Share,
)
from metrics.models import Benchmark, CustomKpi, ExchangeRate, KpiOptions, ServiceTarget
from surveys.models import Answer, Contact, Erasure, FollowUpRoute, FollowUpRules, Suppression, Survey

Words = str | Promise


@dataclass(frozen=True, kw_only=True)
class Area:
    """What belongs together. `page` is where its daily work is done, outside of the administration."""

    name: Words
    about: Words
    page: str  # the name of an address, or empty
    page_name: Words
    models: Mapping[str, Words]


@dataclass(frozen=True, kw_only=True)
class Entry:
    name: str
    about: Words
    url: str | None
    add_url: str | None


@dataclass(frozen=True, kw_only=True)
class OpenArea:
    """What somebody may open of an area."""

    area: Area
    entries: list[Entry]


def _label(model: Any) -> str:
    return str(model._meta.label_lower)


AREAS: Final = (
    Area(
        name=_("Goals and reviews"),
        about=_("What is to be reached by when, for which objective, and when it is looked at together."),
        page="goals:board",
        page_name=_("Open the goals"),
        models={
            _label(Goal): _("A figure, a target and a date; the baseline is measured for you."),
            _label(Objective): _("What the business wants; every goal serves one."),
            _label(Review): _("Dates with an agenda and minutes; those invited are reminded."),
            _label(Action): _("Who does what by when, as agreed in reviews; several can be marked as done at once."),
        },
    ),
    Area(
        name=_("Alerts"),
        about=_("What is watched without anybody looking, and who is told when it gets bad."),
        page="goals:alert_list",
        page_name=_("Open the alerts"),
        models={
            _label(AlertRule): _("A limit of a figure, a goal, an import: when it is an alarm, and who is told."),
            _label(EscalationChain): _("Who is told next if nobody acknowledges an alarm."),
            _label(AlarmLeft): _("Stakeholders who want no mail about alarms; delete a row if they want them again."),
        },
    ),
    Area(
        name=_("Reports and stakeholders"),
        about=_("Who is told about figures every week, without having to ask."),
        page="goals:report_list",
        page_name=_("Open the reports"),
        models={
            _label(Report): _("Which figures go to whom, on which day and at which time."),
            _label(ReportRun): _("What was sent, with every figure as it was then."),
            _label(Stakeholder): _("People without an account who receive reports."),
        },
    ),
    Area(
        name=_("Surveys"),
        about=_("What customers are asked, and who must never be asked again."),
        page="surveys:survey_list",
        page_name=_("Open the surveys"),
        models={
            _label(Survey): _("Name and owner; everything else is written on the survey's own pages."),
            _label(Answer): _("What was said, to read only."),
            _label(Contact): _("Everybody who was asked."),
            _label(Suppression): _("Addresses that are never written to."),
            _label(Erasure): _("Customers who asked for it: erase one, and see when that was done."),
            _label(FollowUpRoute): _("Who is asked first about an unhappy customer, by survey, team or channel."),
            _label(FollowUpRules): _("Until when unhappy customers are contacted, and when managers are told."),
        },
    ),
    Area(
        name=_("Figures"),
        about=_("What figures are measured against. A change computes all of them anew, by itself."),
        page="metrics:kpi_list",
        page_name=_("Open the KPIs"),
        models={
            _label(CustomKpi): _("Figures that you define yourself, out of the columns of your data."),
            _label(Benchmark): _("What others measure, with its source and until when it is to be believed."),
            _label(ServiceTarget): _("How fast you promise to answer and to solve."),
            _label(KpiOptions): _("Who counts as an active customer, within how many days, and your margin."),
            _label(ExchangeRate): _("What one unit of another currency is worth in yours, from which day on."),
            _label(BusinessCalendar): _("Opening hours and holidays, by which business time is measured."),
        },
    ),
    Area(
        name=_("Manual"),
        about=_("What explains everything else. It is written and published on its own pages."),
        page="manual:manual",
        page_name=_("Open the manual"),
        models={
            _label(Section): _("The chapters, their order and their prose."),
            _label(Edition): _("What was published, and can no longer be changed."),
            _label(Share): _("Links for readers without an account."),
            _label(Follower): _("Who is told of new editions without an account."),
            _label(Picture): _("What was put into texts; pictures stay for the editions that show them."),
            _label(Audience): _("Who is asked to read and confirm which sections, to read only."),
            _label(Acknowledgement): _(
                "Who has confirmed which section of which edition, and which check they passed."
            ),
            _label(ReadingQuestion): _("What readers asked before they confirmed a section, with the answers."),
            _label(ReadingReminder): _("Who was reminded of what they had not confirmed, and when."),
            _label(Feedback): _("Whether readers find a section clear, and what was done about it."),
        },
    ),
    Area(
        name=_("Organisation and people"),
        about=_("Who you are, and who works here."),
        page="people:list",
        page_name=_("Open the people"),
        models={
            _label(Organisation): _("Name, time zone, first day of the week, currency, colour and postal address."),
            _label(User): _("Names and time zones; roles and access have their own page."),
            _label(Team): _("As your help desk calls them."),
            _label(Agent): _("Whoever answers customers, with or without an account here."),
        },
    ),
    Area(
        name=_("Machinery"),
        about=_("What leaves the house. Every mail waits here until it was sent, once."),
        page="",
        page_name="",
        models={
            _label(Mail): _("The outbox: sent, waiting and failed; a failed mail can be sent again."),
            _label(WebhookTarget): _("Addresses of other systems, such as a chat, that are told of alarms."),
            _label(WebhookDelivery): _("What was posted to them, what waits and what failed."),
        },
    ),
)
_REST: Final = Area(
    name=_("Everything else"), about=_("What has no place of its own yet."), page="", page_name="", models={}
)


def open_areas(app_list: Iterable[Mapping[str, Any]]) -> list[OpenArea]:
    """Django's list of apps, which knows what this person may open, in our order. Nothing of it is left out."""
    found = {_label(model["model"]): model for app in app_list for model in app["models"]}
    placed = [OpenArea(area=area, entries=list(_entries(area, found))) for area in AREAS]
    rest = [Entry(name=model["name"], about="", url=_url(model), add_url=_add(model)) for model in found.values()]
    return [one for one in (*placed, OpenArea(area=_REST, entries=rest)) if one.entries]


def _entries(area: Area, found: dict[str, Any]) -> Iterator[Entry]:
    """Takes out of `found` what it has found."""
    for label, about in area.models.items():
        if model := found.pop(label, None):
            yield Entry(name=str(model["name"]), about=about, url=_url(model), add_url=_add(model))


def _url(model: Mapping[str, Any]) -> str | None:
    return model.get("admin_url")


def _add(model: Mapping[str, Any]) -> str | None:
    return model.get("add_url")
