"""How a help desk signs links by itself: programs to copy, with the survey's own secret and address in them."""

from surveys import links
from surveys.models import Survey

_EXAMPLE = {"agent": "ada", "channel": "chat", "team": "Billing", "ticket": "4711"}
_PYTHON = """\
import base64, hashlib, hmac
from urllib.parse import quote, urlencode

secret = "{secret}"
context = {context}
query = urlencode(sorted(context.items()), quote_via=quote)
digest = hmac.digest(secret.encode(), query.encode(), hashlib.sha256)
signature = base64.urlsafe_b64encode(digest).decode()[:22]
print(f"{address}?{{query}}&s={{signature}}")
"""
_SHELL = """\
secret='{secret}'
query='{query}'
signature=$(printf %s "$query" | openssl dgst -sha256 -hmac "$secret" -binary |
  openssl base64 | tr '+/' '-_' | cut -c1-22)
echo "{address}?$query&s=$signature"
"""


def python(survey: Survey) -> str:
    return _PYTHON.format(
        secret=survey.link_secret, context=_example(survey), address=links.signed_url(survey.slug)
    ).replace("'", '"')


def shell(survey: Survey) -> str:
    query = "&".join(f"{name}={text}" for name, text in _example(survey).items())
    return _SHELL.format(secret=survey.link_secret, query=query, address=links.signed_url(survey.slug))


def _example(survey: Survey) -> dict[str, str]:
    """Of employees only the team is known."""
    return {"team": "Billing"} if survey.is_anonymous else _EXAMPLE
