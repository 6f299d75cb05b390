"""Which days a report tells of, and when: none twice, none left out unnamed, whatever is changed in between."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import pytest
from time_machine import Traveller, travel

from goals import reports
from goals.models import Report, ReportRun
from kpiproject.models import Mail
from tests.factories import ReportFactory
from tests.goals.due_reports import LAST_WEEK, MONDAY, plan, starts, written
from tests.goals.measured import house

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[Traveller]:
    with travel(MONDAY, tick=False) as found:
        yield found


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
    report.save()
    reports.plan(report, MONDAY + timedelta(days=1))
    assert report.next_due == datetime.fromisoformat(due)


def test_another_weekday_does_not_send_a_week_twice(clock: Traveller) -> None:
    report = written()
    reports.produce_due(report.pk)
    clock.move_to(MONDAY + timedelta(days=1))
    report.refresh_from_db()
    report.weekday = 2
    report.save()
    reports.plan(report, MONDAY + timedelta(days=1))
    assert report.next_due == datetime(2026, 6, 10, 8, tzinfo=UTC)
    clock.move_to(report.next_due)
    reports.produce_due(report.pk)
    assert starts(report) == ["2026-05-25", "2026-06-01"]


def test_a_new_report_begins_with_the_next_date() -> None:
    for now, due in ((MONDAY, MONDAY + timedelta(days=7)), (MONDAY - timedelta(seconds=1), MONDAY)):
        report = ReportFactory(weekday=0, at=time(8))
        reports.plan(report, now)
        assert (report.next_due, report.next_week) == (due, due.date() - timedelta(days=7))


def test_a_report_that_is_switched_off_has_no_date() -> None:
    report = ReportFactory(is_active=False, next_due=MONDAY, next_week=LAST_WEEK.start, waiting_since=MONDAY)
    reports.plan(report, MONDAY)
    report.refresh_from_db()
    assert (report.next_due, report.next_week, report.waiting_since) == (None, None, None)
    assert reports.upcoming(report, 5) == []


def test_switched_on_again_a_report_waits_anew() -> None:
    report = ReportFactory(waiting_since=MONDAY - timedelta(days=70))
    reports.plan(report, MONDAY)
    report.refresh_from_db()
    assert report.waiting_since is None
    Report.objects.update(waiting_since=MONDAY)
    reports.plan(report, MONDAY)
    assert report.waiting_since == MONDAY


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
        datetime(2026, 6, 15, 6, tzinfo=UTC),
        date(2026, 6, 7),
    )


def test_following_changes_nothing_where_nothing_changed(django_assert_num_queries) -> None:
    reports.plan(written(), MONDAY)
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


def test_a_zone_in_the_east_leaves_no_week_out() -> None:
    """On a Sunday evening in Los Angeles, Monday has long begun in Berlin: the instant lies in another week there."""
    now = datetime(2026, 6, 3, 12, tzinfo=UTC)
    house(time_zone="America/Los_Angeles")
    report = ReportFactory(weekday=6, at=time(20))
    reports.plan(report, now)
    before = reports.upcoming(report, 1)[0][1].start
    house(time_zone="Europe/Berlin")
    reports.follow_organisation(now)
    report.refresh_from_db()
    assert (before, reports.upcoming(report, 1)[0][1].start) == (date(2026, 5, 25), date(2026, 5, 25))
    assert report.next_due == datetime(2026, 6, 7, 18, tzinfo=UTC)


def test_days_that_no_week_covers_are_named_where_weeks_begin_on_another_day(clock: Traveller) -> None:
    report = written()
    reports.produce_due(report.pk)
    house(week_start=6)
    reports.follow_organisation(MONDAY)
    clock.move_to(MONDAY + timedelta(days=7))
    with pytest.raises(reports.NotSentError, match=r"^The report about 25–31 May 2026 was sent already;"):
        reports.send_now(report)  # about 31 May to 6 June
    clock.move_to(MONDAY + timedelta(days=14))
    reports.produce_due(report.pk)
    run = report.runs.latest("start")
    assert (run.start, run.end) == (date(2026, 6, 7), date(2026, 6, 14))
    assert [week["text"] for week in run.content["skipped"]] == ["1–6 Jun 2026"]
    sentence = "In no report, because weeks begin on another day since then: 1–6 Jun 2026."
    assert sentence in Mail.objects.latest("pk").text.splitlines()


def test_a_report_by_hand_names_the_weeks_that_were_due_before_it() -> None:
    report = written()
    plan(report, MONDAY - timedelta(days=7))
    assert [week["text"] for week in reports.send_now(report).content["skipped"]] == ["18–24 May 2026"]


@pytest.mark.parametrize("seed", range(8))
def test_every_day_is_told_of_once_or_named_whatever_is_changed(seed: int, clock: Traveller) -> None:
    """Zone, beginning of the week, day and time change at any moment, and the worker stands still for a while."""
    chance = random.Random(seed)
    zones = ["Pacific/Auckland", "America/Los_Angeles", "Pacific/Kiritimati", "Europe/Berlin", "America/St_Johns"]
    report = ReportFactory(weekday=chance.randrange(7), at=time(chance.randrange(24)), includes_goals=False)
    reports.plan(report, MONDAY)
    first, now = report.next_week, MONDAY
    for _ in range(70):
        now += timedelta(hours=chance.choice([5, 11, 17, 17, 23, 23, 23, 400]) if seed % 2 else chance.randrange(1, 23))
        clock.move_to(now)
        if chance.random() < 0.2:
            house(time_zone=chance.choice(zones), week_start=chance.choice([0, 5, 6]))
        if chance.random() < 0.1:
            Report.objects.update(weekday=chance.randrange(7), at=time(chance.randrange(24)))
            reports.plan(report, now)
        reports.follow_organisation(now)
        for report_id in reports.due_ids(now):
            reports.produce_due(report_id)
    runs = list(report.runs.order_by("start"))
    told = [(run.start, run.end) for run in runs]
    named = [
        tuple(date.fromisoformat(week[end]) for end in ("start", "end"))
        for run in runs
        for week in run.content["skipped"]
    ]
    pieces = sorted([*told, *named])
    assert len(runs) > 1
    assert all((end - start).days == 7 for start, end in told)
    assert (pieces[0][0], [end for _, end in pieces[:-1]]) == (first, [start for start, _ in pieces[1:]])
