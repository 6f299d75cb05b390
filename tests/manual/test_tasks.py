"""What the worker does for the manual."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from kpiproject.documents import pdf
from kpiproject.models import Mail
from manual import tasks
from manual.models import Edition
from tests.factories import EditionFactory, ManagerFactory, StaffFactory
from tests.manual.readers import FIRST, audience, published, unclear

pytestmark = pytest.mark.django_db


def test_sweep_has_every_edition_printed_that_has_no_pdf(monkeypatch) -> None:
    calls = []
    monkeypatch.setattr(
        "celery.app.task.Task.apply_async",
        lambda task, args=None, **options: calls.append((task.name, args, options["expires"])),
    )
    waiting, leased, printed, hopeless = EditionFactory.create_batch(4)
    Edition.objects.filter(pk=leased.pk).update(lease_until=timezone.now() + timedelta(minutes=1))
    Edition.objects.filter(pk=printed.pk).update(pdf="manual/there.pdf")
    Edition.objects.filter(pk=hopeless.pk).update(pdf_attempts=3)
    tasks.sweep_pdfs()
    assert calls == [("manual.print_edition", (waiting.pk,), 60)]


def test_task_prints_once_however_often_it_runs(monkeypatch) -> None:
    printed = []

    def render(document) -> bytes:
        printed.append(document["title"])
        return b"%PDF-1"

    monkeypatch.setattr(pdf, "render", render)
    edition = EditionFactory()
    tasks.print_edition(edition.pk)
    tasks.print_edition(edition.pk)
    tasks.print_edition(edition.pk + 1)
    assert printed == ["Customer Service Manual"]


def test_task_reminds_readers_and_owners_once() -> None:
    ManagerFactory()
    jon = StaffFactory(email="jon@example.org")
    published("promise")
    audience(jon)
    unclear(jon, "promise")
    with time_machine.travel(FIRST + timedelta(days=3), tick=False):
        tasks.remind_readers()
        tasks.remind_readers()
        assert sorted(Mail.objects.values_list("kind", flat=True)) == ["feedback_digest", "reading_reminder"]
