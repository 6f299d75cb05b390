"""A thousand invitations on their way to a real mail server, whose worker is killed twice."""

import random
import subprocess
import time

import pytest

from tests.installation import Installation
from tests.kills import (
    invite,
    is_finished,
    let_the_leases_of_the_dead_run_out,
    send_again_what_fell_into_the_gap,
    swept_until,
)
from tests.smtp_sink import Sink

pytestmark = [pytest.mark.queue, pytest.mark.django_db]
COUNT, KILLS = 1000, 2
PATIENCE = 240  # seconds, on a machine with much else to do


@pytest.mark.parametrize("queue_url", ["embedded"], indirect=True)
def test_a_thousand_invitations_arrive_once_although_the_worker_is_killed_twice(
    installation: Installation, smtp_sink: Sink
) -> None:
    invite(installation, COUNT)
    killed_at = []
    for killed in range(KILLS):
        worker = installation.start_worker()
        wanted = (killed + 1) * COUNT // 4
        swept_until(installation, lambda: len(smtp_sink.mails) >= wanted, seconds=PATIENCE)  # noqa: B023 - called at once
        kill_in_the_middle(worker)
        killed_at.append(len(smtp_sink.mails))
        let_the_leases_of_the_dead_run_out(installation)
    assert max(killed_at) < COUNT, "Every kill came too late."
    installation.start_worker()
    swept_until(installation, lambda: is_finished(installation), seconds=PATIENCE)
    send_again_what_fell_into_the_gap(installation, smtp_sink, most=2 * KILLS)
    assert smtp_sink.arrivals == {f"person{number}@example.com": 1 for number in range(COUNT)}
    assert len({mail["Message-ID"] for mail in smtp_sink.mails}) == COUNT
    assert len({link_of(mail) for mail in smtp_sink.mails}) == COUNT


@pytest.mark.parametrize("queue_url", ["embedded"], indirect=True)
def test_inviting_that_is_killed_and_run_again_asks_everybody_once(installation: Installation, smtp_sink: Sink) -> None:
    addresses = installation.var / "addresses.txt"
    addresses.write_text("\n".join(f"person{number}@example.com" for number in range(COUNT)))
    die = (
        "import os, signal\nfrom surveys import invitations\nstore, calls = invitations.store, []\n"
        "def dying(*given):\n    calls.append(1)\n"
        "    return store(*given) if len(calls) < 2 else os.kill(os.getpid(), signal.SIGKILL)\n"
        "invitations.store = dying\n"
    )
    invite_again = (
        "import io, pathlib\nfrom django.core.management import call_command\n"
        f"people = pathlib.Path({str(addresses)!r})\n"
        "call_command('invite', 'csat', emails=people, key='spring', stdout=io.StringIO())\n"
    )
    assert installation.execute(die + invite_again).returncode != 0
    written = "SELECT count(*), count(DISTINCT contact_id), count(mail_id) FROM surveys_invitation"
    assert installation.query(written) == [(500, 500, 500)]
    installation.run(invite_again)
    installation.run(invite_again)
    assert installation.query(written) == [(COUNT, COUNT, COUNT)]
    assert installation.query("SELECT count(*) FROM kpiproject_mail") == [(COUNT,)]


def kill_in_the_middle(worker: subprocess.Popen[bytes]) -> None:
    time.sleep(random.random() * 0.05)
    worker.kill()
    worker.wait()


def link_of(mail) -> str:
    return str(mail["List-Unsubscribe"])
