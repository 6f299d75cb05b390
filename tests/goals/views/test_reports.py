"""The pages of reports: what goes out when, to whom, and what went out."""

import html
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from time_machine import travel

from goals import report_unsubscribe, reports
from goals.models import Report, ReportRun
from kpiproject.lib.periods import Period
from kpiproject.models import Mail
from tests.factories import (
    GoalFactory,
    ManagerFactory,
    ReportFactory,
    ReportItemFactory,
    StaffFactory,
    StakeholderFactory,
)
from tests.goals.measured import weeks

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 6, 1, 8, tzinfo=UTC)
WEEK = Period(date(2026, 5, 25), date(2026, 6, 1), "UTC")


@pytest.fixture(autouse=True)
def _on_monday() -> Iterator[None]:
    with travel(MONDAY, tick=False):
        yield


@pytest.fixture
def manager(client: Client) -> Client:
    client.force_login(ManagerFactory(email="maren@example.com", name="Maren"))
    return client


@pytest.fixture
def report() -> Report:
    weeks("csat", [80.0, 90.0])
    made = ReportFactory(name="Service", people=[StaffFactory(email="ann@example.com", name="Ann")])
    made.next_due = MONDAY + timedelta(days=7)
    made.save()
    ReportItemFactory(report=made, kpi="csat", has_chart=True)
    return made


def words(response: HttpResponse) -> str:
    """What stands on the page, with one space between words."""
    text = re.sub(r"<(script|style|svg).*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]*>", " ", text).replace("\u00a0", " ").split())


