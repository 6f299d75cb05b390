"""Who hears of a step of an approval: the reviewer that there is something to read, the author what came of it."""

from collections.abc import Sequence
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kpiproject import mail
from kpiproject.models import User
from manual.approval_states import Step
from manual.models import Approval, ApprovalEvent

_TO_AUTHOR: Final = frozenset({Step.ASK, Step.APPROVE, Step.EDIT})


def tell(event: ApprovalEvent, *, others: Sequence[User]) -> int:
    """Put the mails into the outbox, in the transaction of the step; how many. `others` are asked for a review where
    nobody in particular was."""
    people = _recipients(event, event.approval, others)
    for person in people:
        _compose(event, person)
    return len(people)


def _recipients(event: ApprovalEvent, approval: Approval, others: Sequence[User]) -> list[User]:
    """Nobody is told of what they have done themselves."""
    wanted: list[User | None] = []
    if event.step == Step.SUBMIT:
        wanted = [approval.reviewer] if approval.reviewer else [*others]
    elif event.step in _TO_AUTHOR:
        wanted = [approval.author]
    return [person for person in wanted if person is not None and person.is_active and person.pk != event.by_id]


def _compose(event: ApprovalEvent, person: User) -> None:
    mail.compose(
        "manual_approval",
        key=f"manual_approval:{event.pk}:{person.pk}",
        kind="manual_approval",
        to=person.email,
        context={
            "person": person,
            "event": event,
            "who": event.by or _("Somebody"),
            "comments": list(event.comments.all()),
            "url": settings.BASE_URL + reverse("manual:approval"),
        },
        reply_to=event.by.email if event.by else "",
        language=person.language,
    )
