"""The worker's tasks and the way into the queue."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from celery.signals import worker_init
from django.conf import settings as real_settings
from django.core import mail as django_mail
from django.db import connection, transaction

from kpiproject import mail, people, tasks
from kpiproject.celery import app
from kpiproject.models import Heartbeat, Mail
from kpiproject.queue import nudge
from tests.factories import UserFactory
from tests.installation import Installation

Call = tuple[str, tuple[object, ...], object]  # name, arguments, expires
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def enqueued(monkeypatch: pytest.MonkeyPatch) -> list[Call]:
    calls: list[Call] = []

    def note(self, args=None, kwargs=None, **options) -> None:
        calls.append((self.name, tuple(args or ()), options.get("expires")))

    monkeypatch.setattr("celery.app.task.Task.apply_async", note)
    return calls


def put(key: str) -> Mail:
    return mail.put_into_outbox(key=key, kind="test", to="ann@example.com", subject="Hello", text="Hi")


def test_threads_of_a_worker_wait_for_one_another_only_briefly(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[float] = []
    monkeypatch.setattr("sys.setswitchinterval", taken.append)
    worker_init.send(sender=app)
    assert taken == [0.0002]


@pytest.mark.django_db
def test_sweep_enqueues_what_is_due_and_shows_what_is_unconfirmed(enqueued: list[Call]) -> None:
    due, later, dead = put("due"), put("later"), put("dead")
    Mail.objects.filter(pk=later.pk).update(next_attempt_at=NOON + timedelta(seconds=1))
    Mail.objects.filter(pk=due.pk).update(next_attempt_at=NOON)
    Mail.objects.filter(pk=dead.pk).update(state="handed_over", lease_until=NOON, lease_token="dead")
    with time_machine.travel(NOON, tick=False):
        tasks.sweep_mail()
    assert enqueued == [("kpiproject.deliver_mail", (due.pk,), 10)]
    dead.refresh_from_db()
    assert dead.sent_at == NOON


@pytest.mark.django_db
def test_sweep_finds_password_resets_that_a_lost_message_left(enqueued: list[Call]) -> None:
    UserFactory(email="known@example.org")
    asked = people.request_password_reset("known@example.org")
    tasks.sweep_mail()
    assert enqueued == [("kpiproject.answer_password_reset", (asked.pk,), 10)]
    tasks.answer_password_reset(asked.pk)
    tasks.answer_password_reset(asked.pk)
    assert [letter.recipient for letter in Mail.objects.all()] == ["known@example.org"]
    assert people.waiting_password_resets(2) == []


@pytest.mark.django_db
def test_password_reset_that_fails_waits_and_is_given_up_after_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_anything: object, **_more: object) -> None:
        raise OSError("no template")

    monkeypatch.setattr("kpiproject.mail.compose", fail)
    UserFactory(email="known@example.org")
    asked = people.request_password_reset("known@example.org")
    with pytest.raises(OSError, match="no template"):
        tasks.answer_password_reset(asked.pk)
    assert people.waiting_password_resets(2) == [asked.pk]
    with time_machine.travel(asked.asked_at + timedelta(days=1, seconds=1), tick=False):
        tasks.purge()
    assert people.waiting_password_resets(2) == []


@pytest.mark.django_db
def test_sweep_is_bounded(enqueued: list[Call], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "SWEEP_SIZE", 2)
    for number in range(3):
        put(f"cause {number}")
    tasks.sweep_mail()
    assert len(enqueued) == 2


@pytest.mark.django_db
def test_deliver_mail_may_run_twice() -> None:
    row = put("once")
    tasks.deliver_mail(row.pk)
    tasks.deliver_mail(row.pk)
    tasks.deliver_mail(row.pk + 1)
    assert len(django_mail.outbox) == 1


@pytest.mark.django_db
def test_beat_shows_that_scheduler_and_worker_live() -> None:
    for now in (NOON, NOON + timedelta(seconds=10)):
        with time_machine.travel(now, tick=False):
            tasks.beat()
    assert dict(Heartbeat.objects.values_list("name", "at")) == {
        "scheduler": NOON + timedelta(seconds=10),
        "worker": NOON + timedelta(seconds=10),
    }


@pytest.mark.django_db
def test_purge_forgets_after_ninety_days() -> None:
    row = put("old")
    Mail.objects.update(state="sent", sent_at=NOON, created_at=NOON)
    for days, text in ((90, "Hi"), (91, "")):
        with time_machine.travel(NOON + timedelta(days=days), tick=False):
            tasks.purge()
        row.refresh_from_db()
        assert row.text == text


@pytest.mark.django_db(transaction=True)
def test_nudge_waits_for_the_commit(enqueued: list[Call]) -> None:
    with transaction.atomic():
        nudge(tasks.deliver_mail, 7)
        assert enqueued == []
    assert enqueued == [("kpiproject.deliver_mail", (7,), None)]
    with transaction.atomic():
        nudge(tasks.deliver_mail, 8)
        transaction.set_rollback(True)
    assert len(enqueued) == 1


@pytest.mark.django_db(transaction=True)
def test_nudge_survives_a_dead_queue(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def refuse(*_anything: object, **_more: object) -> None:
        raise OSError("gone")

    monkeypatch.setattr("celery.app.task.Task.apply_async", refuse)
    nudge(tasks.deliver_mail, 7)
    assert caplog.messages == ["The queue is away; the sweep will find the work of kpiproject.deliver_mail."]


def test_nudge_does_not_wait_for_a_queue_that_is_away(tmp_path: Path) -> None:
    """In a process with settings that are not those of tests. It looks for nothing in its database: no tables."""
    code = "import time\nfrom kpiproject import tasks\nfrom kpiproject.queue import nudge\nstarted = time.monotonic()\n"
    is_sqlite = connection.vendor == "sqlite"
    database = f"sqlite:///{tmp_path / 'empty.sqlite3'}" if is_sqlite else os.environ["DATABASE_URL"]
    installation = Installation(tmp_path, database_url=database, queue_url="", email_url="console:")
    assert installation.run(f"{code}nudge(tasks.beat)\nresult = time.monotonic() - started") < 3
    installation.stop()


def test_everything_scheduled_exists() -> None:
    app.loader.import_default_modules()
    scheduled = {entry["task"] for entry in real_settings.CELERY_BEAT_SCHEDULE.values()}
    assert scheduled - set(app.tasks) == set()
