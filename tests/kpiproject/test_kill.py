"""Workers die at the worst moments; nothing may get lost, doubled or wrong."""

import random
import signal
import subprocess
import time

import pytest

from tests.installation import Installation, eventually
from tests.smtp_sink import Sink

pytestmark = [pytest.mark.queue, pytest.mark.django_db]
DYING = -signal.SIGKILL

PUT = """
from django.db import transaction
from kpiproject import mail
with transaction.atomic():
    result = [
        mail.put_into_outbox(
            key=f"cause {n}", kind="test", to=f"person{n}@example.com", subject=f"Mail {n}", text="Hello " * 200
        ).pk
        for n in range(COUNT)
    ]
"""
DIE = "import os, signal\ndef die(*_anything):\n    os.kill(os.getpid(), signal.SIGKILL)\n"
DELIVER = "from kpiproject import mail\nfor mail_id in mail.due_ids(10):\n    mail.deliver(mail_id)\n"
# Where the process dies, and how it is brought to die there.
MOMENTS = {
    "claimed": "from kpiproject import mail\nmail._message = die\n",
    "all but the dot is sent": "from kpiproject import mail\nmail._hand_over = die\n",
    "the dot is sent": "from kpiproject import mailbox\nmailbox._TwoPhaseSmtp._last_reply = die\n",
    "the server has answered": "from kpiproject import mailbox\nmailbox.SmtpBackend.close = die\n"
    "from django.db.models import QuerySet\nupdate = QuerySet.update\n"
    "def dying_update(rows, **values):\n"
    "    return die() if values.get('state') == 'sent' else update(rows, **values)\n"
    "QuerySet.update = dying_update\n",
}


def let_the_leases_of_the_dead_run_out(installation: Installation) -> None:
    """What would take minutes; only while no worker lives."""
    installation.query(
        "UPDATE kpiproject_mail SET lease_until = '2000-01-01 00:00:00+00:00' WHERE lease_until IS NOT NULL"
    )


def states(installation: Installation) -> dict[str, int]:
    return dict(installation.query("SELECT state, count(*) FROM kpiproject_mail GROUP BY state"))


@pytest.mark.parametrize("queue_url", ["embedded"], indirect=True)
@pytest.mark.parametrize("moment", list(MOMENTS))
def test_mail_arrives_once_whenever_its_worker_dies(installation: Installation, smtp_sink: Sink, moment: str) -> None:
    installation.run(PUT.replace("COUNT", "1"))
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


def test_two_hundred_mails_arrive_once_although_the_worker_is_killed(
    installation: Installation, smtp_sink: Sink
) -> None:
    count, kills = 200, 6
    smtp_sink.seconds_to_think = 0.02
    installation.run(PUT.replace("COUNT", str(count)))
    for killed in range(kills + 1):
        worker = installation.start_worker()
        installation.enqueue("kpiproject.sweep_mail")
        if killed < kills:
            kill_in_the_middle(worker, smtp_sink, after=len(smtp_sink.mails) + random.randint(1, 25))
            let_the_leases_of_the_dead_run_out(installation)
    eventually(lambda: is_finished(installation), seconds=60)
    send_again_what_fell_into_the_gap(installation, smtp_sink)
    assert smtp_sink.arrivals == {f"person{number}@example.com": 1 for number in range(count)}
    assert len({mail["Message-ID"] for mail in smtp_sink.mails}) == count


def send_again_what_fell_into_the_gap(installation: Installation, sink: Sink) -> None:
    """About one run in fifty kills a worker within the microseconds between its commit and its dot.

    Such a mail must be among those shown as not confirmed. Here its recipient says that it did not come.
    """
    installation.enqueue("kpiproject.sweep_mail")
    eventually(lambda: no_dead_mail_is_hidden(installation))
    unconfirmed = installation.query("SELECT id, recipient FROM kpiproject_mail WHERE state = 'handed_over'")
    missing = [mail_id for mail_id, recipient in unconfirmed if recipient not in sink.arrivals]
    assert len(missing) <= 1
    for mail_id in missing:
        installation.run(f"from kpiproject import mail\nmail.resend(mail.Mail.objects.get(pk={mail_id}))")
    installation.enqueue("kpiproject.sweep_mail")
    eventually(lambda: is_finished(installation))


def no_dead_mail_is_hidden(installation: Installation) -> bool:
    return installation.query("SELECT id FROM kpiproject_mail WHERE state = 'handed_over' AND sent_at IS NULL") == []


def is_finished(installation: Installation) -> bool:
    """Whatever is not sent has been handed over by somebody who is dead."""
    of_the_dead = "state = 'handed_over' AND lease_until < '2001-01-01 00:00:00+00:00'"
    unfinished = f"SELECT id FROM kpiproject_mail WHERE state <> 'sent' AND NOT ({of_the_dead})"  # noqa: S608 - our words
    return installation.query(unfinished) == []


def kill_in_the_middle(worker: subprocess.Popen[bytes], sink: Sink, *, after: int) -> None:
    eventually(lambda: len(sink.mails) >= min(after, 190), seconds=60)
    time.sleep(random.random() * 0.05)
    worker.kill()
    worker.wait()
