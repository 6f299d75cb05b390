"""What is read of the manual."""

from collections.abc import Sequence

from django.db.models import QuerySet

from manual.models import Edition, Section, Share


def shown_sections() -> Sequence[Section]:
    """What is part of the manual, in order."""
    return Section.objects.filter(is_shown=True).order_by("position", "id")


def latest() -> Edition | None:
    """The edition in force."""
    return Edition.objects.select_related("published_by").order_by("-number").first()


def editions() -> QuerySet[Edition]:
    """The newest first; content and figures are read only where they are asked for."""
    return Edition.objects.select_related("published_by").defer("content", "figures").order_by("-number")


def edition(number: int) -> Edition | None:
    return Edition.objects.select_related("published_by").filter(number=number).first()


def before(edition: Edition) -> Edition | None:
    """The edition that this one has replaced."""
    return Edition.objects.filter(number__lt=edition.number).order_by("-number").first()


def shares() -> QuerySet[Share]:
    """The newest first, each with the number of its edition."""
    rows = Share.objects.select_related("edition", "created_by").order_by("-id")
    return rows.defer("edition__content", "edition__figures")
