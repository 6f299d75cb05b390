"""Reports: one run for each week, one mail for each recipient, whatever happens."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import IntegrityError
from time_machine import Traveller, travel

from goals import report_unsubscribe, reports
from goals.models import Delivery, Report, ReportRun
from kpiproject import mail
from kpiproject.models import Mail
from metrics.models import DirtyDay
from tests.factories import ManagerFactory, ReportItemFactory, StaffFactory, StakeholderFactory
from tests.goals.due_reports import LAST_WEEK, MONDAY, plan, starts, written
from tests.goals.measured import weeks

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[Traveller]:
    with travel(MONDAY, tick=False) as found:
        yield found


def mails() -> list[str]:
    return list(Mail.objects.order_by("key").values_list("key", flat=True))


def test_run_deliveries_mails_and_next_date_come_together() -> None:
    weeks("csat", [80.0, 90.0])
    report = written()
    assert reports.due_ids(MONDAY) == [report.pk]
    reports.produce_due(report.pk)
    (run,) = report.runs.all()
    report.refresh_from_db()
    assert (run.start, run.end, run.problem) == (LAST_WEEK.start, LAST_WEEK.end, "")
    assert report.next_due == MONDAY + timedelta(days=7)
    assert mails() == [f"report:{report.pk}:2026-05-25:ann@example.com"]
    (delivery,) = run.deliveries.all()
    assert (delivery.email, delivery.name, delivery.mail.subject) == (
        "ann@example.com",
        "Ann",
        f"{report.name}: 25–31 May 2026",
    )
    assert reports.due_ids(MONDAY) == []


def test_a_second_sweep_finds_nothing_to_do() -> None:
    report = written()
    for _ in range(3):
        reports.produce_due(report.pk)
    plan(report, MONDAY)  # as if a restored backup, or a clock that went back, made it due again
    reports.produce_due(report.pk)
    report.refresh_from_db()
    assert (starts(report), len(mails()), report.next_due) == (["2026-05-25"], 1, MONDAY + timedelta(days=7))


def test_a_report_in_the_hands_of_another_worker_is_left_to_it() -> None:
    report = written()
    Report.objects.update(lease_until=MONDAY + timedelta(minutes=5), lease_token="theirs")
    reports.produce_due(report.pk)
    assert starts(report) == []


def test_the_report_of_a_dead_worker_is_taken_over() -> None:
    report = written()
    Report.objects.update(lease_until=MONDAY, lease_token="theirs")
    reports.produce_due(report.pk)
    report.refresh_from_db()
    assert (starts(report), report.lease_token) == (["2026-05-25"], "")


@pytest.mark.parametrize("dies_at", ["put_many", "bulk_create", "_move_on"])
def test_whoever_dies_in_the_middle_leaves_nothing(dies_at: str, monkeypatch: pytest.MonkeyPatch) -> None:
    report = written()

    def die(*_arguments: object, **_named: object) -> None:
        raise KeyboardInterrupt

    owner = {"put_many": mail, "bulk_create": Delivery.objects, "_move_on": reports}[dies_at]
    with monkeypatch.context() as patched:
        patched.setattr(owner, dies_at, die)
        with pytest.raises(KeyboardInterrupt):
            reports.produce_due(report.pk)
    assert (starts(report), mails()) == ([], [])
    Report.objects.update(lease_until=MONDAY)  # what time does
    reports.produce_due(report.pk)
    assert (starts(report), len(mails())) == (["2026-05-25"], 1)


def test_what_the_database_refuses_for_another_reason_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    report = written()

    def refuse(*_arguments: object) -> None:
        raise IntegrityError("something else")

    monkeypatch.setattr("kpiproject.mail.put_many", refuse)
    with pytest.raises(IntegrityError, match=r"^something else$"):
        reports.produce(report, LAST_WEEK)


def test_producing_by_hand_gives_the_run_that_is_there() -> None:
    report = written()
    first, second = reports.produce(report, LAST_WEEK), reports.produce(report, LAST_WEEK)
    report.refresh_from_db()
    assert (first.pk, len(mails())) == (second.pk, 1)
    assert report.next_due == MONDAY + timedelta(days=7)


def test_figures_stay_as_they_were_when_the_run_was_written() -> None:
    weeks("csat", [80.0])
    report = written()
    run = reports.produce(report, LAST_WEEK)
    weeks("csat", [10.0], of=("channel", "chat"))
    ReportItemFactory(report=report, kpi="nps")
    assert ReportRun.objects.get(pk=run.pk).content == run.content == reports.produce(report, LAST_WEEK).content


# --- Figures on their way
def test_a_report_waits_for_figures_that_are_being_computed(clock: Traveller) -> None:
    report = written()
    DirtyDay.objects.create(frame="answers", day="2026-05-30")
    reports.produce_due(report.pk)
    report.refresh_from_db()
    assert (starts(report), report.waiting_since, report.lease_until) == ([], MONDAY, None)
    assert reports.due_ids(MONDAY) == [report.pk]
    DirtyDay.objects.all().delete()
    clock.shift(timedelta(minutes=1))
    reports.produce_due(report.pk)
    report.refresh_from_db()
    assert (starts(report), report.waiting_since) == (["2026-05-25"], None)
    assert not report.runs.get().content["is_computing"]


def test_a_report_does_not_wait_for_other_figures() -> None:
    report = written()
    DirtyDay.objects.create(frame="tickets", day="2026-05-30")
    DirtyDay.objects.create(frame="answers", day="2026-06-01")
    reports.produce_due(report.pk)
    assert starts(report) == ["2026-05-25"]


def test_a_report_waits_for_two_hours_and_then_says_so(clock: Traveller) -> None:
    report = written()
    DirtyDay.objects.create(frame="answers", day="2026-05-30")
    for minutes in (0, 60, 119):
        clock.move_to(MONDAY + timedelta(minutes=minutes))
        reports.produce_due(report.pk)
    assert starts(report) == []
    clock.move_to(MONDAY + timedelta(minutes=120))
    reports.produce_due(report.pk)
    sentence = "Some figures of this week were still being computed when this was sent; they may change."
    assert sentence in Mail.objects.get().text.splitlines()
    assert sentence in Mail.objects.get().html


# --- To whom
def test_one_mail_for_each_address() -> None:
    people = [StaffFactory(email="ann@example.com", name="Ann"), StaffFactory(is_active=False)]
    strangers = [
        StakeholderFactory(email="ANN@example.com", name="Ann outside"),
        StakeholderFactory(email="Bea@example.com", name="Bea"),
        StakeholderFactory(is_active=False),
    ]
    report = written(people=people, stakeholders=strangers)
    assert [(one.email, one.name, one.stakeholder) for one in reports.recipients(report)] == [
        ("ann@example.com", "Ann", None),
        ("bea@example.com", "Bea", strangers[1].pk),
    ]
    run = reports.produce(report, LAST_WEEK)
    assert [delivery.email for delivery in run.deliveries.all()] == ["ann@example.com", "bea@example.com"]


def test_a_long_address_has_a_key_too() -> None:
    email = f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.example"
    report = written(people=[StaffFactory(email=email)])
    run = reports.produce(report, LAST_WEEK)
    assert (run.deliveries.get().mail.recipient, len(mails()[0]) <= 200) == (email, True)


def test_without_recipients_the_run_says_so_and_the_owner_is_told_once(
    clock: Traveller,
) -> None:
    owner = ManagerFactory(email="maren@example.com", name="Maren")
    report = written(people=[], owner=owner, name="Service")
    for week in range(3):
        clock.move_to(MONDAY + timedelta(days=7 * week))
        reports.produce_due(report.pk)
    sentence = "Nobody got it: there is no recipient left who is active."
    assert [run.problem for run in report.runs.all()] == [sentence] * 3
    (told,) = Mail.objects.all()
    assert (told.recipient, told.subject) == ("maren@example.com", "Nobody gets the report “Service”")
    assert told.text == (
        "Hello Maren,\n\n"
        "the report “Service” was written, but there is no recipient left who is active. Choose whom it should go to, "
        "or switch it off.\n\n"
        f"http://localhost:8000/reports/{report.pk}/\n\n"
        "You get this mail because you own the report. It comes once, not every week.\n"
    )


def test_where_the_owner_has_left_every_manager_is_told_that_nobody_gets_it() -> None:
    gone = ManagerFactory(name="Maren", is_active=False)
    ManagerFactory(email="one@example.com")
    ManagerFactory(email="two@example.com")
    reports.produce_due(written(people=[gone], owner=gone).pk)
    assert sorted(Mail.objects.values_list("recipient", flat=True)) == ["one@example.com", "two@example.com"]
    assert Mail.objects.latest("pk").text.splitlines()[-1] == (
        "You get this mail because Maren, who owns the report, has no active account any more. It comes once, not "
        "every week."
    )


def test_an_address_that_cannot_be_used_keeps_the_report_from_nobody_else() -> None:
    report = written(stakeholders=[StakeholderFactory(email="bad address")])
    reports.produce_due(report.pk)
    (run,) = report.runs.all()
    assert [(one.email, one.mail and one.mail.recipient) for one in run.deliveries.all()] == [
        ("ann@example.com", "ann@example.com"),
        ("bad address", None),
    ]
    assert run.problem == (
        "One recipient got nothing, because this is no address that could be written to: bad address"
    )


def test_a_problem_is_as_long_as_its_column_however_many_addresses_are_bad() -> None:
    bad = [StakeholderFactory(email=f"bad address {number} {'x' * 90}") for number in range(9)]
    reports.produce_due(written(stakeholders=bad).pk)
    problem = ReportRun.objects.get().problem
    assert (len(problem), problem.split(",")[0]) == (400, "9 recipients got nothing")


def test_whoever_has_left_gets_nothing_even_if_somebody_adds_them_again() -> None:
    stakeholder = StakeholderFactory(email="bea@example.net")
    report = written(stakeholders=[stakeholder])
    report_unsubscribe.leave(report_unsubscribe.Subscription(report=report, stakeholder=stakeholder))
    report.stakeholders.add(stakeholder)
    assert [one.email for one in reports.recipients(report)] == ["ann@example.com"]
    report_unsubscribe.readmit(report.left.get())
    report = Report.objects.get()
    assert [one.email for one in reports.recipients(report)] == ["ann@example.com", "bea@example.net"]


def test_a_test_mail_stands_for_nothing() -> None:
    report = written()
    first = reports.send_test(report, report.owner)
    second = reports.send_test(report, report.owner)
    report.refresh_from_db()
    assert first.pk != second.pk
    assert (first.subject, first.recipient) == (f"[Test] {report.name}: 25–31 May 2026", report.owner.email)
    assert (starts(report), report.next_due, Delivery.objects.count()) == ([], MONDAY, 0)
