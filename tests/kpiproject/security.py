"""What must be true of every answer of ours."""

import re

from django.http import HttpResponseBase

HEADERS = {
    "X-Content-Type-Options": ("nosniff",),
    "Referrer-Policy": ("same-origin", "no-referrer"),
    "Cross-Origin-Opener-Policy": ("same-origin",),
}
# A script element may carry data, or name a file; the strict policy would block anything else without a word.
INLINE = {
    "a style attribute": re.compile(r"<[a-z][^>]*\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "an event attribute": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a javascript: address": re.compile(r"""=\s*["']?\s*javascript:""", re.IGNORECASE),
    "an inline script": re.compile(
        r"""<script\b(?![^>]*\bsrc=)(?![^>]*type=["']application/(?:ld\+)?json["'])""", re.IGNORECASE
    ),
}


def inline_code(html: str) -> list[str]:
    return [what for what, pattern in INLINE.items() if pattern.search(html)]


def faults(response: HttpResponseBase) -> list[str]:
    """Sentences about what is wrong; none if all is well."""
    policy = dict(part.strip().split(" ", 1) for part in response.get("Content-Security-Policy", "x x").split(";"))
    found = [f"{name} is not {good[0]}" for name, good in HEADERS.items() if response.get(name) not in good]
    found += [f"{name} is open" for name in ("default-src",) if policy.get(name) != "'none'"]
    if response.get("X-Frame-Options") not in ("DENY", "SAMEORIGIN"):
        found.append("it may be framed")
    if "sandbox" in policy:  # the mails of the demonstration, as they were sent: nothing runs in there
        return found
    if policy.get("script-src") != "'self'" or policy.get("style-src") != "'self'":
        found.append("scripts or styles from elsewhere may run")
    if "text/html" in response.get("Content-Type", "") and not response.streaming:
        found += [f"it has {what}" for what in inline_code(response.content.decode())]  # type: ignore[attr-defined]
    return found
