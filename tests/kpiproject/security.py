"""What must be true of every answer of ours."""

import base64
import hashlib
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


def names_who_frames(policy: dict[str, str]) -> bool:
    """Whether only some origins, each by its whole name, may show the page: the survey's widget."""
    origins = policy.get("frame-ancestors", "").split()
    return bool(origins) and all(re.fullmatch(r"https?://[a-z0-9.-]+(:[0-9]+)?", origin) for origin in origins)


def faults(response: HttpResponseBase) -> list[str]:
    """Sentences about what is wrong; none if all is well."""
    policy = dict(part.strip().split(" ", 1) for part in response.get("Content-Security-Policy", "x x").split(";"))
    found = [f"{name} is not {good[0]}" for name, good in HEADERS.items() if response.get(name) not in good]
    found += [f"{name} is open" for name in ("default-src",) if policy.get(name) != "'none'"]
    if response.get("X-Frame-Options") not in ("DENY", "SAMEORIGIN") and not names_who_frames(policy):
        found.append("it may be framed")
    if response.get("Content-Disposition", "").startswith("attachment"):  # saved as a file, never shown as a page
        return found
    if "sandbox" in policy:  # the mails of the demonstration, as they were sent: nothing runs in there
        return found
    html = ""
    if "text/html" in response.get("Content-Type", "") and not response.streaming:
        html = response.content.decode()  # type: ignore[attr-defined]
    html, named = without_named_script(html)
    if policy.get("script-src") != " ".join(["'self'", *named]) or policy.get("style-src") != "'self'":
        found.append("scripts or styles from elsewhere may run")
    return found + [f"it has {what}" for what in inline_code(html)]


def without_named_script(html: str) -> tuple[str, list[str]]:
    """The page without the one script that a page for respondents carries in itself, and what the policy must say so
    that these bytes run and no others."""
    parts = re.split(r"<script>(.*?)</script>", html, maxsplit=1, flags=re.DOTALL)
    if len(parts) == 1:
        return html, []
    digest = base64.b64encode(hashlib.sha256(parts[1].encode()).digest()).decode()
    return parts[0] + parts[2], [f"'sha256-{digest}'"]
