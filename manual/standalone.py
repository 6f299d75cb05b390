"""An edition as one file of HTML that needs nothing else: no network, no script, its pictures and looks inside."""

from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from kpiproject.documents import web
from manual import outside, pictures, rendering
from manual.models import Edition
from manual.rendering import Rendered

_STYLES: Final = ("plumbline.css", "documents.css", "manual.css")
_FOLDER: Final = Path(settings.BASE_DIR) / "kpiproject" / "static" / "kpiproject"


def of_edition(edition: Edition) -> str:
    """The file for the house: the same bytes at any time, for anybody, in any time zone."""
    with translation.override(edition.content["language"]):
        return _file(edition, edition.content, rendering.of_edition(edition))


def for_outsiders(edition: Edition, sections: Sequence[str]) -> str:
    content = outside.extract(edition, sections).content
    with translation.override(content["language"]):
        return _file(edition, content, rendering.of_document(content))


def response(text: str, *, name: str) -> HttpResponse:
    """To be saved, not shown: within our own pages its looks would be refused."""
    found = HttpResponse(text, content_type="text/html; charset=utf-8")
    found["Content-Disposition"] = f'attachment; filename="{name}"'
    return found


def _file(edition: Edition, content: Any, manual: Rendered) -> str:
    context = {"edition": edition, "manual": manual, "facts": content["facts"], "style": _style()}
    return _with_pictures(render_to_string("manual/standalone_page.html", context), content)


def _with_pictures(page: str, content: Any) -> str:
    kinds = {picture["name"]: picture["kind"] for picture in pictures.shown_in(content) if "kind" in picture}
    for name, found in pictures.contents(content).items():
        address = f"data:{pictures.content_type(kinds[name])};base64,{b64encode(found).decode()}"
        page = page.replace(f'src="{web.PICTURES}{name}"', f'src="{address}"')
    return page


@cache
def _style() -> SafeString:
    return mark_safe("\n".join((_FOLDER / name).read_text(encoding="utf-8") for name in _STYLES))  # noqa: S308 - our own style sheets
