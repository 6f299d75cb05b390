"""Workers die at the worst moments; nothing may get lost, doubled or wrong."""

import random
import signal
import subprocess
import time

import pytest

from tests.installation import Installation, eventually
from tests.kills import (
    invite,
    is_finished,
    let_the_leases_of_the_dead_run_out,
    send_again_what_fell_into_the_gap,
    swept_until,
)
from tests.smtp_sink import Sink

pytestmark = [pytest.mark.queue, pytest.mark.django_db]
KILLS = 3  # each at another moment, by chance: what one run misses, one of the next does not
DYING = -signal.SIGKILL

PUT = """
from kpiproject import mail
mail.put_into_outbox(key="cause", kind="test", to="person0@example.com", subject="Mail", text="Hello " * 200)
"""
DIE = "import os, signal\ndef die(*_anything):\n    os.kill(os.getpid(), signal.SIGKILL)\n"
DELIVER = "from kpiproject import mail\nfor mail_id in mail.due_ids(10):\n    mail.deliver(mail_id)\n"
# Where the process dies, and how it is brought to die there.
MOMENTS = {
    "claimed": "from kpiproject import mail_message\nmail_message.build = die\n",
    "all but the dot is sent": "from kpiproject import mail\nmail._hand_over = die\n",
    "the dot is sent": "from kpiproject import mailbox\nmailbox._TwoPhaseSmtp._last_reply = die\n",
    "the server has answered": "from kpiproject import mailbox\nmailbox.SmtpBackend.close = die\n"
    "from django.db.models import QuerySet\nupdate = QuerySet.update\n"
    "def dying_update(rows, **values):\n"
    "    return die() if values.get('state') == 'sent' else update(rows, **values)\n"
    "QuerySet.update = dying_update\n",
}


def states(installation: Installation) -> dict[str, int]:
    return dict(installation.query("SELECT state, count(*) FROM kpiproject_mail GROUP BY state"))


@pytest.mark.parametrize("queue_url", ["embedded"], indirect=True)
@pytest.mark.parametrize("moment", list(MOMENTS))
def test_mail_arrives_once_whenever_its_worker_dies(installation: Installation, smtp_sink: Sink, moment: str) -> None:
    installation.run(PUT)
    died = installation.execute(DIE + MOMENTS[moment] + DELIVER)
    assert died.returncode == DYING, died.stderr
    let_the_leases_of_the_dead_run_out(installation)
    installation.run(DELIVER + "mail.note_unconfirmed()")
    eventually(lambda: smtp_sink.arrivals.total() > 0)
    assert smtp_sink.arrivals == {"person0@example.com": 1}
    is_certain = moment in ("claimed", "all but the dot is sent")
    assert states(installation) == ({"sent": 1} if is_certain else {"handed_over": 1})
    ((sent_at, error),) = installation.query("SELECT sent_at, error FROM kpiproject_mail")
    assert sent_at is not None
    assert error.startswith("" if is_certain else "The mail server was given this mail but its answer was not heard.")


def test_two_hundred_invitations_arrive_once_although_the_worker_is_killed(
    installation: Installation, smtp_sink: Sink
) -> None:
    count = 200
    smtp_sink.seconds_to_think = 0.02
    invite(installation, count)
    for killed in range(KILLS + 1):
        worker = installation.start_worker()
        if killed < KILLS:
            more = min(len(smtp_sink.mails) + random.randint(1, 25), count - 10)
            swept_until(installation, lambda: len(smtp_sink.mails) >= more)  # noqa: B023 - called at once
            kill_in_the_middle(worker)
            let_the_leases_of_the_dead_run_out(installation)
    swept_until(installation, lambda: is_finished(installation))
    send_again_what_fell_into_the_gap(installation, smtp_sink, most=KILLS)
    assert smtp_sink.arrivals == {f"person{number}@example.com": 1 for number in range(count)}
    assert len({mail["Message-ID"] for mail in smtp_sink.mails}) == count


def kill_in_the_middle(worker: subprocess.Popen[bytes]) -> None:
    time.sleep(random.random() * 0.05)
    worker.kill()
    worker.wait()


IMPORT = """
import csv, random, sys
from datetime import datetime, timedelta
from pathlib import Path
from django.core.management import call_command
rng = random.Random(7)
with Path(FILE).open("w", newline="") as file:
    out = csv.writer(file)
    out.writerow("external_id created_at first_agent_reply_at solved_at channel team agent priority".split())
    for number in range(3000):
        created = datetime(2024, 1, 1) + timedelta(minutes=rng.randrange(600 * 1440))
        replied = created + timedelta(minutes=rng.randrange(1, 3000))
        solved = replied + timedelta(minutes=rng.randrange(1, 9000))
        out.writerow(
            [number, created, replied, solved if rng.random() < 0.9 else "", rng.choice(["mail", "phone", "chat"]),
             f"team {rng.randrange(4)}", f"agent {rng.randrange(20)}", rng.choice(["low", "high"])]
        )
call_command("import_data", "tickets", FILE, tz="UTC", stdout=sys.stderr)
"""
ROLLUPS = "SELECT kpi, revision, day, dimension, member, clock, whole, part, square, extra, values FROM metrics_rollup"


def rollups(installation: Installation) -> list[str]:
    return sorted(repr(row) for row in installation.query(ROLLUPS.replace("values", '"values"')))


def dirty_days(installation: Installation) -> int:
    return int(installation.query("SELECT count(*) FROM metrics_dirtyday")[0][0])


def test_every_figure_is_right_although_the_worker_is_killed_while_it_computes(installation: Installation) -> None:
    installation.run(IMPORT.replace("FILE", repr(str(installation.var / "tickets.csv"))))
    all_of_them = dirty_days(installation)
    assert all_of_them > 600
    killed_at = []
    for part in (0.8, 0.5, 0.2):
        worker = installation.start_worker()
        swept_until(
            installation,
            lambda: dirty_days(installation) < part * all_of_them,  # noqa: B023 - called at once
            sweep="metrics.sweep_dirty",
        )
        time.sleep(random.random() * 0.2)
        worker.kill()
        worker.wait()
        killed_at.append(dirty_days(installation))
        installation.query("UPDATE metrics_dirtyday SET claimed_until = NULL")  # a minute passes
    assert killed_at[0] > 0, "Every kill came too late."
    installation.start_worker()
    swept_until(installation, lambda: dirty_days(installation) == 0, sweep="metrics.sweep_dirty")
    after_kills = rollups(installation)
    installation.query("DELETE FROM metrics_rollup")
    installation.run("from django.core.management import call_command\ncall_command('recompute', all=True)")
    assert after_kills == rollups(installation)
    volume = "SELECT sum(whole) FROM metrics_rollup WHERE kpi = 'ticket_volume' AND dimension = ''"
    assert installation.query(volume) == [(3000,)]
