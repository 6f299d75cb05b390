"""Addresses under which one edition can be read without an account until a date."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from kpiproject.lib.tokens import is_token, new_token
from kpiproject.models import Mail, User
from manual.models import Edition, Share

LEAST_DAYS: Final = 1
MOST_DAYS: Final = 365
USUAL_DAYS: Final = 90


_CAN_LEAVE: Final = (Mail.State.QUEUED, Mail.State.CLAIMED)


class BadDaysError(ValueError):
    """A share link for no days, or for longer than a year."""


class State(StrEnum):
    OPEN = "open"
    EXPIRED = "expired"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Found:
    """What is behind a token; there is a share unless the state is unknown."""

    share: Share | None
    state: State


def create(
    edition: Edition, *, name: str, email: str = "", days: int = USUAL_DAYS, by: User | None, form_key: str = ""
) -> Share:
    """One for each form that was shown, however often it is sent. Raises BadDaysError."""
    if not LEAST_DAYS <= days <= MOST_DAYS:
        message = _("A share link is open for %(least)s to %(most)s days, not for %(days)s.")
        raise BadDaysError(message % {"least": LEAST_DAYS, "most": MOST_DAYS, "days": days})
    now = timezone.now()
    share, _is_new = Share.objects.get_or_create(
        form_key=form_key or new_token(),
        defaults={
            "edition": edition,
            "name": name.strip(),
            "email": email.strip().lower(),
            "expires_at": now + timedelta(days=days),
            "created_by": by,
            "created_at": now,
        },
    )
    return share


def mail_key(share: Share) -> str:
    """Of the one mail that brings it."""
    return f"share:{share.pk}"


def find(token: str) -> Found:
    """What may be shown under an address. What cannot be a token costs no query."""
    rows = Share.objects.select_related("edition").defer("edition__content", "edition__figures")
    share = rows.filter(token=token).first() if is_token(token) else None
    return Found(share=share, state=state(share) if share else State.UNKNOWN)


def state(share: Share) -> State:
    """Revoked counts before expired: it was somebody's decision."""
    if share.revoked_at is not None:
        return State.REVOKED
    return State.EXPIRED if timezone.now() >= share.expires_at else State.OPEN


def note_view(share: Share) -> None:
    """Count that the edition was opened; by the database, so that two at once count twice."""
    Share.objects.filter(pk=share.pk).update(views=F("views") + 1, last_seen_at=timezone.now())


def revoke(share: Share) -> None:
    """Close the address at once and for good; one that is closed stays so since when it was. Its mail stays."""
    with transaction.atomic():
        Share.objects.filter(pk=share.pk, revoked_at__isnull=True).update(revoked_at=timezone.now())
        mails = Mail.objects.filter(key=mail_key(share), state__in=_CAN_LEAVE)
        # Without its token, a worker that is sending it right now is refused before the last byte.
        mails.update(state=Mail.State.CANCELLED, lease_until=None, lease_token="")
    share.refresh_from_db(fields=["revoked_at"])
