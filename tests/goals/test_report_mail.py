"""The mail: the same numbers in HTML and in plain text, pictures that are drawn once, nothing inside for outsiders."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from time_machine import travel

from goals import report_mail, report_unsubscribe, reports
from goals.models import Goal, Report
from goals.report_content import Content
from goals.report_mail import Recipient
from kpiproject import mail
from kpiproject.lib import charts
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
from tests.goals.measured import house, rollup, weeks

pytestmark = pytest.mark.django_db
WEEK = Period(date(2026, 5, 25), date(2026, 6, 1), "UTC")
BASE = "http://localhost:8000"
TEXT = (
    "Service\n"
    "25–31 May 2026\n"
    "compared with 18–24 May 2026 · time zone UTC\n"
    "\n"
    "Better: Customer satisfaction (CSAT)\n"
    "\n"
    "\n"
    "FIGURES\n"
    "\n"
    "Customer satisfaction (CSAT): 90.5 %\n"
    "  +16.5 points, better; before: 74.0 %\n"
    "  95 % interval 85.6 % to 93.8 % · 200 answers\n"
    "  Customer satisfaction (CSAT), the last 13 weeks: lowest 70.0 % in the week from 4 May, "
    "highest 90.5 % in the week from 25 May, 90.5 % in the week from 25 May.\n"
    f"  {BASE}/kpis/csat/?from=2026-05-25&to=2026-06-01\n"
    "\n"
    "Ticket volume: 1,234\n"
    "  +1,234, before: 0\n"
    f"  {BASE}/kpis/ticket_volume/?from=2026-05-25&to=2026-06-01\n"
    "\n"
    "Customer satisfaction (CSAT), agent: ada: 90.0 %\n"
    "  95 % interval 76.9 % to 96.0 % · 40 answers\n"
    f"  {BASE}/kpis/csat/?from=2026-05-25&to=2026-06-01&where=agent%3Dada\n"
    "\n"
    "Net Promoter Score (NPS): no data\n"
    f"  {BASE}/kpis/nps/?from=2026-05-25&to=2026-06-01\n"
    "\n"
    "\n"
    f"GOALS  {BASE}/goals/\n"
    "\n"
    f"1 goal of which there is no news, on the page “Goals”: {BASE}/goals/\n"
    "\n"
    "\n"
    "“May be chance” stands where the figure of the week before lies within this week’s 95 % interval, "
    "and where numbers differ by no more than such numbers do by chance.\n"
    "All figures as they were on 1 Jun 2026, 08:00 (UTC).\n"
    "\n"
    "--\n"
    "You are a recipient of the report “Service”. Maren can change that.\n"
    "Fernweh, Way 1, Town\n"
)
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")


class _Seen(HTMLParser):
    """What a reader sees or hears of the body: its text, and the alternatives of pictures."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.links: list[str] = []
        self._skipped = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._skipped += tag in ("head", "style")
        given = dict(attrs)
        self.parts.append(given.get("alt") or "")
        self.links += [given["href"] or ""] if tag == "a" else []

    def handle_endtag(self, tag: str) -> None:
        self._skipped -= tag in ("head", "style")

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self.parts.append(data)


def seen(html: str) -> _Seen:
    parser = _Seen()
    parser.feed(html)
    return parser


