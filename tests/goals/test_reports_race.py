"""Several workers write the same report at the same moment."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection

from goals import report_content, reports
from goals.models import Delivery
from kpiproject.lib.periods import Period
from kpiproject.models import Mail
from tests.factories import ReportFactory, ReportItemFactory, StaffFactory
from tests.installation import ROOT, Installation

pytestmark = pytest.mark.django_db
LAST_WEEK = Period(date(2026, 5, 25), date(2026, 6, 1), "UTC")


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_write_one_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when the lease is no help: both have frozen the figures before either writes."""
    if connection.vendor == "sqlite":
        pytest.skip("In memory, all threads have one connection; the test with processes does the same.")
    report = ReportItemFactory(report=ReportFactory(people=[StaffFactory()]), kpi="csat").report
    meeting, freeze = Barrier(2, timeout=20), report_content.freeze

    def met(*arguments: object) -> object:
        found = freeze(*arguments)
        meeting.wait()
        return found

    def produce() -> int:
        try:
            return reports.produce(report, LAST_WEEK).pk
        finally:
            connection.close()

    monkeypatch.setattr(report_content, "freeze", met)
    with ThreadPoolExecutor(2) as pool:
        first, second = (pool.submit(produce) for _ in range(2))
        assert first.result() == second.result()
    assert (report.runs.count(), Mail.objects.count(), Delivery.objects.count()) == (1, 1, 1)


# Since midnight, so that on the morning of the day itself its date has come, too.
PREPARE = """
from datetime import time
from django.utils import timezone
from goals.models import Report, ReportItem
from kpiproject.models import User
owner = User.objects.create_user("owner@example.com", "a long password")
for number in range(5):
    report = Report.objects.create(name=f"Report {number}", owner=owner, at=time(0), next_due=timezone.now())
    report.people.set([User.objects.create_user(f"p{number}-{one}@example.com") for one in range(3)])
    ReportItem.objects.create(report=report, kpi="csat")
"""
SWEEP = """
import django
django.setup()
from django.utils import timezone
from goals import reports
for report_id in reports.due_ids(timezone.now()):
    reports.produce_due(report_id)
"""


@pytest.mark.queue
@pytest.mark.parametrize("queue_url", ["embedded"], indirect=True)
def test_three_sweeps_at_once_in_processes_of_their_own(installation: Installation) -> None:
    installation.run(PREPARE)
    sweeps = [
        subprocess.Popen([sys.executable, "-c", SWEEP], cwd=ROOT, env=installation.env, stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    said = [sweep.communicate(timeout=120)[1].decode() for sweep in sweeps]
    assert [sweep.returncode for sweep in sweeps] == [0, 0, 0], said
    counts = [installation.query(f"SELECT count(*) FROM {table}") for table in ("goals_reportrun", "goals_delivery")]  # noqa: S608 - names of our own tables
    assert counts == [[(5,)], [(15,)]]
    assert installation.query("SELECT count(*), count(DISTINCT recipient) FROM kpiproject_mail") == [(15, 15)]
    assert installation.query("SELECT count(*) FROM goals_report WHERE lease_until IS NOT NULL") == [(0,)]
