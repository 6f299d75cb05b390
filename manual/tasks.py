"""What the worker does for the manual. Every task may run twice without harm."""

from celery import shared_task
from django.utils import timezone

from kpiproject.queue import nudge
from kpiproject.tasks import deliver_mail, sweep_mail
from manual import care_mail, editions, effect, extract_prints, feedback, followers, reading_reminders, share_mail

_SWEEP_SECONDS = 60


@shared_task(name="manual.sweep_pdfs")
def sweep_pdfs() -> None:
    """Have every edition printed that has no PDF yet, and what people outside read of it."""
    for edition_id in editions.without_pdf(timezone.now()):
        print_edition.apply_async((edition_id,), expires=_SWEEP_SECONDS)
    for extract_id in extract_prints.waiting(timezone.now()):
        print_extract.apply_async((extract_id,), expires=_SWEEP_SECONDS)


@shared_task(name="manual.print_edition")
def print_edition(edition_id: int) -> None:
    editions.make_pdf(edition_id)


@shared_task(name="manual.print_extract")
def print_extract(extract_id: int) -> None:
    extract_prints.make(extract_id)


@shared_task(name="manual.remind_readers")
def remind_readers() -> None:
    """Of what is not confirmed, and owners of what readers find unclear."""
    now = timezone.now()
    if reading_reminders.remind(now) + feedback.tell(now):
        nudge(sweep_mail)


@shared_task(name="manual.look_after_sections")
def look_after_sections() -> None:
    """Tell owners what is due, and note which editions were replaced by one whose day has come."""
    now = timezone.now()
    effect.follow(now)
    if care_mail.remind(now):
        nudge(sweep_mail)


@shared_task(name="manual.sweep_followers")
def sweep_followers() -> None:
    """Tell people outside who follow of the edition in force, each by a task of their own."""
    for follower_id in followers.untold(timezone.now()):
        tell_follower.apply_async((follower_id,), expires=_SWEEP_SECONDS)


@shared_task(name="manual.tell_follower")
def tell_follower(follower_id: int) -> None:
    if told := share_mail.tell_of_edition(follower_id):
        nudge(deliver_mail, told.pk)
