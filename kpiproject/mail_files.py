"""What mails carry besides words: pictures shown in them and attachments, each stored once for all mails."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from kpiproject.models import Mail, MailFile

# A third is added on the way (base64), and many mail servers refuse a mail of more than 10 MB.
MOST_BYTES: Final = 7_000_000
_LONGEST_NAME: Final = 150
_TYPE: Final = re.compile(r"(?!multipart/|message/)[a-z]+/[a-z0-9][a-z0-9.+-]*")
_CONTENT_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,149}")
# What ends a line, names a folder or is refused by a file system.
_UNSAFE: Final = re.compile(r'[\x00-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069/\\:*?"<>|]+')
_BATCH: Final = 100


@dataclass(frozen=True)
class File:
    """An attachment, or, with a `content_id`, a picture that the HTML shows by `<img src="cid:CONTENT_ID">`."""

    name: str
    content_type: str
    content: bytes
    content_id: str = ""


def check(files: Sequence[File], html: str) -> None:
    """ValueError if a mail with this HTML cannot carry them."""
    for file in files:
        _check_one(file, html)
    names = [file.content_id for file in files if file.content_id]
    if len(names) != len(set(names)):
        msg = "Two pictures of one mail have the same content_id."
        raise ValueError(msg)
    size = sum(len(file.content) for file in files)
    if size > MOST_BYTES:
        msg = _("The files of one mail may have %(most).1f MB together; these have %(size).1f MB.")
        raise ValueError(msg % {"most": MOST_BYTES / 1e6, "size": size / 1e6})


def _check_one(file: File, html: str) -> None:
    if not _TYPE.fullmatch(file.content_type):
        msg = f"{file.content_type!r} is not the type of a file, such as image/png."
        raise ValueError(msg)
    if file.content_id and not _CONTENT_ID.fullmatch(file.content_id):
        msg = f"{file.content_id!r} cannot be a content_id."
        raise ValueError(msg)
    if file.content_id and f"cid:{file.content_id}" not in html:
        msg = f"The HTML does not show the picture cid:{file.content_id}."
        raise ValueError(msg)


def attach(files_by_mail: Mapping[int, Sequence[File]]) -> None:
    """Let mails carry files; in the transaction that writes the mails."""
    wanted = {_digest(file): file for files in files_by_mail.values() for file in files}
    if not wanted:
        return
    ids = _stored(wanted)
    pairs = {(mail_id, ids[_digest(file)]): None for mail_id, files in files_by_mail.items() for file in files}
    link = Mail.files.through
    link.objects.bulk_create([link(mail_id=mail_id, mailfile_id=file_id) for mail_id, file_id in pairs])


def _stored(files: Mapping[str, File]) -> dict[str, int]:
    """Their ids by digest, locked until the end of the transaction, so that `purge` leaves them alone."""
    known = set(_locked(files))
    new = [_row(digest, files[digest]) for digest in sorted(files) if digest not in known]
    if not new:
        return _locked(files)
    MailFile.objects.bulk_create(new, batch_size=_BATCH, ignore_conflicts=True)
    return _locked(files)


def _locked(digests: Iterable[str]) -> dict[str, int]:
    rows = MailFile.objects.filter(digest__in=list(digests)).order_by("digest").select_for_update(no_key=True)
    return dict(rows.values_list("digest", "pk"))


def _row(digest: str, file: File) -> MailFile:
    return MailFile(
        digest=digest,
        name=_safe(file.name),
        content_type=file.content_type,
        content_id=file.content_id,
        content=file.content,
    )


def _digest(file: File) -> str:
    head = "\n".join((_safe(file.name), file.content_type, file.content_id, "")).encode()
    return hashlib.sha256(head + file.content).hexdigest()


def _safe(name: str) -> str:
    """A name that every computer can save; its ending stays."""
    stem, dot, ending = " ".join(_UNSAFE.sub(" ", name).split()).strip(". ").rpartition(".")
    if not dot or len(ending) > 10:
        return f"{stem}{dot}{ending}"[:_LONGEST_NAME] or "file"
    return f"{stem.strip()[: _LONGEST_NAME - len(ending) - 1] or 'file'}.{ending}"


def detach(mail_ids: Sequence[int]) -> None:
    """The mails carry nothing any more."""
    Mail.files.through.objects.filter(mail_id__in=mail_ids).delete()


def purge(before: datetime) -> int:
    """Delete the files written before that instant which no mail carries. How many."""
    old, count = MailFile.objects.filter(mails__isnull=True, created_at__lt=before).order_by("pk"), 0
    last = 0
    while ids := list(old.filter(pk__gt=last).values_list("pk", flat=True)[:_BATCH]):
        count, last = count + _delete_unused(ids), ids[-1]
    return count


@transaction.atomic
def _delete_unused(ids: Sequence[int]) -> int:
    """Whoever is about to use one of them holds its lock: then it is skipped. Who came before us is seen after ours."""
    rows = MailFile.objects.filter(pk__in=ids).select_for_update(skip_locked=True)
    locked = list(rows.values_list("pk", flat=True))
    unused = list(MailFile.objects.filter(pk__in=locked, mails__isnull=True).values_list("pk", flat=True))
    MailFile.objects.filter(pk__in=unused).delete()
    return len(unused)
