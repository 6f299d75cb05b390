"""Reports: one run for each week, one mail for each recipient, whatever happens."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import IntegrityError
from time_machine import Traveller, travel

from goals import reports
from goals.models import Delivery, Report, ReportRun
from kpiproject import mail
from kpiproject.lib.periods import Period
from kpiproject.models import Mail
from metrics.models import DirtyDay
from tests.factories import ManagerFactory, ReportFactory, ReportItemFactory, StaffFactory, StakeholderFactory
from tests.goals.measured import house, weeks

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 6, 1, 8, tzinfo=UTC)
LAST_WEEK = Period(date(2026, 5, 25), date(2026, 6, 1), "UTC")


@pytest.fixture(autouse=True)
def clock() -> Iterator[Traveller]:
    with travel(MONDAY, tick=False) as found:
        yield found


def written(**values: object) -> Report:
    """A report for one person that is due now, about the share of satisfied customers."""
    if "people" not in values:
        values["people"] = [StaffFactory(email="ann@example.com", name="Ann")]
    report = ReportFactory(**values)
    ReportItemFactory(report=report, kpi="csat")
    plan(report, MONDAY)
    return report


def plan(report: Report, due: datetime | None) -> None:
    report.next_due = due
    report.save()


def starts(report: Report) -> list[str]:
    return [f"{run.start}" for run in report.runs.order_by("start")]


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


# --- Which week
def test_after_a_standstill_only_the_last_week_is_reported_and_the_others_are_named() -> None:
    report = written()
    plan(report, MONDAY - timedelta(days=21))
    ReportRun.objects.create(report=report, start="2026-05-11", end="2026-05-18", content={})
    reports.produce_due(report.pk)
    report.refresh_from_db()
    run = report.runs.get(start="2026-05-25")
    assert starts(report) == ["2026-05-11", "2026-05-25"]
    assert [week["text"] for week in run.content["skipped"]] == ["4–10 May 2026", "18–24 May 2026"]
    assert report.next_due == MONDAY + timedelta(days=7)
    notice = "Left out because nothing was running when they were due: 4–10 May 2026, 18–24 May 2026."
    assert notice in Mail.objects.get().text.splitlines()


@pytest.mark.parametrize(
    ("before", "after", "due"),
    [
        # Tuesday, 2 June. The week of 25 May is to be sent on Wednesday; Monday has passed, so it is sent at once.
        (2, 0, "2026-06-01T08:00+00:00"),
        (2, 1, "2026-06-02T08:00+00:00"),
        (2, 4, "2026-06-05T08:00+00:00"),
    ],
)
def test_another_weekday_keeps_the_week(before: int, after: int, due: str, clock: Traveller) -> None:
    clock.move_to(MONDAY + timedelta(days=1))
    report = written(weekday=before)
    plan(report, datetime(2026, 6, 3, 8, tzinfo=UTC))
    report.weekday = after
    assert reports.planned(report, MONDAY + timedelta(days=1)) == datetime.fromisoformat(due)


def test_another_weekday_does_not_send_a_week_twice(clock: Traveller) -> None:
    report = written()
    reports.produce_due(report.pk)
    clock.move_to(MONDAY + timedelta(days=1))
    report.refresh_from_db()
    report.weekday = 2
    plan(report, reports.planned(report, MONDAY + timedelta(days=1)))
    assert report.next_due == datetime(2026, 6, 10, 8, tzinfo=UTC)
    clock.move_to(report.next_due)
    reports.produce_due(report.pk)
    assert starts(report) == ["2026-05-25", "2026-06-01"]


def test_a_new_report_begins_with_the_next_date() -> None:
    report = ReportFactory(weekday=0, at=time(8))
    assert reports.planned(report, MONDAY) == MONDAY + timedelta(days=7)
    assert reports.planned(report, MONDAY - timedelta(seconds=1)) == MONDAY


def test_a_report_that_is_switched_off_has_no_date() -> None:
    report = ReportFactory(is_active=False)
    assert (reports.planned(report, MONDAY), reports.upcoming(report, 5)) == (None, [])


def test_the_next_dates_each_with_its_week() -> None:
    report = written()
    assert [(f"{due:%d %b %H:%M}", f"{week.start}") for due, week in reports.upcoming(report, 3)] == [
        ("01 Jun 08:00", "2026-05-25"),
        ("08 Jun 08:00", "2026-06-01"),
        ("15 Jun 08:00", "2026-06-08"),
    ]


def test_dates_follow_the_organisation() -> None:
    report = written()
    reports.produce_due(report.pk)
    house(time_zone="Europe/Berlin")
    reports.follow_organisation(MONDAY)
    report.refresh_from_db()
    assert report.next_due == datetime(2026, 6, 8, 6, tzinfo=UTC)
    house(time_zone="Europe/Berlin", week_start=6)
    reports.follow_organisation(MONDAY)
    report.refresh_from_db()
    assert (report.next_due, reports.upcoming(report, 1)[0][1].start) == (
        datetime(2026, 6, 8, 6, tzinfo=UTC),
        date(2026, 5, 31),
    )


def test_following_changes_nothing_where_nothing_changed(django_assert_num_queries) -> None:
    written()
    house()
    with django_assert_num_queries(2):
        reports.follow_organisation(MONDAY)


def test_a_zone_with_another_date_neither_doubles_nor_drops_a_week(
    clock: Traveller,
) -> None:
    """From Berlin to Los Angeles on a Wednesday: Monday at eight in Berlin was still Sunday there."""
    house(time_zone="Europe/Berlin")
    report = written()
    plan(report, datetime(2026, 6, 1, 6, tzinfo=UTC))
    reports.produce_due(report.pk)
    clock.move_to(datetime(2026, 6, 3, 12, tzinfo=UTC))
    house(time_zone="America/Los_Angeles")
    reports.follow_organisation(datetime(2026, 6, 3, 12, tzinfo=UTC))
    for day in range(4, 24):
        now = datetime(2026, 6, day, 16, tzinfo=UTC)
        clock.move_to(now)
        for report_id in reports.due_ids(now):
            reports.produce_due(report_id)
    assert starts(report) == ["2026-05-25", "2026-06-01", "2026-06-08", "2026-06-15"]


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


def test_a_test_mail_stands_for_nothing() -> None:
    report = written()
    first = reports.send_test(report, report.owner)
    second = reports.send_test(report, report.owner)
    report.refresh_from_db()
    assert first.pk != second.pk
    assert (first.subject, first.recipient) == (f"[Test] {report.name}: 25–31 May 2026", report.owner.email)
    assert (starts(report), report.next_due, Delivery.objects.count()) == ([], MONDAY, 0)
