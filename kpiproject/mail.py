"""The outbox: a mail is written in the transaction of its cause and leaves exactly once.

Why two phases. An SMTP server owns a mail from the moment it has read the final dot; what it read before is thrown
away when the connection breaks. So a worker sends everything but the dot, commits HANDED_OVER, and sends the dot.
* Killed before the commit: the server has nothing, the lease runs out, another worker sends the mail.
* Killed after it: the dot follows within some 50 microseconds, so it is most likely on its way in the kernel. Nobody
  can know, and a survey that comes twice does harm, so the mail is never sent again by itself: `note_unconfirmed` shows
  it to a person, who may.
* Alive, and the server answers 4xx or hangs up instead of answering: RFC 5321 (4.2.5, 4.5.4) says try again. The
  Message-ID stays the same, so that the receiving side can tell a repetition.
A backend that cannot stop before the last byte commits HANDED_OVER right before it sends.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final

from django.conf import settings
from django.core.mail import get_connection
from django.db import DatabaseError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from kpiproject import mail_draft, mail_files, mail_message, mail_pace, outbox
from kpiproject.lib.rows import insert_new
from kpiproject.mailbox import NoReplyToTheLastByteError, NotSentError, TwoPhaseBackend, explain, is_temporary
from kpiproject.models import Mail

logger = logging.getLogger(__name__)

File = mail_files.File
Draft = mail_draft.Draft
draft = mail_draft.draft

CONFIRMED_WITHIN: Final = mail_pace.CONFIRMED_WITHIN
# These mails carry a key to somebody's account …
ACCOUNT_KINDS: Final = frozenset({"password_reset", "invitation_person"})
# … or to the one answer that somebody may give, to what only they may leave, take or read.
SECRET_KINDS: Final = ACCOUNT_KINDS | {
    "alarm",
    "follow_up",
    "manual_edition",
    "manual_follow",
    "manual_share",
    "praise",
    "report_stakeholder",
    "survey_invitation",
    "survey_reminder",
    "unclaimed_follow_ups",
}

# In the words of explain(); written for the regular expressions of every database.
_NO_SUCH_RECIPIENT: Final = (
    " 55[0-9] (5[.]1[.]([01236]|10)( |$)|5[.]2[.]1( |$)"
    "|([^0-9].*)?(user unknown|unknown user|no such user|mailbox unavailable|unrouteable address))"
)


class LeaseLostError(Exception):
    """Somebody else sends this mail now."""


# --- Into the outbox ----------------------------------------------------------------------------------------------
def put_into_outbox(
    *,
    key: str,
    kind: str,
    to: str,
    subject: str,
    text: str,
    html: str = "",
    headers: Mapping[str, str] | None = None,
    reply_to: str = "",
    files: Sequence[File] = (),
) -> Mail:
    """The mail of this key: the one that exists, or a new one.

    ValueError if a header or file could not be sent as it is.
    """
    found = mail_draft.checked(
        kind=kind, to=to, subject=subject, text=text, html=html, headers=headers, reply_to=reply_to, files=files
    )
    return _put(key, found)


def put_many(drafts: Mapping[str, Draft]) -> dict[str, int]:
    """The same for many by their keys, in a number of queries that hardly grows; returns the ids by key."""
    mails = [Mail(key=key, message_id=_message_id(key), **_fields(draft)) for key, draft in drafts.items()]
    files = {key: draft["files"] for key, draft in drafts.items() if draft.get("files")}
    rows = Mail.objects.filter(key__in=list(drafts))
    with transaction.atomic(savepoint=False):
        old = set(rows.filter(key__in=list(files)).values_list("key", flat=True)) if files else set()
        insert_new(mails)
        ids = dict(rows.values_list("key", "pk"))
        _attach_to_new({ids[key]: given for key, given in files.items() if key not in old})
    return ids


def _attach_to_new(files: Mapping[int, Sequence[File]]) -> None:
    """Leaves out the mails that another process wrote, with their files, while we waited for its transaction."""
    if files:
        theirs = set(Mail.files.through.objects.filter(mail_id__in=list(files)).values_list("mail_id", flat=True))
        mail_files.attach({mail_id: given for mail_id, given in files.items() if mail_id not in theirs})


def compose(
    template: str,
    *,
    key: str,
    kind: str,
    to: str,
    context: Mapping[str, Any],
    headers: Mapping[str, str] | None = None,
    reply_to: str = "",
    language: str = "",
    files: Sequence[File] = (),
) -> Mail:
    """Put the rendered templates/email/<template>.txt (first line: "Subject: …") and .html into the outbox."""
    found = draft(
        template,
        kind=kind,
        to=to,
        context=context,
        headers=headers,
        reply_to=reply_to,
        language=language,
        files=files,
    )
    return _put(key, found)


def _fields(draft: Draft) -> dict[str, Any]:
    return {name: value for name, value in draft.items() if name != "files"}


def _put(key: str, draft: Draft) -> Mail:
    with transaction.atomic(savepoint=False):
        defaults = {"message_id": _message_id(key), **_fields(draft)}
        found, is_new = Mail.objects.get_or_create(key=key, defaults=defaults)
        if is_new:
            mail_files.attach({found.pk: draft.get("files", ())})
    return found


def _message_id(key: str) -> str:
    """The same for the same key in this installation, and nowhere else; tells nobody what the key was."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip("> ") or "localhost"
    return f"<{salted_hmac('kpiproject.mail', key).hexdigest()}@{domain}>"


# --- Out of the outbox --------------------------------------------------------------------------------------------
def due_ids(limit: int) -> list[int]:
    """Mails that may be sent now, oldest due date first; none to a domain that has had enough for this minute."""
    now = timezone.now()
    return mail_pace.pick(_due(now).filter(outbox.free(now)).order_by("next_attempt_at"), limit=limit, now=now)


