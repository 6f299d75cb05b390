"""Addresses under which editions can be read without an account until a date."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from kpiproject.lib.tokens import is_token, new_token
from kpiproject.models import Mail, User
from manual import passphrases, queries
from manual.models import Edition, FormerToken, Share

LEAST_DAYS: Final = 1
MOST_DAYS: Final = 365
USUAL_DAYS: Final = 90

_CAN_LEAVE: Final = (Mail.State.QUEUED, Mail.State.CLAIMED)


class BadDaysError(ValueError):
    """A share link for no days, or for longer than a year."""


class ClosedError(Exception):
    """A link that has expired or was revoked."""


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


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Who may read what, and until when. Without `sections` all of them; without a passphrase whoever has the link."""

    name: str
    email: str = ""
    reason: str = ""
    days: int = USUAL_DAYS
    sections: Sequence[str] = ()
    follows_editions: bool = False
    passphrase: str = ""


def create(edition: Edition, terms: Terms, *, by: User | None, form_key: str = "") -> Share:
    """One for each form that was shown, however often it is sent. Raises BadDaysError."""
    if not LEAST_DAYS <= terms.days <= MOST_DAYS:
        message = _("A share link is open for %(least)s to %(most)s days, not for %(days)s.")
        raise BadDaysError(message % {"least": LEAST_DAYS, "most": MOST_DAYS, "days": terms.days})
    now = timezone.now()
    share, _is_new = Share.objects.get_or_create(
        form_key=form_key or new_token(),
        defaults={
            "edition": edition,
            "name": terms.name.strip(),
            "email": terms.email.strip().lower(),
            "reason": terms.reason.strip(),
            "sections": list(terms.sections),
            "follows_editions": terms.follows_editions,
            "passphrase": passphrases.hashed(terms.passphrase),
            "expires_at": now + timedelta(days=terms.days),
            "created_by": by,
            "created_at": now,
        },
    )
    return share


def mail_key(share: Share) -> str:
    """Of the one mail that brings its address; the keys of all others about it begin so, too."""
    former = share.former_tokens.count()
    return f"share:{share.pk}:{former}" if former else f"share:{share.pk}"


def find(token: str) -> Found:
    """What may be shown under an address. What cannot be a token costs no query."""
    if not is_token(token):
        return Found(share=None, state=State.UNKNOWN)
    share = queries.shares().filter(token=token).first()
    if share is not None:
        return Found(share=share, state=state(share))
    former = queries.shares().filter(former_tokens__token=token).first()
    return Found(share=former, state=State.REVOKED if former else State.UNKNOWN)


def state(share: Share) -> State:
    """Revoked counts before expired: it was somebody's decision."""
    if share.revoked_at is not None:
        return State.REVOKED
    return State.EXPIRED if timezone.now() >= share.expires_at else State.OPEN


ORDERS: Final[Mapping[str, Sequence[Any]]] = {
    "": ("-id",),
    "expires": ("expires_at", "-id"),
    "seen": (F("last_seen_at").desc(nulls_last=True), "-id"),
    "views": ("-views", "-id"),
    "name": ("name", "-id"),
}


def listed(*, state: str = "", order: str = "") -> QuerySet[Share]:
    """Those in a state, all of them without one, in one of the ORDERS."""
    now = timezone.now()
    is_revoked = Q(revoked_at__isnull=False)
    kept = {
        "": Q(),
        State.OPEN: ~is_revoked & Q(expires_at__gt=now),
        State.EXPIRED: ~is_revoked & Q(expires_at__lte=now),
        State.REVOKED: is_revoked,
    }
    return queries.shares().filter(kept[state]).order_by(*ORDERS[order])


def shown_edition(share: Share) -> Edition:
    """The edition that is read under it, without its content, which is read when it is asked for."""
    newest = queries.in_force() if share.follows_editions else None
    return newest if newest and newest.number > share.edition.number else share.edition


def note_view(share: Share) -> None:
    """Count that the edition was opened; by the database, so that two at once count twice."""
    Share.objects.filter(pk=share.pk).update(views=F("views") + 1, last_seen_at=timezone.now())


def revoke(share: Share) -> None:
    """Close the address at once and for good; one that is closed stays so since when it was. Its mails stay."""
    with transaction.atomic():
        Share.objects.filter(pk=share.pk, revoked_at__isnull=True).update(revoked_at=timezone.now())
        _call_off(share)
    share.refresh_from_db(fields=["revoked_at"])


def rotate(share: Share) -> None:
    """Give it another address; the one that it had is closed at once and for good. Only what is open: ClosedError."""
    with transaction.atomic():
        found = Share.objects.select_for_update().get(pk=share.pk)
        if state(found) != State.OPEN:
            raise ClosedError(_("The link for %(name)s does not work any more; make a new one.") % {"name": found.name})
        FormerToken.objects.create(share=found, token=found.token)
        found.token, found.locked_until, found.wrong_passphrases = new_token(), None, 0
        found.save(update_fields=["token", "locked_until", "wrong_passphrases"])
        _call_off(found)
    share.refresh_from_db(fields=["token", "locked_until", "wrong_passphrases"])


def _call_off(share: Share) -> None:
    """Mails with its address that have not left."""
    mails = Mail.objects.filter(Q(key=f"share:{share.pk}") | Q(key__startswith=f"share:{share.pk}:"))
    # Without its token, a worker that is sending it right now is refused before the last byte.
    mails.filter(state__in=_CAN_LEAVE).update(state=Mail.State.CANCELLED, lease_until=None, lease_token="")
