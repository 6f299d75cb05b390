"""/widget.js: the one line that somebody puts into a web page loads it. The same for every survey and everybody."""

import hashlib
import json
from functools import cache

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext, override
from django.views.decorators.http import condition, require_safe

from surveys.languages import LANGUAGES

_HOUR_SECONDS = 3600


@cache
def source() -> str:
    """Without the comments and indents of its template: it is loaded by every visitor of somebody else's page."""
    words = {}
    for language in LANGUAGES:
        with override(language):
            words[language] = [gettext("Your opinion"), gettext("Close")]
    written = json.dumps(words, ensure_ascii=False, separators=(",", ":"))
    lines = (line.strip() for line in render_to_string("surveys/widget.js", {"words": written}).splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def _etag(_request: HttpRequest) -> str:
    return f'"{hashlib.sha256(source().encode()).hexdigest()[:22]}"'


@require_safe
@condition(etag_func=_etag)
def widget_script(_request: HttpRequest) -> HttpResponse:
    response = HttpResponse(source(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = f"public, max-age={_HOUR_SECONDS}"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
