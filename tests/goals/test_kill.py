"""Reports and invitations while workers and schedulers die, come twice, or meet a mail server in a bad mood."""

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from time_machine import Traveller, travel

from goals import reports
from goals.models import ReportRun
from kpiproject import mail
from kpiproject.lib.periods import Period
from kpiproject.models import Mail
from tests.factories import ManagerFactory, ReportFactory, ReportItemFactory, StakeholderFactory
from tests.installation import ROOT, Installation, eventually
from tests.kills import (
    invite,
    is_finished,
    let_the_leases_of_the_dead_run_out,
    send_again_what_fell_into_the_gap,
)
from tests.smtp_sink import Sink

KILLS = 3  # each at another moment, by chance: what one run misses, one of the next does not
PATIENCE = 180  # seconds that a step may take on a machine with much else to do; usually one or two
INVITATIONS, READERS = 200, 50
EXPECTED = {f"person{number}@example.com": 1 for number in range(INVITATIONS)}
EXPECTED |= {f"reader{number}@example.com": 1 for number in range(READERS)}

# Two months of tickets, and a report about them that is due.
PREPARE = f"""
import csv, random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from django.core.management import call_command
from goals import reports
from goals.models import Report, ReportItem, Stakeholder
from kpiproject.models import User
rng, now, file = random.Random(7), datetime.now(UTC), "FILE"
with Path(file).open("w", newline="") as opened:
    out = csv.writer(opened)
    out.writerow("external_id created_at first_agent_reply_at solved_at channel".split())
    for number in range(500):
        created = now - timedelta(minutes=rng.randrange(60 * 1440))
        replied = created + timedelta(minutes=rng.randrange(1, 300))
        out.writerow([number, created, replied, replied + timedelta(minutes=rng.randrange(1, 900)), "chat"])
call_command("import_data", "tickets", file, tz="UTC", verbosity=0, stdout=opened_log)
call_command("recompute", all=True, stdout=opened_log)
owner = User.objects.create_user("owner@example.com", "a long password")
report = Report.objects.create(name="Weekly", owner=owner, weekday=now.weekday(), at=datetime.min.time())
report.people.set([User.objects.create_user(f"reader{{n}}@example.com") for n in range(0, {READERS}, 2)])
readers = [Stakeholder.objects.create(name="N", email=f"reader{{n}}@example.com") for n in range(1, {READERS}, 2)]
report.stakeholders.set(readers)
for code in ("ticket_volume", "first_response_time"):
    ReportItem.objects.create(report=report, kpi=code, has_chart=True)
schedule = reports.schedule_of(report)
Report.objects.update(next_due=schedule.due(schedule.latest(now)))
"""
# A scheduler that does not take its time.
SCHEDULER = """
import sys
from celery.schedules import schedule
from kpiproject.celery import app
wanted = ("kpiproject.sweep_mail", "goals.sweep_reports", "surveys.follow_up", "surveys.note_sent")
app.conf.beat_schedule = {name: app.conf.beat_schedule[name] | {"schedule": 2.0} for name in wanted}
app.Beat(loglevel="WARNING", schedule=sys.argv[1], quiet=True).run()
"""
FIGURES = """
from goals import report_content, reports
from goals.models import ReportRun
from kpiproject.lib.periods import Period
run = ReportRun.objects.get()
now = report_content.freeze(run.report, Period(run.start, run.end, run.content["time_zone"]))
result = [[(item["kpi"], item["problem"], item["value"], item["n"]) for item in found["items"]]
          for found in (run.content, now)]
"""


def prepare(installation: Installation) -> None:
    code = PREPARE.replace("FILE", str(installation.var / "tickets.csv"))
    installation.run("import io\nopened_log = io.StringIO()\n" + code)
    invite(installation, INVITATIONS)


def start_scheduler(installation: Installation) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", SCHEDULER, str(installation.var / f"schedule-{random.random()}")]
    with (installation.var / "scheduler.log").open("ab") as log:
        started = subprocess.Popen(command, cwd=ROOT, env=installation.env, stdout=log, stderr=log)
    installation.processes.append(started)
    return started


def kill(*processes: subprocess.Popen[bytes]) -> None:
    for process in processes:
        process.kill()
    for process in processes:
        process.wait()


def is_being_written(installation: Installation) -> bool:
    """The report, by a worker; or it is written already."""
    return installation.query(
        "SELECT 1 FROM goals_report WHERE lease_until > '2001-01-01 00:00:00+00:00' UNION SELECT 1 FROM goals_reportrun"
    ) == [(1,)]


def assert_everything_once(installation: Installation, sink: Sink) -> None:
    assert sink.arrivals == EXPECTED
    assert len({letter["Message-ID"] for letter in sink.mails}) == INVITATIONS + READERS
    assert installation.query("SELECT count(*) FROM goals_reportrun") == [(1,)]
    written = "SELECT count(*), count(DISTINCT mail_id) FROM goals_delivery"
    assert installation.query(written) == [(READERS, READERS)]
    then, again = installation.run(FIGURES)
    assert then == again
    assert [(code, problem, n > 0) for code, problem, _value, n in then] == [
        ("ticket_volume", "", True),
        ("first_response_time", "", True),
    ]
    letter = next(letter for letter in sink.mails if "reader0@" in letter["To"])
    assert [part.get_content_type() for part in letter.walk()].count("image/png") == 2


