"""Every address of the installation, and an example of each."""

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern
from django.utils import timezone

from goals import report_unsubscribe, reports
from goals.alarms import leaving, links, telling
from goals.models import AlarmLeft, Goal, ReportRun
from kpiproject import people, webhooks
from kpiproject.models import Agent, BusinessCalendar, Mail, Team, User
from kpiproject.queries import organisation
from kpiproject.roles import STAFF
from manual import followers
from manual.models import Edition
from metrics import ingest
from metrics.models import ImportRun, KpiOptions
from surveys import follow_up_links, mailings
from surveys.models import Entrance, Erasure, FollowUpRules, Mailing, Suppression, Survey
from tests import alarm_factories, factories, follow_up_factories, goal_factories, manual_factories, measure_factories
from tests.goals import recognised
from tests.kpiproject.front.test_letters import write
from tests.manual import readers

_ARGUMENT = re.compile(r"<(?:[a-z_0-9]+:)?([a-z_0-9]+)>")


def routes() -> list[str]:
    """Such as /people/<pk>/role/, in the order of the URLconf."""
    return list(_walk(get_resolver().url_patterns, "/"))


def _walk(patterns: Iterable[URLPattern | URLResolver], prefix: str) -> Iterator[str]:
    for pattern in patterns:
        route = prefix + _written(pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        else:
            yield route


def _written(pattern: URLPattern | URLResolver) -> str:
    text = str(pattern.pattern)
    if isinstance(pattern.pattern, RegexPattern):
        text = re.sub(
            r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"<\1>", text.removeprefix("^").removesuffix("$")
        ).replace("\\", "")
    return _ARGUMENT.sub(r"<\1>", text)


def example(route: str) -> str:
    """The route with its arguments filled in from objects that exist now."""
    return _ARGUMENT.sub(lambda match: str(_value(route[: match.end()])), route)


def _value(beginning: str) -> Any:
    """What stands in the last argument of this beginning of a route."""
    if admin := re.fullmatch(r"/admin/(\w+)/(\w+)/<object_id>", beginning):
        return OBJECTS[f"{admin[1]}.{admin[2]}"]().pk
    for known, value in VALUES.items():
        if beginning == known:
            return value()
    raise LookupError(f"Write in tests/kpiproject/walk.py what stands in the last argument of {beginning}.")


def _invited_person() -> User:
    return people.invite_person("invited@example.org", role=STAFF, by=None)


def _letter() -> str:
    return write(Path(settings.EMAIL_FILE_PATH))


def _import() -> ImportRun:
    """Uploaded and waiting for the start; and some rows were rejected."""
    content = b"external_id,created_at\nT-1,2026-01-01T10:00Z\n"
    file = SimpleUploadedFile("tickets.csv", content)
    run = ingest.upload(ingest.Request(kind="tickets"), file, by=factories.ManagerFactory())
    run.rejected_file.save("rejected.csv", ContentFile(content))
    return run


def _mailing() -> Mailing:
    data = b"email\na@example.org\nnonsense\n"
    return mailings.create(Survey.objects.latest("id"), name="people.csv", data=data, by=None)


def _public_survey() -> str:
    return str(factories.SurveyFactory(has_public_link=True).slug)


def _widget(survey: Survey) -> Entrance:
    origins = ["https://shop.example.com", "http://localhost:3000"]
    return cast("Entrance", factories.EntranceFactory(survey=survey, kind="widget", origins=origins))


def _run() -> ReportRun:
    report = factories.ReportFactory()
    return reports.produce(report, reports.last_complete_week(report))


def _subscription() -> str:
    stakeholder = factories.StakeholderFactory()
    report = factories.ReportFactory(stakeholders=[stakeholder])
    return report_unsubscribe.url(report.pk, stakeholder.pk).rstrip("/").rpartition("/")[2]


def _take_link() -> str:
    url = follow_up_links.take_url(follow_up_factories.FollowUpFactory().pk, factories.ManagerFactory().pk)
    return url.rstrip("/").rpartition("/")[2]


def _alarm_link() -> str:
    """To whom it was told a moment ago."""
    alarm = alarm_factories.AlarmFactory()
    telling.tell(alarm.opened_at)
    return links.url(alarm, alarm.rule.owner).rstrip("/").rpartition("/")[2]


def _alarm_subscription() -> str:
    return leaving.url(factories.StakeholderFactory()).rstrip("/").rpartition("/")[2]


def _check_in() -> models.Model:
    """Of a goal that only managers are left to look after."""
    people = {"owner": factories.ManagerFactory(is_active=False), "reviewer": None}
    goal = Goal.objects.latest("pk")
    Goal.objects.filter(pk=goal.pk).update(**people)
    return goal_factories.CheckInFactory(goal=goal)


OBJECTS: dict[str, Callable[[], models.Model]] = {
    "goals.action": goal_factories.ActionFactory,
    "goals.alarmleft": lambda: AlarmLeft.objects.create(stakeholder=factories.StakeholderFactory()),
    "goals.alertrule": alarm_factories.AlertRuleFactory,
    "goals.escalationchain": alarm_factories.EscalationChainFactory,
    "goals.goal": lambda: factories.GoalFactory(state="draft"),
    "goals.objective": factories.ObjectiveFactory,
    "goals.report": factories.ReportFactory,
    "goals.review": factories.ReviewFactory,
    "goals.stakeholder": factories.StakeholderFactory,
    "kpiproject.agent": lambda: Agent.objects.create(external_id="a", name="Ada"),
    "kpiproject.businesscalendar": lambda: BusinessCalendar.objects.create(name="Office"),
    "kpiproject.mail": lambda: Mail.objects.create(key="k", message_id="m", recipient="a@example.org", subject="Hello"),
    "kpiproject.organisation": organisation,
    "kpiproject.team": lambda: Team.objects.create(external_id="t", name="Tier 1"),
    "kpiproject.user": factories.StaffFactory,
    "kpiproject.webhookdelivery": lambda: webhooks.put(
        alarm_factories.WebhookTargetFactory(), key="cause", text="Hello", data={}
    ),
    "kpiproject.webhooktarget": alarm_factories.WebhookTargetFactory,
    "manual.acknowledgement": lambda: readers.confirmed(factories.StaffFactory()),
    "manual.audience": lambda: readers.audience(factories.StaffFactory()),
    "manual.feedback": lambda: readers.unclear(factories.StaffFactory()),
    "manual.follower": manual_factories.FollowerFactory,
    "manual.picture": manual_factories.picture,
    "manual.share": factories.ShareFactory,
    "manual.readingquestion": lambda: readers.question(factories.StaffFactory()),
    "manual.readingreminder": lambda: readers.reminder(factories.StaffFactory()),
    "metrics.customkpi": measure_factories.CustomKpiFactory,
    "metrics.kpioptions": lambda: KpiOptions.objects.get_or_create(pk=1)[0],
    "metrics.benchmark": measure_factories.BenchmarkFactory,
    "metrics.exchangerate": measure_factories.ExchangeRateFactory,
    "metrics.servicetarget": factories.ServiceTargetFactory,
    "surveys.answer": factories.AnswerFactory,
    "surveys.contact": factories.ContactFactory,
    "surveys.erasure": Erasure.objects.create,
    "surveys.followuproute": follow_up_factories.FollowUpRouteFactory,
    "surveys.followuprules": lambda: FollowUpRules.objects.get_or_create(pk=1)[0],
    "surveys.suppression": factories.SuppressionFactory,
    "surveys.survey": factories.SurveyFactory,
}
VALUES: dict[str, Callable[[], Any]] = {
    "/surveys/<slug>/comments/<pk>": lambda: 1,
    "/accounts/invitation/<token>": lambda: people.invitation_token(_invited_person()),
    "/accounts/password/reset/<uidb64>": lambda: "MQ",
    "/accounts/password/reset/<uidb64>/<token>": lambda: "set-password",
    "/admin/<app_label>": lambda: "kpiproject",
    "/admin/<url>": lambda: "nonsense/",
    "/admin/r/<content_type_id>": lambda: 1,
    "/admin/r/<content_type_id>/<object_id>": lambda: 1,
    "/brand/<colour>": lambda: "1f4f8f",
    "/a/<slug>": lambda: factories.SurveyFactory().slug,
    "/c/<token>": lambda: factories.EntranceFactory(kind="code").token,
    "/k/<token>": lambda: factories.EntranceFactory(kind="kiosk").token,
    "/w/<token>": lambda: _widget(factories.SurveyFactory()).token,
    "/brand/<colour>-<version>": lambda: "00000000",
    "/brand/<colour>-<version>-<logo>": lambda: "0000000000000000.png",
    "/data/imports/<pk>": lambda: _import().pk,
    "/data/imports/sample-<kind>": lambda: "tickets",
    "/kpis/<code>": lambda: "csat",
    "/setup/kpis/<code>": lambda: "csat",
    "/setup/packs/<code>": lambda: "saas",
    "/kpis/<code>/rows.<kind>": lambda: "csv",
    "/manual/<section>": lambda: factories.EditionFactory().content["sections"][0]["anchor"],
    "/manual/editions/<number>": lambda: factories.EditionFactory().number,
    "/manual/editions/<number>/plumbline-manual-<same>": lambda: Edition.objects.latest("number").number,
    "/manual/editions/<number>/today/<code>": lambda: manual_factories.card(Edition.objects.latest("number")),
    "/manual/sections/<slug>": lambda: factories.SectionFactory().slug,
    "/manual/reading/sections/<slug>": lambda: readers.published("our-promise").sections.get().slug,
    "/manual/checks/<slug>": lambda: readers.published("our-promise").sections.get().slug,
    "/manual/questions/<pk>": lambda: readers.question(factories.StaffFactory()).pk,
    "/manual/audiences/<pk>": lambda: readers.audience(factories.StaffFactory()).pk,
    "/manual/feedback/<pk>": lambda: readers.unclear(factories.StaffFactory()).pk,
    "/manual/feedback/give/<slug>": lambda: readers.published("our-promise").sections.get().slug,
    "/manual/pictures/<name>": lambda: manual_factories.picture().name,
    "/share/<token>/pictures/<name>": lambda: manual_factories.picture().name,
    "/follow/confirm/<token>": lambda: followers.confirm_token(manual_factories.FollowerFactory()),
    "/follow/leave/<token>": lambda: followers.leave_token(manual_factories.FollowerFactory()),
    "/manual/shares/<pk>": lambda: factories.ShareFactory().pk,
    "/mailbox/<name>": _letter,
    "/mailbox/<name>/attachments/<number>": lambda: 1,
    "/p/<slug>": _public_survey,
    "/people/<pk>": lambda: factories.StaffFactory().pk,
    "/alerts/<pk>": lambda: alarm_factories.AlarmFactory().pk,
    "/alerts/rules/<pk>": lambda: alarm_factories.AlertRuleFactory().pk,
    "/alerts/mail/<signed>": _alarm_link,
    "/alerts/unsubscribe/<token>": _alarm_subscription,
    "/f/<signed>": _take_link,
    "/follow-ups/<pk>": lambda: follow_up_factories.FollowUpFactory().pk,
    "/goals/<pk>": lambda: factories.GoalFactory().pk,
    "/goals/<pk>/check-ins/<check_in>": lambda: _check_in().pk,
    "/goals/<pk>/milestones/<milestone>": lambda: goal_factories.MilestoneFactory(goal=Goal.objects.latest("pk")).pk,
    "/goals/<pk>/rebase/<rebase>": lambda: recognised.rebase(Goal.objects.latest("pk")).pk,
    "/thanks/<pk>": lambda: recognised.thanks().pk,
    "/thanks/praise/<pk>": lambda: recognised.praise(factories.StaffFactory()).pk,
    "/thanks/praise/mail/<signed>": lambda: recognised.link(recognised.passed_on()),
    "/thanks/inbox/passed-on/<pk>": lambda: recognised.passed_on().pk,
    "/thanks/inbox/<answer>": lambda: recognised.happy(answered_at=timezone.now()).pk,
    "/thanks/inbox/hints/<pk>": lambda: recognised.hint().pk,
    "/reviews/<pk>": lambda: factories.ReviewFactory().pk,
    "/reviews/actions/<pk>": lambda: goal_factories.ActionFactory().pk,
    "/reviews/calendar/<token>": lambda: goal_factories.CalendarFeedFactory().token,
    "/reports/<pk>": lambda: factories.ReportFactory().pk,
    "/reports/runs/<pk>": lambda: _run().pk,
    "/reports/unsubscribe/<token>": _subscription,
    "/s/<token>": lambda: factories.InvitationFactory().token,
    "/share/<token>/clear/<anchor>": lambda: "our-promise",
    "/share/<token>": lambda: factories.ShareFactory().token,
    "/surveys/do-not-contact/<pk>": lambda: Suppression.objects.create(email="a@example.org", reason="manual").pk,
    "/surveys/<slug>": lambda: factories.SurveyFactory().slug,
    "/surveys/<slug>/ways-in/new/<kind>": lambda: "kiosk",
    "/surveys/<slug>/ways-in/<pk>": lambda: _widget(Survey.objects.latest("pk")).pk,
    "/surveys/<slug>/ways-in/<which>": lambda: "public",
    "/surveys/<slug>/edit/questions/<pk>": lambda: factories.QuestionFactory(survey=Survey.objects.latest("pk")).pk,
    "/surveys/new/<code>": lambda: "blank",
    "/surveys/<slug>/mailings/<token>": lambda: _mailing().token,
    "/surveys/<slug>/sending/<pk>": lambda: factories.RuleFactory(survey=Survey.objects.latest("id")).pk,
    "/u/<token>": lambda: factories.InvitationFactory().token,
}