def deliver(mail_id: int) -> None:
    """Send one mail if it is due, nobody else is sending it, and its domain has room."""
    now = timezone.now()
    token = mail_pace.claim(_due(now), pk=mail_id, now=now, lease=outbox.LEASE)
    if token is None:
        return
    mine = Mail.objects.filter(pk=mail_id, lease_token=token)
    mine.update(state=Mail.State.CLAIMED, attempts=F("attempts") + 1)
    mail = mine.get()
    try:
        _send(mail, mine)
    except LeaseLostError:
        logger.warning("Mail %s took so long that another worker has taken it over.", mail_id)
    except NoReplyToTheLastByteError:
        _leave_unconfirmed(mine)
    except DatabaseError:
        raise  # the row says how far it came, and its lease runs out
    except Exception as error:  # noqa: BLE001 - any backend may be configured; whatever it raises is shown and judged
        outbox.note_failure(mail, mine, explain(error), is_final=not is_temporary(error))


def _due(now: datetime) -> QuerySet[Mail]:
    return Mail.objects.filter(state__in=[Mail.State.QUEUED, Mail.State.CLAIMED], next_attempt_at__lte=now)


def _send(mail: Mail, mine: QuerySet[Mail]) -> None:
    if mail.attempts > outbox.MOST_CLAIMS:
        msg = _("the worker ended %(count)s times while it was being sent") % {"count": outbox.MOST_CLAIMS}
        raise NotSentError(msg)
    message = mail_message.build(mail)
    connection = get_connection()
    if isinstance(connection, TwoPhaseBackend):
        connection.before_last_byte = partial(_hand_over, mine)
    try:
        connection.open()
        if not isinstance(connection, TwoPhaseBackend):
            _hand_over(mine)
        if not connection.send_messages([message]):
            msg = _("the mail backend did not take it")
            raise NotSentError(msg)
        outbox.note_sent(mine)
    finally:
        connection.close()


def _hand_over(mine: QuerySet[Mail]) -> None:
    """The last thing before the last byte; in between is nothing, not even a log line."""
    confirmed_by = timezone.now() + CONFIRMED_WITHIN
    if not mine.filter(state=Mail.State.CLAIMED).update(state=Mail.State.HANDED_OVER, lease_until=confirmed_by):
        raise LeaseLostError


# --- What a person looks at ---------------------------------------------------------------------------------------
def note_unconfirmed() -> int:
    """Show the mails whose worker died between handing over and hearing the answer. How many are new."""
    now = timezone.now()
    return _leave_unconfirmed(
        Mail.objects.filter(state=Mail.State.HANDED_OVER, sent_at__isnull=True, lease_until__lte=now)
    )


def _leave_unconfirmed(mails: QuerySet[Mail]) -> int:
    sentence = _(
        "The mail server was given this mail but its answer was not heard. It most likely arrived, so it is not sent "
        "again by itself. Send it again if the recipient did not get it."
    )
    return mails.update(sent_at=timezone.now(), error=sentence)


def undeliverable() -> QuerySet[Mail]:
    """Failed mails whose recipient does not exist, by the code of RFC 3463 or, where a server gives none, its words.

    Nothing that a server refuses because of who we are or what we write (5.7.x, blocking lists, no relaying): that
    is ours to mend, and says nothing about the recipient.
    """
    return Mail.objects.filter(state=Mail.State.FAILED, error__iregex=_NO_SUCH_RECIPIENT)


def can_be_resent(mail: Mail) -> bool:
    is_unconfirmed = mail.state == Mail.State.HANDED_OVER and mail.sent_at is not None
    # The text of an old mail is gone (see purge): what is left of it is not worth sending.
    return bool(mail.text) and (mail.state == Mail.State.FAILED or is_unconfirmed)


def resend(mail: Mail) -> None:
    """Put a failed or unconfirmed mail back in line, with the Message-ID it had. ValueError if it is neither."""
    if not can_be_resent(mail):
        msg = _("Only a mail that failed or was not confirmed, and still has its text, can be sent again.")
        raise ValueError(msg)
    # The state and the token guard against a second click and against a worker that is still waiting for an answer.
    outbox.put_back(Mail.objects.filter(pk=mail.pk, state=mail.state))
    mail.refresh_from_db()


def cancel(mails: QuerySet[Mail]) -> int:
    """Keep these from leaving, as far as they have not left: also those that a dead worker would leave to another one,
    and those that somebody could send again by hand. How many it were.

    Without its token, a worker that is sending one of them right now is refused before the last byte.
    """
    is_unconfirmed = Q(state=Mail.State.HANDED_OVER, sent_at__isnull=False)
    can_leave = Q(state__in=[Mail.State.QUEUED, Mail.State.CLAIMED, Mail.State.FAILED]) | is_unconfirmed
    return mails.filter(can_leave).update(state=Mail.State.CANCELLED, **outbox.RELEASED)


def purge(before: datetime) -> int:
    """Empty the mails written before that instant, however they ended, but none that may still leave by itself.

    Their files go as well, unless another mail carries them. The rows stay: their keys keep a mail from being written
    twice.
    """
    is_unconfirmed = Q(state=Mail.State.HANDED_OVER, sent_at__isnull=False)
    is_final = Q(state__in=[Mail.State.SENT, Mail.State.FAILED, Mail.State.CANCELLED]) | is_unconfirmed
    old = Mail.objects.filter(is_final, created_at__lt=before).exclude(text="", html="", headers={})
    count = 0
    while ids := list(old.values_list("pk", flat=True)[:1000]):
        with transaction.atomic():
            mail_files.detach(ids)
            count += Mail.objects.filter(pk__in=ids).update(text="", html="", headers={})
    mail_files.purge(before)
    return count