def all_is_written_and_sent(installation: Installation) -> bool:
    return installation.query("SELECT count(*) FROM goals_delivery") == [(READERS,)] and is_finished(installation)


@pytest.mark.queue
@pytest.mark.django_db
def test_all_arrives_once_although_worker_and_scheduler_are_killed(installation: Installation, smtp_sink: Sink) -> None:
    prepare(installation)
    installation.enqueue("goals.sweep_reports")  # before the mails, so that it is in the middle of them that it dies
    smtp_sink.seconds_to_think = 0.02
    for killed in range(KILLS):
        running = installation.start_worker(), start_scheduler(installation)
        if killed % 2:
            more = min(len(smtp_sink.mails) + random.randint(1, 40), INVITATIONS)
            eventually(lambda: len(smtp_sink.mails) >= more, seconds=PATIENCE)  # noqa: B023 - called at once
        else:
            eventually(lambda: is_being_written(installation), seconds=PATIENCE)
        time.sleep(random.random() * 0.5)
        kill(*running)
        let_the_leases_of_the_dead_run_out(installation)
    installation.start_worker()
    start_scheduler(installation)
    eventually(lambda: all_is_written_and_sent(installation), seconds=PATIENCE)
    send_again_what_fell_into_the_gap(installation, smtp_sink, most=KILLS)
    assert_everything_once(installation, smtp_sink)


@pytest.mark.queue
@pytest.mark.django_db
@pytest.mark.parametrize("queue_url", ["embedded"], indirect=True)
def test_all_arrives_once_with_two_schedulers_and_two_workers(installation: Installation, smtp_sink: Sink) -> None:
    prepare(installation)
    for _ in range(2):
        installation.start_worker()
        start_scheduler(installation)
    eventually(lambda: all_is_written_and_sent(installation), seconds=PATIENCE)
    assert_everything_once(installation, smtp_sink)


# --- A mail server in a bad mood ----------------------------------------------------------------------------------
MONDAY = datetime(2026, 6, 1, 8, tzinfo=UTC)
WEEK = Period(date(2026, 5, 25), date(2026, 6, 1), "UTC")


@pytest.fixture
def clock() -> Iterator[Traveller]:
    with travel(MONDAY, tick=False) as found:
        yield found


@pytest.fixture
def run(clock: Traveller) -> ReportRun:
    """To five people outside."""
    report = ReportFactory(stakeholders=[StakeholderFactory(email=f"s{number}@example.com") for number in range(5)])
    ReportItemFactory(report=report, kpi="csat")
    return reports.produce(report, WEEK)


def deliver() -> None:
    for mail_id in mail.due_ids(10):
        mail.deliver(mail_id)


def shown(client: Client, run: ReportRun) -> str:
    client.force_login(ManagerFactory())
    return client.get(f"/reports/runs/{run.pk}/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("trouble", ["refuses for now", "hangs up after the dot", "is away"])
def test_server_that_recovers_gets_every_mail_once(
    client: Client, run: ReportRun, clock: Traveller, mail_through_sink: Sink, settings, trouble: str
) -> None:
    port = mail_through_sink.port
    first, *others = mail.due_ids(10)
    mail.deliver(first)
    if trouble == "refuses for now":
        mail_through_sink.on_data = "451 4.3.0 Try later"
    elif trouble == "hangs up after the dot":
        mail_through_sink.hangs_up = True
    else:
        settings.EMAIL_PORT = 1
    deliver()
    assert sorted(Mail.objects.values_list("state", flat=True)) == ["queued"] * 4 + ["sent"]
    assert set(Mail.objects.filter(pk__in=others).values_list("error", flat=True)) != {""}
    page = shown(client, run)
    assert page.count("waiting") >= len(others)
    mail_through_sink.on_data, mail_through_sink.hangs_up, settings.EMAIL_PORT = "250 OK", False, port
    clock.shift(60)
    deliver()
    assert mail_through_sink.arrivals == {f"s{number}@example.com": 1 for number in range(5)}
    assert len({letter["Message-ID"] for letter in mail_through_sink.mails}) == 5


@pytest.mark.django_db
def test_refused_for_good_is_shown_and_can_be_sent_again(
    client: Client, run: ReportRun, clock: Traveller, mail_through_sink: Sink
) -> None:
    mail_through_sink.on_rcpt = "550 5.7.1 We do not know you"
    deliver()
    page = shown(client, run)
    assert page.count("The mail server refused the recipient: 550 5.7.1 We do not know you") == 5
    clock.shift(86_400)
    deliver()
    assert mail_through_sink.arrivals == {}
    mail_through_sink.on_rcpt = "250 OK"
    for delivery in run.deliveries.all():
        client.post(f"/reports/runs/{run.pk}/send-again/", {"delivery": delivery.pk})
    deliver()
    assert mail_through_sink.arrivals == {f"s{number}@example.com": 1 for number in range(5)}
