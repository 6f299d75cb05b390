"""A confirmation as a line of a file: what was read, by whom and when, with the digests that prove it."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from manual.models import Acknowledgement


def name(row: Any) -> str:
    """Of whoever confirmed, asked or said something; of somebody who was erased nothing is known."""
    return str(row.person) if row.person else _("somebody who was erased")


def email(row: Any) -> str:
    return row.person.email if row.person else ""


def answers(one: Acknowledgement) -> list[str]:
    """The questions of the check as they were asked then, each with the right answer."""
    return [f"{each['question']} → {each['answer']}" for each in one.passed]


COLUMNS: Final[Mapping[str, Callable[[Acknowledgement], Any]]] = {
    "name": name,
    "email": email,
    "edition": lambda one: one.edition.number,
    "edition_digest": lambda one: one.edition_digest,
    "section": lambda one: one.slug,
    "title": lambda one: one.title,
    "section_digest": lambda one: one.section_digest,
    "check": lambda one: "passed" if one.has_passed else "",
    "at": lambda one: one.at,
    "answers": lambda one: "; ".join(answers(one)),
}
