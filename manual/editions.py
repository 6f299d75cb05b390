"""Editions: published once, never changed, printed by a worker."""

import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from kpiproject.documents import pdf
from kpiproject.lib.periods import local_day
from kpiproject.models import User
from kpiproject.queries import organisation
from manual import complete, edition_sections, indexing, names, pictures, printing, queries
from manual.difference import has_changed
from manual.drafts import Draft, draft, is_computing, moment
from manual.models import Edition, EditionSection
from manual.queries import latest

__all__ = [
    "AlreadyPublishedError", "IncompleteError", "NothingChangedError", "Terms", "altered", "check_computed",
    "check_number", "check_unaltered", "foot", "freeze", "latest", "make_pdf", "next_number", "publish",
    "shown_pictures", "signed", "verify", "without_pdf",
]  # fmt: skip


class AlreadyPublishedError(Exception):
    """The number is not the next one: somebody else has published, or the same form was sent twice."""


class StillComputingError(Exception):
    """Figures that would be frozen may be others in a moment."""


class NothingChangedError(Exception):
    """An edition that says what the last one says."""


class IncompleteError(Exception):
    """A chapter that every manual needs is empty or left out."""


def next_number() -> int:
    found = queries.editions().values_list("number", flat=True).first()
    return (found or 0) + 1


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Under what an edition is published. Sections that have changed are material, except for the `editorial` ones;
    readers see it from the day `effective_from` on, or at once; `facts` stand on the cover."""

    by: User | None
    number: int
    note: str = ""
    editorial: Collection[str] = ()
    effective_from: date | None = None
    facts: Sequence[tuple[str, str]] = ()


def publish(*, by: User | None, number: int, note: str = "", as_of: datetime | None = None) -> Edition:
    """Freeze the draft as it is; see freeze(). Whose approval that needs is in manual.approvals.

    Raises StillComputingError and IncompleteError, too.
    """
    check_number(number)
    as_of = as_of or timezone.now()
    check_computed(as_of)
    found = draft(as_of)
    if lacks := complete.missing(found):
        raise IncompleteError(complete.sentence(lacks))
    return freeze(found, as_of, Terms(by=by, number=number, note=note))


def freeze(found: Draft, as_of: datetime, terms: Terms) -> Edition:
    """Make the draft of that instant the edition of that number, which must be the next one. The caller wakes the
    printer.

    A change of prose, of a rule or of a measured value makes an edition: measured values count, because a reader
    must be able to see what was known. What passes by itself (the day up to which data reach, the next date of a
    report) does not. Raises AlreadyPublishedError and NothingChangedError.
    """
    at = timezone.now()
    content, figures = _plain(_published(found, terms, at)), _plain(found.figures)
    content["names"] = _plain(names.found_in(content, figures))
    try:
        with transaction.atomic():
            check_number(terms.number)
            last = latest()
            _check_changed(last, figures)
            edition = Edition.objects.create(
                number=terms.number,
                note=terms.note.strip(),
                content=content,
                figures=figures,
                digest=digest(content, figures),
                as_of=as_of,
                published_at=at,
                published_by=terms.by,
                effective_from=terms.effective_from,
            )
            _keep_sections(edition, last, terms.editorial)
            indexing.index(edition)
            return edition
    except IntegrityError:
        check_number(terms.number)
        raise


def check_computed(as_of: datetime) -> None:
    """Raises StillComputingError."""
    if is_computing(as_of):
        raise StillComputingError(still_computing())


def verify(edition: Edition) -> bool:
    """Whether an edition still says what was published."""
    return digest(edition.content, edition.figures) == edition.digest


def altered(found: Iterable[Edition]) -> list[int]:
    """The numbers of those that no longer say what was published. One query, but it reads and hashes their content."""
    rows = Edition.objects.filter(pk__in=[edition.pk for edition in found]).order_by("number")
    return [edition.number for edition in rows.iterator(chunk_size=1) if not verify(edition)]


def still_computing() -> str:
    return _("Figures are being computed, and an edition keeps its figures for ever. Try again in a minute.")


def digest(content: Any, figures: Any) -> str:
    """SHA-256 of the canonical JSON of both: sorted keys, no spaces, UTF-8."""
    said = {"content": content, "figures": figures}
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def without_pdf(now: datetime) -> list[int]:
    """The editions to print: those without a PDF that nobody prints, and that have not failed for good."""
    return list(printing.waiting(Edition, now).order_by("number").values_list("pk", flat=True))


def make_pdf(edition_id: int) -> None:
    """Print an edition, if nobody else does."""
    printing.make(Edition, edition_id, printable)


def printable(edition: Edition) -> Any:
    """The document with its digest on the cover and at the foot of every page, and with its pictures.

    Raises DocumentError if it is not what was published.
    """
    check_unaltered(edition)
    return signed(edition) | shown_pictures(edition.content)


def check_unaltered(edition: Edition) -> None:
    """Raises DocumentError."""
    if not verify(edition):
        message = _("It was not printed: it no longer says what was published, for its digest does not match.")
        raise pdf.DocumentError(message)


def signed(edition: Edition) -> Any:
    """The document with what tells its copies apart. Nothing in it may be of today."""
    with translation.override(edition.content["language"]):
        return edition.content | {"foot": foot(edition), "digest": edition.digest}


def foot(edition: Edition) -> str:
    """What stands beneath every page of a print, in the active language."""
    words = _("Edition %(number)s, %(date)s · %(digest)s · printed copies are uncontrolled")
    frozen = edition.content.get("date")
    day = date.fromisoformat(frozen) if frozen else local_day(edition.published_at, organisation().time_zone)
    published = date_format(day, "DATE_FORMAT")
    return words % {"number": edition.number, "date": published, "digest": edition.digest[:12]}


def shown_pictures(content: Any) -> dict[str, Any]:
    """For a print."""
    found = pictures.contents(content)
    return {"pictures": found} if found else {}


def check_number(number: int) -> None:
    """Raises AlreadyPublishedError, which tells who was faster."""
    last = queries.editions().first()
    if last is not None and number <= last.number:
        who = last.published_by or _("somebody whose account is gone")
        said = {"number": last.number, "who": who, "at": moment(last.published_at, organisation().time_zone)}
        raise AlreadyPublishedError(_("Edition %(number)s was published by %(who)s on %(at)s.") % said)
    wanted = last.number + 1 if last else 1
    if number != wanted:
        message = _("The next edition is number %(wanted)s, not %(number)s.")
        raise AlreadyPublishedError(message % {"wanted": wanted, "number": number})


def _keep_sections(edition: Edition, last: Edition | None, editorial: Collection[str]) -> None:
    before = (last.content, last.figures) if last else None
    lines = edition_sections.lines(edition.content, edition.figures, before=before, editorial=editorial)
    EditionSection.objects.bulk_create(EditionSection(edition=edition, **line._asdict()) for line in lines)


def _check_changed(last: Edition | None, figures: Any) -> None:
    if last is not None and not has_changed(last.figures, figures):
        message = _("Nothing has changed since edition %(number)s: no text, no rule and no measured value.")
        raise NothingChangedError(message % {"number": last.number})


def _published(found: Draft, terms: Terms, at: datetime) -> Any:
    """The draft with what only an edition has on its cover."""
    zone, begins = organisation().time_zone, terms.effective_from
    facts = [
        (_("Edition"), str(terms.number)),
        (_("Published"), moment(at, zone)),
        (_("Published by"), str(terms.by) if terms.by else ""),
        *terms.facts,
        (_("In force from"), date_format(begins, "DATE_FORMAT") if begins else ""),
        *found.document["facts"],
        (_("What has changed"), terms.note.strip()),
    ]
    day = local_day(at, zone).isoformat()
    return found.document | {"facts": [fact for fact in facts if fact[1]], "date": day}


def _plain(value: Any) -> Any:
    """The same as every database gives it back: no lazy texts, no tuples, no NUL, and whole numbers as such."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, (str, Promise)):
        return str(value).replace("\x00", "")
    # PostgreSQL gives 1e16 back as the whole number that it is.
    return int(value) if isinstance(value, float) and value.is_integer() else value