def said(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_the_list_says_when_and_about_which_week(manager: Client, report: Report) -> None:
    page = words(manager.get("/reports/"))
    assert "Service every Monday at 08:00 Mon 8 Jun 2026, 08:00 about 1–7 Jun 2026 1 not yet" in page


def test_the_list_without_reports(manager: Client) -> None:
    assert "No reports yet" in words(manager.get("/reports/"))


def test_the_list_shows_how_the_last_one_went(manager: Client, report: Report) -> None:
    run = reports.produce(report, WEEK)
    assert "25–31 May 2026 1 waiting" in words(manager.get("/reports/"))
    run.deliveries.get().mail.delete()
    report.people.clear()
    ReportRun.objects.filter(pk=run.pk).update(problem="Nobody got it.")
    assert "nobody 25–31 May 2026 1 no mail Nobody got it." in words(manager.get("/reports/"))


def test_queries_of_the_list_do_not_grow(manager: Client, report: Report) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert manager.get("/reports/").status_code == 200
        return len(queries)

    reports.produce(report, WEEK)
    cost()
    one = cost()
    for number in range(2):
        more = ReportFactory(people=[StaffFactory()], stakeholders=[StakeholderFactory()], name=f"More {number}")
        reports.produce(more, WEEK)
    assert cost() == one


def test_a_report_with_its_figures_dates_and_runs(manager: Client, report: Report) -> None:
    reports.produce(report, WEEK)
    page = words(manager.get(f"/reports/{report.pk}/"))
    for expected in (
        "every Monday at 08:00 · UTC · owned by",
        "What it contains Customer satisfaction (CSAT) chart And every active goal.",
        "1 recipient Ann ann@example.com",
        "Mon 8 Jun 2026, 08:00 1–7 Jun 2026 Mon 15 Jun 2026, 08:00 8–14 Jun 2026 Mon 22 Jun 2026, 08:00",
        "25–31 May 2026 1 Jun 2026, 08:00 1 waiting",
        "The report about 25–31 May 2026 was written already; nobody gets it twice.",
    ):
        assert expected in page


def test_a_report_to_nobody_says_so(manager: Client, report: Report) -> None:
    report.people.clear()
    assert "There is no recipient who is active, so nobody would get this report." in words(
        manager.get(f"/reports/{report.pk}/")
    )


@pytest.mark.parametrize("path", ["/reports/99/", "/reports/99/preview/", "/reports/runs/99/"])
def test_what_does_not_exist(manager: Client, path: str) -> None:
    assert manager.get(path).status_code == 404


def test_the_preview_sends_nothing(manager: Client, report: Report) -> None:
    page = manager.get(f"/reports/{report.pk}/preview/")
    assert "Service: 25–31 May 2026" in words(page)
    assert (Mail.objects.count(), ReportRun.objects.count()) == (0, 0)


def test_the_preview_is_caged(manager: Client, report: Report) -> None:
    found = manager.get(f"/reports/{report.pk}/preview/mail/")
    policy = dict(part.strip().split(" ", 1) for part in found["Content-Security-Policy"].split(";"))
    assert (policy["default-src"], policy["img-src"], policy["frame-ancestors"]) == ("'none'", "data:", "'self'")
    assert policy["sandbox"] == "allow-popups allow-popups-to-escape-sandbox"
    assert "cid:" not in found.content.decode()
    assert 'src="data:image/png;base64,' in found.content.decode()


def test_the_preview_for_stakeholders_has_no_links_inside(manager: Client, report: Report) -> None:
    inside = manager.get(f"/reports/{report.pk}/preview/mail/").content.decode()
    outside = manager.get(f"/reports/{report.pk}/preview/mail/?for=stakeholders").content.decode()
    assert ("/kpis/csat/" in inside, "/kpis/csat/" in outside, "unsubscribe" in outside) == (True, False, True)


def test_a_test_mail_goes_to_whoever_asks(manager: Client, report: Report) -> None:
    response = manager.post(f"/reports/{report.pk}/test-mail/")
    assert (response["Location"], said(response)) == (
        f"/reports/{report.pk}/",
        ["A test mail to maren@example.com is on its way."],
    )
    assert [mail.recipient for mail in Mail.objects.all()] == ["maren@example.com"]
    assert not report.runs.exists()


def test_sending_now_counts_for_the_week(manager: Client, report: Report) -> None:
    response = manager.post(f"/reports/{report.pk}/send/")
    run = report.runs.get()
    assert (response["Location"], said(response)) == (
        f"/reports/runs/{run.pk}/",
        ["The report about 25–31 May 2026 is on its way."],
    )
    again = manager.post(f"/reports/{report.pk}/send/")
    assert said(again)[-1] == "The report about 25–31 May 2026 was sent already; nobody gets it twice."
    assert Mail.objects.count() == 1


def test_sending_to_nobody_is_refused(manager: Client, report: Report) -> None:
    report.people.clear()
    response = manager.post(f"/reports/{report.pk}/send/")
    assert said(response) == ["There is no recipient who is active. Choose one first."]
    assert not report.runs.exists()


def test_a_run_leads_from_each_figure_to_why_it_is_what_it_is(manager: Client, report: Report) -> None:
    run = reports.send_now(report)
    text = manager.get(reverse("goals:report_run", args=[run.pk])).content.decode()
    (url,) = re.findall(r'<a href="([^"]+#why)"', text)
    assert url == "/kpis/csat/?from=2026-05-25&amp;to=2026-06-01#why"
    assert 'id="why"' in manager.get(html.unescape(url)).content.decode()


def test_a_run_shows_what_was_frozen(manager: Client, report: Report) -> None:
    run = reports.produce(report, WEEK)
    weeks("csat", [10.0], of=("channel", "chat"))
    page = words(manager.get(f"/reports/runs/{run.pk}/"))
    for expected in (
        "Customer satisfaction (CSAT) 90.0 % +10.0 points better; before: 80.0 %",
        "95 % interval 82.6 % to 94.5 % · 100 answers",
        "Ann ann@example.com waiting",
        "Customer satisfaction (CSAT), the last 13 weeks",
        "There were no active goals.",
    ):
        assert expected in page


def test_a_failed_mail_can_be_sent_again(manager: Client, report: Report) -> None:
    delivery = reports.produce(report, WEEK).deliveries.get()
    Mail.objects.update(state="failed", error="The mail server refused the mail: 550 no")
    page = words(manager.get(f"/reports/runs/{delivery.run_id}/"))
    assert "failed The mail server refused the mail: 550 no Send again to ann@example.com" in page
    response = manager.post(f"/reports/runs/{delivery.run_id}/send-again/", {"delivery": delivery.pk})
    assert said(response) == ["The mail to ann@example.com is on its way again."]
    assert Mail.objects.get().state == "queued"


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("", "Choose one of the mails on this page."),
        ("x", "Choose one of the mails on this page."),
        ("999", "Choose one of the mails on this page."),
        ("9" * 19, "Choose one of the mails on this page."),
        ("9" * 5000, "Choose one of the mails on this page."),
        ("٣", "Choose one of the mails on this page."),
        (
            None,
            "Only a mail that failed or was not confirmed, and still has its text, can be sent again.",
        ),
    ],
)
def test_only_what_failed_is_sent_again(manager: Client, report: Report, given: str | None, sentence: str) -> None:
    delivery = reports.produce(report, WEEK).deliveries.get()
    number = delivery.pk if given is None else given
    response = manager.post(f"/reports/runs/{delivery.run_id}/send-again/", {"delivery": number})
    assert said(response) == [sentence]


