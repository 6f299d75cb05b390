"""The light script of the respondents' pages. It stands in the page, so that it costs no request; the policy allows
exactly these bytes and no other script."""

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

from django.utils.safestring import SafeString, mark_safe

import kpiproject

_FILE = Path(kpiproject.__file__).parent / "static" / "kpiproject" / "survey.js"


@cache
def source() -> SafeString:
    """Without comments and indentation."""
    lines = (line.strip() for line in _FILE.read_text(encoding="utf-8").splitlines())
    return mark_safe("\n".join(line for line in lines if line and not re.match(r"//", line)))  # noqa: S308 (a file of ours)


@cache
def permission() -> str:
    """The source expression of the Content Security Policy that lets it run."""
    digest = hashlib.sha256(source().encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
