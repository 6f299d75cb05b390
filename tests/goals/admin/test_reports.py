"""Reports and stakeholders in the administration: what is refused, and when the next one is due."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from time_machine import Traveller, travel

from goals import report_unsubscribe, reports
from goals.models import Report, Stakeholder
from kpiproject.models import User
from tests.factories import ManagerFactory, ReportFactory, ReportItemFactory, StaffFactory, StakeholderFactory
from tests.goals.measured import weeks

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 6, 1, 9, tzinfo=UTC)
NOBODY = "Choose somebody who is active to send the report to, or switch it off until you have."


@pytest.fixture(autouse=True)
def clock() -> Iterator[Traveller]:
    with travel(MONDAY, tick=False) as found:
        yield found


@pytest.fixture
def manager() -> User:
    return ManagerFactory(email="maren@example.com", name="Maren")


@pytest.fixture
def site(client: Client, manager: User) -> Client:
    weeks("csat", [80.0])
    weeks("csat", [80.0], of=("channel", "chat"))
    weeks("csat", [80.0], of=("agent", "ada"))
    client.force_login(manager)
    return client


def given(manager: User, *items: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """What the browser sends: by default an active report to its owner, with the goals."""
    fields: dict[str, Any] = {"name": "Service", "owner": manager.pk, "weekday": 0, "at": "08:00"}
    fields |= {"people": [manager.pk], "includes_goals": "on", "is_active": "on"} | changes
    fields |= {"items-TOTAL_FORMS": len(items), "items-INITIAL_FORMS": sum("id" in item for item in items)}
    for number, item in enumerate(items):
        fields |= {f"items-{number}-{name}": value for name, value in ({"position": number} | item).items()}
    return {name: value for name, value in fields.items() if value is not None}


def add(site: Client, fields: dict[str, Any]) -> Any:
    return site.post(reverse("admin:goals_report_add"), fields)


def change(site: Client, report: Report, fields: dict[str, Any]) -> Any:
    return site.post(reverse("admin:goals_report_change", args=[report.pk]), fields, follow=True)


def errors(response: Any) -> list[str]:
    """Whatever stands in red."""
    assert response.status_code == 200
    context = response.context
    formset = context["inline_admin_formsets"][0].formset
    found = [*context["adminform"].form.errors.values(), formset.non_form_errors()]
    found += [error for form in formset.forms for error in form.errors.values()]
    return [str(sentence) for group in found for sentence in group]


def told(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def test_a_report_with_figures(site: Client, manager: User) -> None:
    items = [{"kpi": "csat", "has_chart": "on"}, {"kpi": "csat", "scope": "channel=chat"}]
    response = add(site, given(manager, *items))
    report = Report.objects.get()
    assert response.status_code == 302
    assert list(report.items.values_list("kpi", "dimension", "member", "has_chart")) == [
        ("csat", "", "", True),
        ("csat", "channel", "chat", False),
    ]
    assert (report.next_due, list(report.people.all())) == (datetime(2026, 6, 8, 8, tzinfo=UTC), [manager])


@pytest.mark.parametrize(
    ("items", "sentence"),
    [
        ([{"kpi": "moon"}], "“moon” is not a KPI."),
        ([{"kpi": "csat", "scope": "channel=fax"}], "“channel=fax” does not occur in any figure."),
        (
            [{"kpi": "nps", "scope": "channel=chat"}],
            "“Net Promoter Score (NPS)” has no figures for “channel: chat”, nor for any other.",
        ),
        ([{"kpi": "csat"}, {"kpi": "csat"}], "“Customer satisfaction (CSAT)” is chosen twice for the same."),
        (
            [{"kpi": code, "has_chart": "on"} for code in ("csat", "nps", "ces", "backlog", "ticket_volume")],
            "A report has 4 charts at most, so that the mail stays small; these are 5.",
        ),
    ],
)
def test_figures_that_are_refused(site: Client, manager: User, items: list[dict[str, Any]], sentence: str) -> None:
    assert errors(add(site, given(manager, *items))) == [sentence]
    assert not Report.objects.exists()


def test_a_report_about_nothing_is_refused(site: Client, manager: User) -> None:
    sentence = "Choose at least one figure, or let the report contain the goals."
    assert errors(add(site, given(manager, includes_goals=None))) == [sentence]
    assert add(site, given(manager)).status_code == 302


@pytest.mark.parametrize("reader", ["nobody", "somebody who left"])
def test_an_active_report_needs_somebody_who_gets_it(site: Client, manager: User, reader: str) -> None:
    gone = StakeholderFactory(is_active=False)
    changes = {"people": [], "stakeholders": [gone.pk] if reader != "nobody" else []}
    assert errors(add(site, given(manager, **changes))) == [NOBODY]
    assert add(site, given(manager, **changes, is_active=None)).status_code == 302
    assert Report.objects.get().next_due is None


def test_figures_of_agents_and_stakeholders_do_not_go_together(site: Client, manager: User) -> None:
    item = {"kpi": "csat", "scope": "agent=ada"}
    outsider = StakeholderFactory()
    assert errors(add(site, given(manager, item, stakeholders=[outsider.pk]))) == [
        "Figures of single agents are nothing for stakeholders: remove those figures, or the stakeholders."
    ]
    assert add(site, given(manager, item)).status_code == 302


def test_a_kpi_that_is_gone_can_be_seen_and_replaced(site: Client, manager: User) -> None:
    report = ReportFactory(people=[manager])
    item = ReportItemFactory(report=report, kpi="gone")
    row = {"id": item.pk, "report": report.pk, "kpi": "gone"}
    assert errors(change(site, report, given(manager, row))) == [
        "The KPI “gone” no longer exists; choose another one or remove it."
    ]
    assert change(site, report, given(manager, row | {"kpi": "csat"})).redirect_chain
    assert report.items.get().kpi == "csat"


def test_another_day_is_told_and_sends_no_week_twice(site: Client, manager: User, clock: Traveller) -> None:
    report = ReportFactory(people=[manager], next_due=datetime(2026, 6, 1, 8, tzinfo=UTC))
    ReportItemFactory(report=report, kpi="csat")
    reports.produce_due(report.pk)
    clock.shift(timedelta(days=1))
    response = change(site, report, given(manager, weekday=3))
    assert told(response)[0] == "The next report, about 1–7 Jun 2026, is sent on 11 Jun 2026, 08:00."
    report.refresh_from_db()
    assert report.next_due == datetime(2026, 6, 11, 8, tzinfo=UTC)


def test_a_week_that_another_day_would_leave_out_is_sent_now(site: Client, manager: User) -> None:
    report = ReportFactory(people=[manager], weekday=2, next_due=datetime(2026, 6, 3, 8, tzinfo=UTC))
    response = change(site, report, given(manager))
    assert told(response)[0] == "The report about 25–31 May 2026 is still to come and is sent now."
    assert reports.due_ids(MONDAY) == [report.pk]


def test_switched_off_and_on_again_begins_with_the_next_date(site: Client, manager: User, clock: Traveller) -> None:
    report = ReportFactory(people=[manager], next_due=datetime(2026, 6, 8, 8, tzinfo=UTC))
    change(site, report, given(manager, is_active=None))
    clock.move_to(datetime(2026, 6, 10, 8, tzinfo=UTC))
    change(site, report, given(manager))
    report.refresh_from_db()
    assert report.next_due == datetime(2026, 6, 15, 8, tzinfo=UTC)


def test_a_report_that_was_sent_cannot_be_deleted(site: Client, manager: User) -> None:
    sent, unsent = ReportFactory(people=[manager]), ReportFactory()
    reports.produce(sent, reports.last_complete_week(sent))
    for report, status in ((sent, 403), (unsent, 302)):
        path = reverse("admin:goals_report_delete", args=[report.pk])
        assert site.post(path, {"post": "yes"}).status_code == status


def test_only_active_people_are_offered_and_whoever_is_chosen(site: Client, manager: User) -> None:
    left, chosen = StaffFactory(is_active=False), StaffFactory(is_active=False)
    report = ReportFactory(people=[chosen], owner=manager)
    form = site.get(reverse("admin:goals_report_change", args=[report.pk])).context["adminform"].form
    offered = set(form.fields["people"].queryset)
    assert (manager in offered, chosen in offered, left in offered) == (True, True, False)


def test_an_address_is_known_whatever_its_capitals(site: Client) -> None:
    StakeholderFactory(email="bea@example.net")
    path = reverse("admin:goals_stakeholder_add")
    response = site.post(path, {"name": "Bea", "email": "BEA@example.net", "is_active": "on"})
    assert response.context["adminform"].form.errors == {
        "email": ["Stakeholder with this E-mail address already exists."]
    }
    assert Stakeholder.objects.count() == 1


def test_queries_of_the_form_do_not_grow_with_its_figures(site: Client, manager: User) -> None:
    report = ReportFactory(people=[manager])
    ReportItemFactory(report=report, kpi="csat")

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            site.get(reverse("admin:goals_report_change", args=[report.pk]))
        return len(queries)

    cost()
    one = cost()
    for code in ("nps", "ces"):
        ReportItemFactory(report=report, kpi=code)
    assert cost() == one


def test_a_form_that_was_open_when_somebody_left_does_not_undo_it(site: Client, manager: User) -> None:
    stakeholder = StakeholderFactory(name="Bea")
    report = ReportFactory(people=[manager], stakeholders=[stakeholder])
    report_unsubscribe.leave(report_unsubscribe.Subscription(report=report, stakeholder=stakeholder))
    response = change(site, report, given(manager, stakeholders=[stakeholder.pk], name="New"))
    assert errors(response) == [
        "Bea left this report. Untick them here; if they want it again, its page lets them back in."
    ]
    assert "Have left this report by themselves: Bea." in response.content.decode()
    assert not report.stakeholders.exists()
    assert change(site, report, given(manager)).redirect_chain