@pytest.fixture(autouse=True)
def _on_monday() -> Iterator[None]:
    with travel(datetime(2026, 6, 1, 8, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def report() -> Report:
    house(name="Fernweh", postal_address="Way 1, Town")
    weeks("csat", [70.0, 81.0, 74.0, 90.5], n=200)
    rollup("csat", date(2026, 5, 26), whole=40, part=36, of=("agent", "ada"))
    rollup("ticket_volume", date(2026, 5, 26), whole=1234)
    owner = ManagerFactory(email="maren@example.com", name="Maren")
    made = ReportFactory(name="Service", owner=owner, stakeholders=[StakeholderFactory(email="bea@example.net")])
    made.people.add(StaffFactory(email="ann@example.com", name="Ann"))
    ReportItemFactory(report=made, position=1, kpi="csat", has_chart=True)
    ReportItemFactory(report=made, position=2, kpi="ticket_volume")
    ReportItemFactory(report=made, position=3, kpi="csat", dimension="agent", member="ada")
    ReportItemFactory(report=made, position=4, kpi="nps")
    GoalFactory(statement="Nine of ten are satisfied")
    return made


def mail_to(report: Report, email: str) -> Mail:
    return reports.produce(report, WEEK).deliveries.get(email=email).mail


def test_the_text_part_word_by_word(report: Report) -> None:
    assert mail_to(report, "ann@example.com").text.replace("\u00a0", " ") == TEXT


@pytest.mark.parametrize("email", ["ann@example.com", "bea@example.net"])
def test_every_number_of_the_html_stands_in_the_text(report: Report, email: str) -> None:
    found = mail_to(report, email)
    numbers = set(_NUMBER.findall(" ".join(seen(found.html).parts)))
    assert len(numbers) > 10
    assert numbers - set(_NUMBER.findall(found.text)) == set()


def test_outsiders_find_no_way_in_and_nothing_about_agents(report: Report) -> None:
    GoalFactory(statement="Ada answers sooner", dimension="agent", member="ada", status=Goal.Status.AT_RISK)
    found = mail_to(report, "bea@example.net")
    unsubscribe = found.headers["List-Unsubscribe"].strip("<>")
    assert seen(found.html).links == [unsubscribe]
    assert [word for word in ("ada", "Ada", "/kpis/", "/goals/") if word in found.html + found.text] == []
    inside = mail_to(report, "ann@example.com")
    assert ("Ada answers sooner" in inside.text, "agent: ada" in inside.text) == (True, True)


def test_stakeholders_leave_by_one_click_and_people_ask_the_owner(report: Report) -> None:
    outside, inside = mail_to(report, "bea@example.net"), mail_to(report, "ann@example.com")
    assert outside.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert inside.headers == {}
    address = outside.headers["List-Unsubscribe"].strip("<>")
    assert address in outside.text
    assert Client().post(address.removeprefix("http://localhost:8000")).status_code == 200
    assert not report.stakeholders.exists()


def test_a_chart_is_drawn_once_for_all_recipients(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[Any] = []
    draw = charts.to_mail_png

    def noted(spec: charts.Spec) -> bytes:
        drawn.append(spec)
        return draw(spec)

    monkeypatch.setattr("kpiproject.lib.charts.to_mail_png", noted)
    run = reports.produce(report, WEEK)
    (file,) = {file for delivery in run.deliveries.all() for file in delivery.mail.files.all()}
    assert (len(drawn), file.content_type, bytes(file.content[:4])) == (1, "image/png", b"\x89PNG")
    assert len(file.content) < 40_000
    assert [f'src="cid:{file.content_id}"' in mail.html for mail in Mail.objects.all()] == [True, True]


def test_a_skipped_figure_takes_its_picture_with_it(report: Report) -> None:
    report.items.filter(kpi="csat", dimension="").delete()
    report.items.filter(dimension="agent").update(has_chart=True)
    assert mail_to(report, "bea@example.net").files.count() == 0
    assert mail_to(report, "ann@example.com").files.count() == 1


def test_nothing_is_asked_of_the_database_for_each_recipient(report: Report, django_assert_num_queries) -> None:
    content = reports.preview(report)
    house()
    for count in (1, 3):
        readers = [Recipient(f"r{number}@example.com") for number in range(count)]
        with django_assert_num_queries(1):
            report_mail.drafts(content, readers, report=report)


def test_names_cannot_write_html(report: Report) -> None:
    report.name = "<b>Service</b> & more"
    report.save()
    found = mail_to(report, "ann@example.com")
    assert found.subject == "<b>Service</b> & more: 25–31 May 2026"
    assert found.text.splitlines()[0] == "<b>Service</b> & more"
    assert "<b>Service" not in found.html
    assert "&lt;b&gt;Service&lt;/b&gt; &amp; more" in found.html


def test_a_test_mail_says_so(report: Report) -> None:
    found = reports.send_test(report, report.owner)
    sentence = "This is a test: nobody else got it, and the report itself is still to come."
    assert found.subject == "[Test] Service: 25–31 May 2026"
    assert found.text.splitlines()[0] == sentence
    assert sentence in found.html


def test_the_mail_of_an_empty_week(report: Report) -> None:
    run = reports.produce(report, Period(date(2020, 1, 6), date(2020, 1, 13), "UTC"))
    text = run.deliveries.get(email="ann@example.com").mail.text
    assert "Nothing became better or worse by more than chance." in text.splitlines()
    assert "Customer satisfaction (CSAT): no data" in text.splitlines()


def test_leaving_cancels_what_is_waiting_and_leaves_others_alone(report: Report) -> None:
    waiting, others = mail_to(report, "bea@example.net"), mail_to(report, "ann@example.com")
    stakeholder = report.stakeholders.get()
    other_report = ReportFactory(stakeholders=[stakeholder])
    subscription = report_unsubscribe.find(report_unsubscribe.url(report.pk, stakeholder.pk).split("/")[-2])
    assert subscription is not None
    assert not subscription.is_over
    for _ in range(2):
        report_unsubscribe.leave(subscription)
    waiting.refresh_from_db()
    others.refresh_from_db()
    assert subscription.is_over
    assert (waiting.state, others.state, other_report.stakeholders.count()) == ("cancelled", "queued", 1)


def test_a_mail_to_a_stakeholder_carries_a_key_and_is_of_its_own_kind(report: Report) -> None:
    kinds = [mail_to(report, email).kind for email in ("ann@example.com", "bea@example.net")]
    assert kinds == ["report", "report_stakeholder"]
    assert [kind in mail.SECRET_KINDS for kind in kinds] == [False, True]


def test_however_many_goals_there_are_no_mail_program_cuts_the_mail() -> None:
    report = ReportFactory(name="Service")
    content = reports.preview(report)
    about: Content = {
        "kpi_name": "First response time",
        "scope": "channel: e-mail",
        "baseline": "5 h 30 min",
        "value": "5 h",
    }
    about |= {"value_note": "123 tickets, 95 % interval 4 h to 6 h, week of 25 May 2026", "target": "4 h"}
    about |= {
        "due": "30 Jun 2026",
        "status": "off_track",
        "status_name": "off track",
        "tone": "bad",
        "reason": "r" * 120,
        "is_personal": False,
    }
    goals = [about | {"statement": f"Goal {number}, {'g' * 100}"} for number in range(300)]
    ReportItemFactory.create_batch(1, report=report, kpi="csat")
    (item,) = reports.preview(report)["items"]
    change = {"text": "+16.5 points", "words": "less than chance would do", "direction": "up", "tone": "good"}
    item |= {"interval": "85.6 % to 93.8 %", "counted": "200 answers", "change": change, "notes": ["n" * 150]}
    content |= {"goals": goals, "has_goals": True, "items": [item | {"item": number} for number in range(20)]}
    readers = [Recipient("ann@example.com"), Recipient("bea@example.net", stakeholder=1)]
    inside, outside = report_mail.drafts(content, readers, report=report).values()
    assert max(len(draft["html"].encode()) for draft in (inside, outside)) < 100_000
    shown = inside["text"].count("\nGoal ")
    assert (shown, inside["html"].count("Goal 19,"), inside["html"].count("Goal 20,")) == (20, 1, 0)
    assert (
        "and 280 more goals that are less urgent, on the page “Goals”: http://localhost:8000/goals/"
        in inside["text"].splitlines()
    )
    assert "and 280 more goals that are less urgent" in outside["text"].splitlines()


def test_mail_tells_of_goals_what_is_new_and_counts_the_others() -> None:
    report = ReportFactory(name="Service")
    about: Content = {
        "kpi_name": "CSAT",
        "scope": "chat",
        "value": "85 %",
        "value_note": "200 answers",
        "target": "90 %",
        "due": "30 Jun 2026",
        "tone": "",
    }
    told = [("off_track", False), ("at_risk", False), ("on_track", False), ("achieved", False), ("missed", True)]
    goals = [
        about
        | {"status": code, "status_name": code, "ended_earlier": earlier, "statement": f"S {code}", "reason": "Why."}
        for code, earlier in [*told, ("scheduled", False), ("gathering", False), ("", False)]
    ]
    content = reports.preview(report) | {"has_goals": True, "goals": [goal | {"is_personal": False} for goal in goals]}
    (draft,) = report_mail.drafts(content, [Recipient("ann@example.com")], report=report).values()
    way = "  now 85 % (200 answers); target 90 % by 30 Jun 2026"
    lines = [line for line in draft["text"].partition("GOALS")[2].partition("“May be")[0].splitlines()[1:] if line]
    assert lines == [
        *("S off_track: off_track", f"  CSAT, chat: {way.strip()}", "  Why."),
        *("S at_risk: at_risk", f"  CSAT, chat: {way.strip()}", "  Why."),
        *("S on_track: on_track", way, "S achieved: achieved", way),
        f"and 4 more goals that are less urgent, on the page “Goals”: {BASE}/goals/",
    ]
    assert (draft["html"].count("(200 answers)"), draft["html"].count("Why.")) == (4, 2)
