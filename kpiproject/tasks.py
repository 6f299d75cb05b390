"""The ground floor's work for the worker. Every task may run twice without harm."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from kpiproject import mail, people, throttle, webhooks
from kpiproject.models import Heartbeat
from kpiproject.queue import nudge

SWEEP_SIZE = 200
SWEEP_SECONDS = 10
BODIES_KEPT = timedelta(days=90)
RESETS_KEPT = timedelta(days=1)


@shared_task(name="kpiproject.deliver_mail")
def deliver_mail(mail_id: int) -> None:
    mail.deliver(mail_id)


@shared_task(name="kpiproject.answer_password_reset")
def answer_password_reset(request_id: int) -> None:
    people.answer_password_reset(request_id)
    nudge(sweep_mail)


@shared_task(name="kpiproject.sweep_mail")
def sweep_mail() -> None:
    """Find what a lost message or a dead worker left behind. The next sweep finds what this one did not get done."""
    mail.note_unconfirmed()
    for request_id in people.waiting_password_resets(SWEEP_SIZE):
        answer_password_reset.apply_async((request_id,), expires=SWEEP_SECONDS)
    for mail_id in mail.due_ids(SWEEP_SIZE):
        deliver_mail.apply_async((mail_id,), expires=SWEEP_SECONDS)


@shared_task(name="kpiproject.deliver_webhook")
def deliver_webhook(delivery_id: int) -> None:
    webhooks.deliver(delivery_id)


@shared_task(name="kpiproject.sweep_webhooks")
def sweep_webhooks() -> None:
    for delivery_id in webhooks.due_ids(SWEEP_SIZE):
        deliver_webhook.apply_async((delivery_id,), expires=SWEEP_SECONDS)


@shared_task(name="kpiproject.beat")
def beat() -> None:
    """Sent by the scheduler, run by a worker: whoever reads these rows knows that both live."""
    for name in ("scheduler", "worker"):
        Heartbeat.objects.update_or_create(name=name, defaults={"at": timezone.now()})


@shared_task(name="kpiproject.purge")
def purge() -> None:
    now = timezone.now()
    mail.purge(now - BODIES_KEPT)
    webhooks.purge(now - BODIES_KEPT)
    throttle.forget(now)
    people.forget_password_resets(now - RESETS_KEPT)
