"""Links from the manual to pages of this site. Only readers of the house follow them: for everybody else, in files and
in print they are words."""

from typing import Any, Final

from django.utils.safestring import SafeString, mark_safe

from kpiproject.documents import tree
from kpiproject.documents.tree import Link

_PAGE: Final = "page:"
"""No writer of documents takes this for an address that may be followed."""
_HERE: Final = "https://page.invalid"
"""Stands for this site on the way through a writer; no such host exists."""


def page(words: str, path: str) -> Link:
    """To a page by its path, such as /goals/."""
    return tree.link(words, f"{_PAGE}{path}")


def is_page(to: str) -> bool:
    return to.startswith(_PAGE)


def opened(value: Any) -> Any:
    """The same with links that lead to the pages, for readers who have an account."""
    if isinstance(value, dict):
        if value.get("is") == "chart":
            return value
        if value.get("is") == "link" and is_page(value["to"]):
            return {**value, "to": f"{_HERE}{value['to'].removeprefix(_PAGE)}"}
        return {key: opened(part) for key, part in value.items()}
    return [opened(part) for part in value] if isinstance(value, list | tuple) else value


def shortened(html: SafeString) -> SafeString:
    """What was opened, as paths: a reader may have come by another name of this site than we know."""
    return mark_safe(html.replace(f'href="{_HERE}/', 'href="/'))  # noqa: S308 - our own HTML, shorter
