"""A weekly report of 20 figures and 4 charts, from the first question to the mails, in a process of its own."""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from itertools import product
from typing import TYPE_CHECKING

import django

from tests.bench.report import Finding

if TYPE_CHECKING:
    from goals.models import Report

TICKETS = 30_000
RECIPIENTS = 25
OVERALL = (
    "first_response_time",
    "resolution_time",
    "ticket_volume",
    "backlog",
    "resolution_within_target",
    "first_contact_resolution",
    "reopen_rate",
    "solved_volume",
)
CHARTS = OVERALL[:4]
BY_CHANNEL = tuple(product(OVERALL[:3], ("email", "chat", "phone", "social")))


def findings() -> list[Finding]:
    from metrics.models import Ticket  # noqa: PLC0415 - after the settings are chosen
    from tests.bench import dashboard  # noqa: PLC0415 - the same

    if not Ticket.objects.exists():
        dashboard.customers()
        dashboard.insert(0, TICKETS)
    said = subprocess.check_output([sys.executable, "-m", "tests.bench.weekly_report"], text=True, env=os.environ)
    found = json.loads(said.splitlines()[-1])
    note = f"{found['mails']} mails, each with {found['kilobytes']:.0f} kB of pictures; a second {found['again']:.2f} s"
    return [
        Finding("weekly report: 20 figures and 4 charts on one worker", found["seconds"], 5.0, "s", note),
        Finding("weekly report: most memory that worker ever had", found["megabytes"], 400, "MB"),
    ]


def main() -> None:
    """The first report of a new process, as after a restart, and the next one."""
    django.setup()
    from goals import reports  # noqa: PLC0415 - after the settings are chosen

    first, second = _report(1), _report(2)
    week = reports.last_complete_week(first)
    seconds = _seconds(partial(reports.produce, first, week))
    again = _seconds(partial(reports.produce, second, week))
    run = first.runs.get()
    problems = [item["problem"] for item in run.content["items"] if item["problem"]]
    if problems or len(run.content["items"]) != len(OVERALL) + len(BY_CHANNEL):
        raise RuntimeError(f"Not all figures are in the report: {problems}.")
    files = list(run.deliveries.first().mail.files.all())
    if len(files) != len(CHARTS):
        raise RuntimeError(f"The mail has {len(files)} charts instead of {len(CHARTS)}.")
    found = {
        "seconds": seconds,
        "again": again,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "mails": run.deliveries.count(),
        "kilobytes": sum(len(file.content) for file in files) / 1000,
    }
    sys.stdout.write(f"{json.dumps(found)}\n")


def _report(number: int) -> "Report":
    from goals.models import Report, ReportItem  # noqa: PLC0415 - after the settings are chosen
    from kpiproject.models import User  # noqa: PLC0415 - the same

    people = [User(email=f"reader-{number}-{one}@bench.example") for one in range(RECIPIENTS)]
    User.objects.bulk_create(people)
    report = Report.objects.create(name=f"Bench {number}", owner=people[0])
    report.people.set(people)
    wanted = [(code, "", "") for code in OVERALL] + [(code, "channel", member) for code, member in BY_CHANNEL]
    ReportItem.objects.bulk_create(
        ReportItem(
            report=report, position=n, kpi=code, dimension=dimension, member=member,
            has_chart=code in CHARTS and not dimension,
        )
        for n, (code, dimension, member) in enumerate(wanted)
    )  # fmt: skip
    return report


def _seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
