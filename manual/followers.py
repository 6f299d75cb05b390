"""People outside who want to be told of new editions: they ask, confirm by mail, are told once of each, and leave."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from kpiproject.lib import tokens
from kpiproject.models import Mail
from manual import queries, shares
from manual.difference import Difference, compare
from manual.models import Edition, Follower, Section, Share
from manual.outside import extract, visible

CONFIRM_WITHIN: Final = timedelta(hours=24)
MOST_ASKED: Final = 3
"""Confirmations that one address gets within a day, whoever asks for it and under however many links."""
CONFIRM_KIND: Final = "manual_follow"
EDITION_KIND: Final = "manual_edition"
_CONFIRM: Final = "manual-follow"
_LEAVE: Final = "manual-unfollow"
_CAN_LEAVE: Final = Q(state__in=[Mail.State.QUEUED, Mail.State.CLAIMED, Mail.State.FAILED]) | Q(
    state=Mail.State.HANDED_OVER, sent_at__isnull=False
)


def ask(share: Share, email: str) -> Follower | None:
    """Remember that somebody says this address wants to follow. None if it was asked often enough, or follows already.

    Nobody but the address itself is told which of these it was.
    """
    email = email.strip().lower()
    now = timezone.now()
    recent = Mail.objects.filter(kind=CONFIRM_KIND, recipient=email, created_at__gt=now - CONFIRM_WITHIN)
    if recent.count() >= MOST_ASKED:
        return None
    told = shares.shown_edition(share)
    found, _is_new = Follower.objects.get_or_create(share=share, email=email, defaults={"told": told})
    if follows(found):
        return None
    found.asked_at, found.told = now, told
    found.save(update_fields=["asked_at", "told"])
    return found


def follows(follower: Follower) -> bool:
    return follower.confirmed_at is not None and follower.left_at is None


def confirm_token(follower: Follower) -> str:
    return tokens.sign(_CONFIRM, [follower.pk, int(follower.asked_at.timestamp())])


def leave_token(follower: Follower) -> str:
    return tokens.sign(_LEAVE, follower.pk)


def asked(token: str) -> Follower | None:
    """Who may confirm under this address; None if it is older than a day or not ours."""
    try:
        pk, _asked_at = tokens.unsign(_CONFIRM, token, max_age=CONFIRM_WITHIN)
    except tokens.BadToken:
        return None
    return _rows().filter(pk=pk).first()


def leaving(token: str) -> Follower | None:
    """Who may leave under this address, which never expires."""
    try:
        pk = tokens.unsign(_LEAVE, token)
    except tokens.BadToken:
        return None
    return _rows().filter(pk=pk).first()


def confirm(follower: Follower) -> None:
    """They follow from the edition on that they could read when they asked; twice is as once."""
    now = timezone.now()
    Follower.objects.filter(pk=follower.pk).exclude(confirmed_at__isnull=False, left_at__isnull=True).update(
        confirmed_at=now, left_at=None
    )
    follower.refresh_from_db(fields=["confirmed_at", "left_at"])


def leave(follower: Follower) -> None:
    """No more mails, not even those that wait; twice is as once."""
    with transaction.atomic():
        Follower.objects.filter(pk=follower.pk, left_at__isnull=True).update(left_at=timezone.now())
        mails = Mail.objects.filter(key__startswith=f"share:{follower.share_id}:edition:{follower.pk}:")
        mails.filter(_CAN_LEAVE).update(state=Mail.State.CANCELLED, lease_until=None, lease_token="")
    follower.refresh_from_db(fields=["left_at"])


def untold(now: datetime) -> list[int]:
    """Those who follow under an open link and do not know of the edition in force yet."""
    newest = queries.in_force()
    if newest is None:
        return []
    is_open = Q(share__revoked_at__isnull=True, share__expires_at__gt=now, share__follows_editions=True)
    rows = Follower.objects.filter(is_open, confirmed_at__isnull=False, left_at__isnull=True)
    return list(rows.filter(told__number__lt=newest.number).order_by("pk").values_list("pk", flat=True))


def claim(pk: int) -> tuple[Follower, Edition, Difference] | None:
    """Whom to tell of what, inside the caller's transaction: they count as told from now on.

    None if somebody else has told them, or nothing that they may read is different.
    """
    newest = queries.in_force()
    follower = _rows().select_for_update(of=("self",)).filter(pk=pk).first()
    if newest is None or follower is None or not follows(follower) or follower.told.number >= newest.number:
        return None
    before = follower.told
    follower.told = newest
    follower.save(update_fields=["told"])
    found = news(follower.share, before, newest)
    return (follower, newest, found) if found else None


def news(share: Share, before: Edition, after: Edition) -> Difference:
    """What is different for readers of this link."""
    old, new = (extract(edition, share.sections) for edition in (before, after))
    chapters = frozenset(_chapters(share)) if share.sections else None
    return visible(compare(old, new), chapters, after.content["language"])


def _chapters(share: Share) -> Iterator[str]:
    rows = Section.objects.filter(slug__in=share.sections).exclude(chapter="")
    yield from rows.values_list("chapter", flat=True)


def _rows() -> QuerySet[Follower]:
    return Follower.objects.select_related("share", "share__edition", "told")
