"""What the worker does for surveys. Every task may run twice without harm."""

from celery import shared_task
from django.utils import timezone

from kpiproject.queue import nudge
from kpiproject.tasks import sweep_mail
from surveys import follow_up_mail, follow_ups, invitations, mailings, parting, planned, recoveries, reminders, tallies


@shared_task(name="surveys.note_sent")
def note_sent() -> None:
    """Take over from the outbox when invitations were sent, so that the response rate counts them."""
    invitations.note_sent()


@shared_task(name="surveys.count")
def count() -> None:
    """Bring the tallies up to date that the pages of results are made of."""
    tallies.sweep(seconds=10)


@shared_task(name="surveys.remind")
def remind() -> None:
    """Write to those who have not answered, and call off what nobody can answer any more."""
    planned.call_off_closed()
    if reminders.remind(timezone.now()):
        nudge(sweep_mail)


@shared_task(name="surveys.send_mailing")
def send_mailing(mailing_id: int) -> None:
    mailings.work_off(mailing_id)
    nudge(sweep_mail)


@shared_task(name="surveys.sweep_mailings")
def sweep_mailings() -> None:
    """Find lists that wait for a worker, or whose worker is gone."""
    now = timezone.now()
    mailings.forget(now)
    for mailing_id in mailings.due_ids(now):
        send_mailing.apply_async((mailing_id,), expires=30)


@shared_task(name="surveys.follow_up")
def follow_up() -> None:
    """Open follow-ups for unhappy answers, note what customers said since, and tell whose follow-ups they are."""
    now = timezone.now()
    follow_ups.open_for_unhappy(now)
    follow_ups.note_changes(now)
    recoveries.hear(now)
    if follow_up_mail.tell(now):
        nudge(sweep_mail)


@shared_task(name="surveys.ask_after_recovery")
def ask_after_recovery() -> None:
    """Ask customers whose trouble was resolved whether it was settled."""
    if recoveries.ask_due(timezone.now()):
        nudge(sweep_mail)


@shared_task(name="surveys.part_employees")
def part_employees() -> None:
    """Part what employees answered on days that are over from the order in which it came."""
    parting.part(timezone.now())
