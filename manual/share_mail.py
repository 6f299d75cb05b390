"""Mails about share links: the link itself, following new editions, and passphrases that somebody guesses at."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import override

from kpiproject import mail
from kpiproject.models import Mail, User
from manual import followers
from manual.links import confirm_url, leave_url, share_url
from manual.models import Follower, Share
from manual.shares import mail_key, shown_edition


def put_into_outbox(share: Share, *, by: User | None) -> Mail:
    """One mail for each address of a link, however often this is asked for."""
    return mail.compose(
        "manual_share",
        key=mail_key(share),
        kind="manual_share",
        to=share.email,
        context={"share": share, "edition": shown_edition(share), "url": share_url(share), "by": by},
        reply_to=by.email if by else "",
    )


def ask_to_confirm(follower: Follower) -> Mail:
    """One mail for each time that somebody asked."""
    return mail.compose(
        followers.CONFIRM_KIND,
        key=f"share:{follower.share_id}:follow:{follower.pk}:{int(follower.asked_at.timestamp())}",
        kind=followers.CONFIRM_KIND,
        to=follower.email,
        context={"follower": follower, "url": confirm_url(follower)},
    )


def tell_of_edition(pk: int) -> Mail | None:
    """The one mail to a follower about the edition in force, with what is different; None if there is nothing."""
    with transaction.atomic():
        claimed = followers.claim(pk)
        if claimed is None:
            return None
        follower, edition, difference = claimed
        leave = leave_url(follower)
        language = edition.content["language"]
        with override(language):
            return mail.compose(
                followers.EDITION_KIND,
                key=f"share:{follower.share_id}:edition:{follower.pk}:{edition.number}",
                kind=followers.EDITION_KIND,
                to=follower.email,
                context={
                    "edition": edition,
                    "difference": difference,
                    "url": share_url(follower.share),
                    "leave_url": leave,
                },
                headers={"List-Unsubscribe": f"<{leave}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
                language=language,
            )


def tell_of_guessing(share: Share) -> Mail | None:
    """Whoever made the link is told, once for each day on which somebody guesses at its passphrase."""
    if share.created_by is None or not share.created_by.is_active or share.wrong_since is None:
        return None
    return mail.compose(
        "manual_share_guessed",
        key=f"share-guessed:{share.pk}:{share.wrong_since:%Y-%m-%d}",
        kind="manual_share_guessed",
        to=share.created_by.email,
        context={"share": share, "url": settings.BASE_URL + reverse("manual:share_list")},
        language=share.created_by.language,
    )