def test_a_delivery_of_another_run_is_not_sent_from_here(manager: Client, report: Report) -> None:
    run = reports.produce(report, WEEK)
    other = reports.produce(report, WEEK.previous()).deliveries.get()
    Mail.objects.update(state="failed")
    response = manager.post(f"/reports/runs/{run.pk}/send-again/", {"delivery": other.pk})
    assert said(response) == ["Choose one of the mails on this page."]


# --- Leaving
def test_looking_at_the_link_changes_nothing_and_pressing_the_button_does(client: Client, report: Report) -> None:
    stakeholder = StakeholderFactory(email="bea@example.net")
    report.stakeholders.add(stakeholder)
    path = report_unsubscribe.url(report.pk, stakeholder.pk).removeprefix("http://localhost:8000")
    with travel(MONDAY + timedelta(days=3650), tick=False):  # it never expires
        looked = client.get(path)
        assert "My organisation will then no longer send the report “Service” to bea@example.net." in words(looked)
        assert report.stakeholders.count() == 1
        done = Client(enforce_csrf_checks=True).post(path)
    assert "My organisation no longer sends the report “Service” to bea@example.net." in words(done)
    assert (done.status_code, done.cookies, report.stakeholders.count()) == (200, {}, 0)
    assert "You will no longer get this report" in words(client.get(path))


@pytest.mark.parametrize("token", ["nonsense", "WzEsMV0:1xVSAu:I10KN2mUo5z6nYMMITLVCKHy6ZDqRE0uCIo4i33MnLA"])
def test_a_link_that_was_changed(client: Client, token: str) -> None:
    for response in (client.get(f"/reports/unsubscribe/{token}/"), client.post(f"/reports/unsubscribe/{token}/")):
        assert response.status_code == 404
        assert "This link does not lead anywhere" in words(response)


def test_a_link_to_a_report_that_is_gone(client: Client, report: Report) -> None:
    path = reverse("goals:report_unsubscribe", args=[report_unsubscribe.url(report.pk, 77).split("/")[-2]])
    assert client.get(path).status_code == 404


def test_the_page_says_who_has_left_and_lets_them_back_in_by_a_button(manager: Client, report: Report) -> None:
    stakeholder = StakeholderFactory(name="Bea", email="bea@example.net")
    report.stakeholders.add(stakeholder)
    report_unsubscribe.leave(report_unsubscribe.Subscription(report=report, stakeholder=stakeholder))
    page = words(manager.get(f"/reports/{report.pk}/"))
    assert "Have left by themselves Bea bea@example.net, 1 Jun 2026 Send it again Only if they asked for it." in page
    path = f"/reports/{report.pk}/readmit/"
    for wrong in ("", "x", "999", "9" * 19, "9" * 5000):
        assert said(manager.post(path, {"left": wrong}))[-1] == "Choose one of those who have left."
    assert said(manager.post(path, {"left": report.left.get().pk}))[-1] == "Bea gets the report again."
    assert [one.email for one in reports.recipients(Report.objects.get())] == ["ann@example.com", "bea@example.net"]
    assert "Have left" not in words(manager.get(f"/reports/{report.pk}/"))


def test_a_test_mail_to_an_address_that_cannot_be_used(client: Client, report: Report) -> None:
    client.force_login(ManagerFactory(email="bad address"))
    response = client.post(f"/reports/{report.pk}/test-mail/")
    assert said(response) == ["'bad address' is not an e-mail address."]
    assert not Mail.objects.exists()


@pytest.mark.parametrize("digits", [18, 19, 30, 5000])
def test_numbers_without_end_lead_nowhere_and_break_nothing(manager: Client, report: Report, digits: int) -> None:
    number = "9" * digits
    assert manager.get(f"/reports/?page={number}").status_code == 200
    assert manager.get(f"/reports/{report.pk}/?page={number}").status_code == 200
    paths = (f"/reports/{number}/", f"/reports/runs/{number}/", f"/reviews/{number}/", f"/reviews/actions/{number}/")
    assert {manager.get(path).status_code for path in paths} == {404}
    goal = GoalFactory()
    posts = (f"/thanks/{number}/hide/", f"/thanks/inbox/passed-on/{number}/", f"/thanks/praise/{number}/share/")
    answer = {"answer": "share"}
    found = [manager.post(path, answer).status_code for path in posts]
    found.append(manager.post(f"/goals/{goal.pk}/check-ins/{number}/acknowledge/").status_code)
    assert set(found) == {404}
