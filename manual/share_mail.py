"""The mail that brings somebody the link to an edition."""

from kpiproject import mail
from kpiproject.models import Mail, User
from manual.links import share_url
from manual.models import Share
from manual.shares import mail_key


def put_into_outbox(share: Share, *, by: User | None) -> Mail:
    """One mail for each link, however often this is asked for."""
    return mail.compose(
        "manual_share",
        key=mail_key(share),
        kind="manual_share",
        to=share.email,
        context={"share": share, "edition": share.edition, "url": share_url(share), "by": by},
        reply_to=by.email if by else "",
    )
