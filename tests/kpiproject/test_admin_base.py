"""What every page of the administration has: help, a history with before and after, lists with few queries."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from goals.models import Objective, Report, Review, Stakeholder
from kpiproject.admin_base import before_and_after
from kpiproject.models import Agent, Mail, Team, User, WebhookDelivery, WebhookTarget
from metrics.models import Benchmark, CustomKpi, ExchangeRate
from surveys.models import FollowUpRoute, Suppression, Survey
from tests.alarm_factories import AlertRuleFactory
from tests.factories import (
    AnswerFactory,
    ContactFactory,
    GoalFactory,
    ManagerFactory,
    ServiceTargetFactory,
    StaffFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client: Client) -> User:
    found: User = ManagerFactory(name="Mara")
    client.force_login(found)
    return found


# --- Help ---------------------------------------------------------------------------------------------------------
def fields_without_help(model_admin: Any, request: Any) -> Iterator[str]:
    if not (model_admin.has_add_permission(request) or model_admin.has_change_permission(request)):
        return
    forms = [(model_admin.opts.label, model_admin.get_form(request)())]
    for formset, inline in model_admin.get_formsets_with_inlines(request):
        given = inline.get_formset_kwargs if hasattr(inline, "get_formset_kwargs") else None
        assert given is None
        forms.append((inline.opts.label, formset.form.base_fields))
    for label, form in forms:
        fields = form if isinstance(form, dict) else form.fields
        for name, field in fields.items():
            if not field.help_text and not field.widget.is_hidden:
                yield f"{label}.{name}"


def test_every_field_that_somebody_types_in_has_help(manager: User) -> None:
    request = RequestFactory().get("/")
    request.user = manager
    registered = admin.site._registry.values()
    bare = [name for one in registered for name in fields_without_help(one, request)]
    days = tuple(f"kpiproject.BusinessCalendar.{day}" for day in ("mon", "tue", "wed", "thu", "fri", "sat"))
    rows = ("metrics.CustomKpi.filter_", "metrics.CustomKpi.part_", "goals.Goal.milestone-")
    helped_by_their_heading = (*rows, *days)
    assert [name for name in bare if not name.startswith(helped_by_their_heading)] == []


# --- History ------------------------------------------------------------------------------------------------------
def changes(client: Client, address: str) -> list[list[list[str]]]:
    page = client.get(address)
    assert page.status_code == 200
    return [entry.before_and_after for entry in page.context["action_list"]]


def test_a_change_is_told_with_before_and_after(client: Client, manager: User) -> None:
    objective = Objective.objects.create(name="Loyal <b>customers</b>", description="Why")
    given = {"name": "They come back", "description": "", "is_active": ""}
    client.post(f"/admin/goals/objective/{objective.pk}/change/", given)
    address = f"/admin/goals/objective/{objective.pk}/history/"
    assert changes(client, address) == [
        [
            ["Name", "Loyal <b>customers</b>", "They come back"],
            ["Description", "Why", "–"],
            ["Active", "yes", "no"],
        ]
    ]
    page = client.get(address).content.decode()
    assert "<del>Loyal &lt;b&gt;customers&lt;/b&gt;</del>" in page
    assert "Mara" in page


def test_rows_of_another_kind_are_told_by_their_words(client: Client, manager: User) -> None:
    jon, ada = StaffFactory(name="Jon"), ManagerFactory(name="Ada")
    review = Review.objects.create(title="Monthly", on=date(2099, 1, 5), owner=manager)
    review.participants.add(jon)
    given = {"title": "Monthly", "on": "2099-02-02", "cadence": "monthly", "owner": ada.pk, "participants": [ada.pk]}
    client.post(
        f"/admin/goals/review/{review.pk}/change/", given | {"remind_days": 3, "agenda": "", "state": "planned"}
    )
    (found,) = changes(client, f"/admin/goals/review/{review.pk}/history/")
    assert {name: (before, after) for name, before, after in found} == {
        "Date": ("5 Jan 2099", "2 Feb 2099"),
        "Repeated": ("once", "every month"),
        "Led by": ("Mara", "Ada"),
        "Also invited": ("Jon", "Ada"),
    }


def test_what_must_be_gone_once_it_is_deleted_is_not_kept(client: Client, manager: User) -> None:
    reader = Stakeholder.objects.create(name="Grace Hopper", email="grace@example.com")
    given = {"name": "Somebody", "email": "new@example.com", "note": "Head of sales", "rhythm": ""}
    client.post(f"/admin/goals/stakeholder/{reader.pk}/change/", given)
    (entry,) = LogEntry.objects.all()
    for secret in ("Grace", "grace@", "Somebody", "new@", "Head of sales"):
        assert secret not in entry.change_message
    assert changes(client, f"/admin/goals/stakeholder/{reader.pk}/history/") == [[["Active", "yes", "no"]]]


@pytest.mark.parametrize(
    "message", ["", "Closed: achieved.", "[]", "null", '["x"]', '[{"changed": {"fields": ["Name"]}}]']
)
def test_what_others_wrote_into_the_history_has_no_before(message: str) -> None:
    assert before_and_after(LogEntry(change_message=message)) == []


def test_where_nobody_has_changed_anything_the_history_says_so(client: Client, manager: User) -> None:
    objective = Objective.objects.create(name="Loyal")
    page = client.get(f"/admin/goals/objective/{objective.pk}/history/").content.decode()
    assert "Nobody has changed it in the administration yet." in page


# --- Switching ----------------------------------------------------------------------------------------------------
def switch(client: Client, address: str, action: str, *rows: Any) -> list[str]:
    answer = client.post(address, {"action": action, "_selected_action": [row.pk for row in rows]}, follow=True)
    return [str(message) for message in answer.context["messages"]]


def test_several_are_switched_and_only_those_that_stand_otherwise(client: Client, manager: User) -> None:
    on, off = Objective.objects.create(name="On"), Objective.objects.create(name="Off", is_active=False)
    assert switch(client, "/admin/goals/objective/", "switch_off", on, off) == ["1 is switched off."]
    assert Objective.objects.filter(is_active=True).count() == 0
    (entry,) = LogEntry.objects.filter(action_flag=CHANGE)
    assert (entry.object_id, entry.change_message) == (str(on.pk), "Switched off.")
    assert switch(client, "/admin/goals/objective/", "switch_on", on, off) == ["2 are switched on."]


def test_a_report_without_readers_stays_off(client: Client, manager: User) -> None:
    report = Report.objects.create(name="Weekly", owner=manager, is_active=False)
    assert switch(client, "/admin/goals/report/", "switch_on", report) == [
        "Weekly: It has nobody who is active to be sent to.",
        "0 are switched on.",
    ]
    report.people.add(manager)
    assert switch(client, "/admin/goals/report/", "switch_on", report) == ["1 is switched on."]
    report.refresh_from_db()
    assert report.is_active
    assert report.next_due is not None
    assert switch(client, "/admin/goals/report/", "delete_selected", report) != []
    assert Report.objects.exists()


def test_a_service_target_gets_a_new_version_when_it_is_switched(client: Client, manager: User) -> None:
    target = ServiceTargetFactory()
    switch(client, "/admin/metrics/servicetarget/", "switch_off", target)
    target.refresh_from_db()
    assert (target.is_active, target.version, target.earlier.count()) == (False, 2, 1)


# --- Lists --------------------------------------------------------------------------------------------------------
def objective(number: int) -> None:
    GoalFactory(objective=Objective.objects.create(name=f"Objective {number}"))


def team(number: int) -> None:
    made = Team.objects.create(name=f"Team {number}", source="desk", external_id=str(number))
    Agent.objects.create(name=f"Agent {number}", source="desk", external_id=str(number), team=made)


def webhook(number: int) -> None:
    made = WebhookTarget.objects.create(name=f"Hook {number}", kind="signed", url="https://example.com/")
    WebhookDelivery.objects.create(target=made, key=str(number), payload={})


def route(number: int) -> None:
    FollowUpRoute.objects.create(position=number, owner=StaffFactory(), survey=Survey.objects.first())


def letter(number: int) -> None:
    Mail.objects.create(key=str(number), message_id=str(number), sender="a@example.org", recipient="b@example.org")


def benchmark(number: int) -> None:
    Benchmark.objects.create(kpi="csat", low=80, source=f"Source {number}", as_of=date(2026, 1, 1))


def own_kpi(number: int) -> None:
    CustomKpi.objects.create(code=f"custom_{number}", name=f"Own {number}", frame="tickets", at="created_at")


LISTS: dict[str, Any] = {
    "goals/objective": objective,
    "goals/review": lambda number: Review.objects.create(title="R", on=date(2026, 1, 5), owner=StaffFactory()),
    "goals/report": lambda number: Report.objects.create(name=f"Report {number}", owner=StaffFactory()),
    "goals/stakeholder": lambda number: Stakeholder.objects.create(name="S", email=f"{number}@example.org"),
    "goals/alertrule": lambda number: AlertRuleFactory(),
    "kpiproject/team": team,
    "kpiproject/agent": team,
    "kpiproject/user": lambda number: StaffFactory(),
    "kpiproject/webhooktarget": webhook,
    "kpiproject/webhookdelivery": webhook,
    "kpiproject/mail": letter,
    "metrics/benchmark": benchmark,
    "metrics/customkpi": own_kpi,
    "metrics/exchangerate": lambda number: ExchangeRate.objects.create(
        currency="USD", valid_from=date(2026, 1, 1 + number), rate=1
    ),
    "metrics/servicetarget": lambda number: ServiceTargetFactory(),
    "surveys/survey": lambda number: Survey.objects.create(name="S", slug=f"s-{number}", owner=StaffFactory()),
    "surveys/contact": lambda number: ContactFactory(),
    "surveys/suppression": lambda number: Suppression.objects.create(email=f"{number}@example.org", reason="manual"),
    "surveys/answer": lambda number: AnswerFactory(),
    "surveys/followuproute": route,
}


@pytest.mark.parametrize("name", LISTS)
def test_lists_take_the_same_queries_for_one_row_and_for_three(client: Client, manager: User, name: str) -> None:
    address, make = f"/admin/{name}/", LISTS[name]
    make(0)
    client.get(address)  # fills caches of the process
    counts = []
    for numbers in ((), (1, 2)):
        for number in numbers:
            make(number)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert client.get(address, {"q": "x"}).status_code == 200
