"""A hundred thousand people are asked: screened, left alone where they must be, frozen and put into the outbox."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import django

from tests.bench.report import Finding

COUNT = 100_000
PER_SECOND = 2_000
MEGABYTES = 300
COMPANIES = 20_000


def findings() -> list[Finding]:
    """In a process of its own, whose memory is nobody else's."""
    done = subprocess.run(
        [sys.executable, "-m", __name__], env=dict(os.environ), capture_output=True, text=True, check=True
    )
    found = json.loads(done.stdout.splitlines()[-1])
    note = "{queued} queued, {quiet} left alone in {seconds:.0f} s, {worked:.0f} s of them at work".format(**found)
    return [
        Finding("invitations: 2,000 a second ÷ prepared a second", PER_SECOND / found["per_second"], 1, note=note),
        Finding("invitations: most memory", found["megabytes"], MEGABYTES, "MB"),
    ]


def measure() -> dict[str, float]:
    from surveys import invitations  # noqa: PLC0415 - after django.setup()
    from surveys.models import Contact, Invitation, QuietTime, Survey  # noqa: PLC0415

    survey = Survey.objects.get(slug="csat")
    QuietTime.objects.update_or_create(pk=1, defaults={"company_most": 50, "company_days": 28})
    list(invitations.invite_each(survey, people(COUNT // 10), key_prefix="earlier"))
    Invitation.objects.update(send_at=Invitation.objects.latest("id").send_at - timedelta(days=5))
    start, worked = time.perf_counter(), time.process_time()
    queued = quiet = 0
    for outcome in invitations.invite_each(survey, people(COUNT), key_prefix="bench"):
        queued += outcome.status == "queued"
        quiet += outcome.reason == "quiet_person"
    seconds, worked = time.perf_counter() - start, time.process_time() - worked
    assert queued + quiet == COUNT
    assert quiet == COUNT // 10
    assert Contact.objects.count() == COUNT
    return {
        "queued": queued,
        "quiet": quiet,
        "seconds": seconds,
        "worked": worked,
        "per_second": COUNT / seconds,
        "megabytes": most_memory(),
    }


def people(count: int) -> "Iterator[object]":
    from surveys.invitations import Invitee  # noqa: PLC0415

    for number in range(count):
        yield Invitee(
            email=f"Person{number}+{number % 7}@bench{number % 50}.example",
            name=f"Person {number}",
            company=f"Company {number % COMPANIES}",
            context={
                "ticket": f"T-{number}" if number >= COUNT // 10 else "",
                "agent": f"agent {number % 40}",
                "team": f"team {number % 5}",
                "channel": "mail",
                "category": f"category {number % 12}",
                "order": str(number),
            },
        )


def most_memory() -> float:
    """The peak of this process, in megabytes, as the system counts it."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    (peak,) = (line for line in lines if line.startswith("VmHWM:"))
    return int(peak.split()[1]) / 1024


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps(measure()) + "\n")
