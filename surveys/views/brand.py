"""The organisation's colour as a style sheet: a strict Content Security Policy allows no style in the page."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from surveys import colours

# The backgrounds of survey.css, light and dark.
_LIGHT, _DARK = "#ffffff", "#181f28"
_YEAR_SECONDS = 365 * 24 * 3600


@require_safe
def brand(request: HttpRequest, colour: str) -> HttpResponse:
    """Depends on nothing but the address, so that it needs no query and never goes stale."""
    value = f"#{colour.lower()}"
    sheet = (
        f":root{{--brand:{value};--brand-ink:{colours.ink_on(value)};--accent:{colours.readable(value, _LIGHT)}}}"
        f"@media(prefers-color-scheme:dark){{:root{{--accent:{colours.readable(value, _DARK)}}}}}"
    )
    response = HttpResponse(sheet, content_type="text/css; charset=utf-8")
    response["Cache-Control"] = f"public, max-age={_YEAR_SECONDS}, immutable"
    return response
