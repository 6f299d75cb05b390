"""The one style sheet of the respondents' pages, with the organisation's colour in it: one request, kept for a year."""

import base64
import hashlib
import re
from functools import cache, lru_cache
from pathlib import Path

from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

import kpiproject
from kpiproject import logos
from kpiproject.lib import colours
from kpiproject.logos import Logo
from kpiproject.models import Organisation

_FILE = Path(kpiproject.__file__).parent / "static" / "kpiproject" / "survey.css"
# The backgrounds of survey.css, light and dark.
_LIGHT, _DARK = "#ffffff", "#181f28"
_LOGO_HEIGHT = 48
_FOR_GOOD = f"public, max-age={365 * 24 * 3600}, immutable"


@require_safe
def style(request: HttpRequest, colour: str, version: str, logo: str = "") -> HttpResponse:
    """Depends on nothing but the address, so that it needs no query and never goes stale."""
    response = HttpResponse(_sheet(colour.lower()) + _logo_rule(logo), content_type="text/css; charset=utf-8")
    response["Cache-Control"] = _FOR_GOOD
    return response


def style_url(organisation: Organisation) -> str:
    """Another address with every other colour or logo, and every release that changes the sheet."""
    parts = [organisation.brand_colour[1:].lower(), _version()]
    if organisation.logo:
        parts.append(Path(organisation.logo.name or "").name)
    return reverse("surveys:style", args=parts)


def _read_logo(name: str) -> Logo | None:
    path = f"logos/{name}"
    if not name or not default_storage.exists(path):
        return None
    with default_storage.open(path) as file:
        try:
            return logos.read(file.read())
        except logos.LogoError:  # somebody changed the file itself
            return None


def _logo_rule(name: str) -> str:
    """In the sheet itself, so that it costs no request; at most 48 pixels high, and on white where the page is dark."""
    found = _read_logo(name)
    if found is None:
        return ""
    height = min(found.height, _LOGO_HEIGHT)
    width = round(found.width * height / found.height)
    data = base64.b64encode(found.content).decode()
    return (
        f".logo{{display:block;width:{width}px;height:{height}px;max-width:100%;"
        f"background:url(data:{found.content_type};base64,{data}) center/contain no-repeat}}"
        ".logo b{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}"
        "@media(prefers-color-scheme:dark){.logo{background-color:#fff;border-radius:4px;outline:4px solid #fff}}"
    )


@cache
def _plain() -> str:
    """The sheet without comments and blanks that nobody reads."""
    text = re.sub(r"/\*.*?\*/", "", _FILE.read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.sub(r"\s*([{};,])\s*", r"\1", re.sub(r"\s+", " ", text)).replace(";}", "}").strip()


@cache
def _version() -> str:
    return hashlib.sha256(_plain().encode()).hexdigest()[:8]


@lru_cache(maxsize=8)
def _sheet(colour: str) -> str:
    value = f"#{colour}"
    return (
        f"{_plain()}:root{{--brand:{value};--brand-ink:{colours.ink_on(value)};"
        f"--accent:{colours.readable(value, _LIGHT)}}}"
        f"@media(prefers-color-scheme:dark){{:root{{--accent:{colours.readable(value, _DARK)}}}}}"
    )
