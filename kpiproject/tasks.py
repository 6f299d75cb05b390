"""The ground floor's work for the worker. Every task may run twice without harm."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from kpiproject import mail, throttle
from kpiproject.models import Heartbeat

SWEEP_SIZE = 200
SWEEP_SECONDS = 10
BODIES_KEPT = timedelta(days=90)


@shared_task(name="kpiproject.deliver_mail")
def deliver_mail(mail_id: int) -> None:
    mail.deliver(mail_id)


@shared_task(name="kpiproject.sweep_mail")
def sweep_mail() -> None:
    """Find what a lost message or a dead worker left behind. The next sweep finds what this one did not get done."""
    mail.note_unconfirmed()
    for mail_id in mail.due_ids(SWEEP_SIZE):
        deliver_mail.apply_async((mail_id,), expires=SWEEP_SECONDS)


@shared_task(name="kpiproject.beat")
def beat() -> None:
    """Sent by the scheduler, run by a worker: whoever reads these rows knows that both live."""
    for name in ("scheduler", "worker"):
        Heartbeat.objects.update_or_create(name=name, defaults={"at": timezone.now()})


@shared_task(name="kpiproject.purge")
def purge() -> None:
    now = timezone.now()
    mail.purge(now - BODIES_KEPT)
    throttle.forget(now)
