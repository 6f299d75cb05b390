"""The passphrase of a share link: kept hashed, and braked for whoever guesses."""

from datetime import datetime, timedelta
from typing import Final

from django.contrib.auth.hashers import check_password, make_password
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from kpiproject.lib import tokens
from manual.models import Share

LEAST_CHARACTERS: Final = 8
MOST_CHARACTERS: Final = 128
# From everywhere together, for one link. What one network address may try is less (manual.views.shared).
MOST_WRONG: Final = 25
_WITHIN: Final = timedelta(hours=1)
LOCKED_FOR: Final = timedelta(hours=1)
REMEMBERED: Final = timedelta(hours=12)
MOST_FROM_ONE: Final = 10
"""Wrong ones that one network address may try in a while; so many are more than anybody mistypes."""
_TOLD_FOR: Final = timedelta(days=1)
_PURPOSE: Final = "manual-share-opened"


def hashed(passphrase: str) -> str:
    """Empty for none."""
    return make_password(passphrase) if passphrase else ""


def is_locked(share: Share) -> bool:
    return share.locked_until is not None and timezone.now() < share.locked_until


def is_right(share: Share, passphrase: str) -> bool:
    """Counts nothing. The same answer for one that is too long to be hashed."""
    return len(passphrase) <= MOST_CHARACTERS and check_password(passphrase, share.passphrase)


def note_wrong(share: Share) -> bool:
    """Count a wrong one, by the database. Whether it locked the link: too many came within an hour."""
    now = timezone.now()
    mine = Share.objects.filter(pk=share.pk)
    mine.exclude(wrong_since__gt=now - _WITHIN).update(wrong_passphrases=0, wrong_since=now)
    mine.update(wrong_passphrases=F("wrong_passphrases") + 1)
    is_free = mine.filter(wrong_passphrases__gte=MOST_WRONG).exclude(locked_until__gt=now)
    is_new = bool(is_free.update(locked_until=now + LOCKED_FOR))
    share.refresh_from_db(fields=["wrong_passphrases", "wrong_since", "locked_until"])
    return is_new


def guessed(now: datetime) -> QuerySet[Share]:
    """Open links whose passphrase somebody has guessed at within a day and that have kept their address since."""
    is_open = Share.objects.filter(revoked_at__isnull=True, expires_at__gt=now)
    return is_open.filter(wrong_since__gt=now - _TOLD_FOR, wrong_passphrases__gte=MOST_FROM_ONE).order_by(
        "-wrong_since"
    )


def proof(share: Share) -> str:
    """What the reader's browser keeps once the passphrase was right; worth nothing for another link, another address
    of this one, or another passphrase."""
    return tokens.sign(_PURPOSE, [share.token, _mark(share)])


def is_proof(share: Share, text: str) -> bool:
    try:
        return bool(tokens.unsign(_PURPOSE, text, max_age=REMEMBERED) == [share.token, _mark(share)])
    except tokens.BadToken:
        return False


def _mark(share: Share) -> str:
    """Tells two hashes apart without telling either."""
    return salted_hmac(_PURPOSE, share.passphrase).hexdigest()[:16]
