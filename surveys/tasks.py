"""What the worker does for surveys. Every task may run twice without harm."""

from celery import shared_task

from surveys import invitations


@shared_task(name="surveys.note_sent")
def note_sent() -> None:
    """Take over from the outbox when invitations were sent, so that the response rate counts them."""
    invitations.note_sent()
