"""The PDF of what people outside read, printed by a worker: one for each choice of sections of an edition."""

import hashlib
import json
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from django.utils import translation
from django.utils.translation import gettext as _

from manual import editions, names, outside, printing, queries
from manual.models import Edition, ExtractPrint, Share
from manual.shares import shown_edition

_KEPT: Final = timedelta(days=1)
"""What no open link needs any more is kept so long, for links that are made anew."""
# A print that was made under other rules might tell more than the page does.
_RULES: Final = hashlib.sha256(
    Path(outside.__file__).read_bytes() + Path(names.__file__).read_bytes()
).hexdigest()[:12]  # fmt: skip


def of(edition: Edition, sections: Collection[str]) -> ExtractPrint | None:
    return ExtractPrint.objects.filter(key=key_of(edition, sections)).first()


def key_of(edition: Edition, sections: Collection[str]) -> str:
    said = json.dumps([edition.digest, sorted(sections), outside.LEAST, _RULES])
    return hashlib.sha256(said.encode()).hexdigest()


def plan(share: Share) -> ExtractPrint:
    """The print of what is read under a link; the caller wakes the printer."""
    edition = shown_edition(share)
    found, _is_new = ExtractPrint.objects.get_or_create(
        key=key_of(edition, share.sections), defaults={"edition": edition, "sections": sorted(share.sections)}
    )
    return found


def waiting(now: datetime) -> list[int]:
    """What is to be printed for all open links; what none of them needs any more is thrown away."""
    is_open = queries.shares().filter(revoked_at__isnull=True, expires_at__gt=now)
    wanted = {plan(share).pk for share in is_open}
    _forget(ExtractPrint.objects.exclude(pk__in=wanted).filter(created_at__lt=now - _KEPT))
    rows = printing.waiting(ExtractPrint, now).filter(pk__in=wanted)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def make(pk: int) -> None:
    """Print one, if nobody else does."""
    printing.make(ExtractPrint, pk, printable)


def printable(found: ExtractPrint) -> Any:
    """The document, and at the foot of every page that it is not all of the edition. Nothing in it may be of today."""
    editions.check_unaltered(found.edition)
    content = outside.extract(found.edition, found.sections).content
    with translation.override(content["language"]):
        foot = _("For readers outside · %(edition)s") % {"edition": editions.foot(found.edition)}
        return content | {"foot": foot} | editions.shown_pictures(content)


def _forget(found: Iterable[ExtractPrint]) -> None:
    for each in found:
        if each.pdf:
            each.pdf.storage.delete(str(each.pdf.name))
        each.delete()
