"""Links for chats and tickets that say which ticket, agent, team and channel they are about, signed so that nobody can
say something else with them. A help desk that knows the secret of a survey signs by itself.

What is signed is the query as it stands in the address: names in alphabetical order, every value percent-encoded
(RFC 3986). The signature is HMAC-SHA256, base64url, the first 22 characters.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, urlencode

from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from kpiproject.lib.tokens import new_token
from surveys.models import Survey

NAMES: Final = ("agent", "category", "channel", "customer", "source", "team", "ticket")
"""What a link may carry. Any other part of the address is not looked at: chats add some of their own."""
SIGNATURE: Final = "s"
PARTS: Final = (*NAMES, SIGNATURE)
_SIGNATURE_LENGTH: Final = 22
_MOST_CHARACTERS: Final = {"channel": 100, "source": 50}  # the others 200, as Answer keeps them
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
# Of employees nothing is known that only one of them can have done.
_NAMES_OF_EMPLOYEES: Final = frozenset({"team", "category"})
_FIELDS: Final = {name: "ticket_source" if name == "source" else name for name in NAMES}


class BrokenLinkError(ValueError):
    """A link that is not complete, or was changed."""


class UnfitContextError(ValueError):
    """Something that a link cannot carry; the text is for whoever makes the link."""


def names(survey: Survey) -> set[str]:
    """What links of this survey can carry."""
    return set(_NAMES_OF_EMPLOYEES if survey.is_anonymous else NAMES)


def query(survey: Survey, context: Mapping[str, str]) -> str:
    """The signed query for an address. Raises UnfitContextError."""
    said = {name: text.strip() for name, text in context.items() if text.strip()}
    check(survey, said)
    signed = canonical(said)
    return f"{signed}&{SIGNATURE}={signature(survey.link_secret, signed)}"


def check(survey: Survey, context: Mapping[str, str]) -> None:
    """Raises UnfitContextError with a whole sentence, if a link of this survey cannot carry that."""
    if strange := sorted(set(context) - set(NAMES)):
        raise UnfitContextError(
            _("A link cannot carry “%(name)s”; it can carry %(names)s.")
            % {"name": strange[0], "names": ", ".join(NAMES)}
        )
    if not context:
        raise UnfitContextError(_("Say at least one thing that the link is about."))
    if survey.is_anonymous and not set(context) <= names(survey):
        raise UnfitContextError(_("A link for employees can carry the team and the category only."))
    for name, text in context.items():
        if fault := _fault(name, text):
            raise UnfitContextError(fault)


def opened(survey: Survey, given: Mapping[str, list[str]]) -> dict[str, str]:
    """What a link that somebody opened says: {name: text}. Raises BrokenLinkError for anything that was not signed."""
    said = {name: texts for name, texts in given.items() if name in NAMES}
    signatures = given.get(SIGNATURE, [])
    if not said or len(signatures) != 1 or any(len(texts) != 1 for texts in said.values()):
        raise BrokenLinkError
    context = {name: texts[0] for name, texts in said.items()}
    if not constant_time_compare(signatures[0], signature(survey.link_secret, canonical(context))):
        raise BrokenLinkError
    context = {name: text.strip() for name, text in context.items() if text.strip()}
    if any(_fault(name, text) for name, text in context.items()):
        raise BrokenLinkError
    return context


def canonical(context: Mapping[str, str]) -> str:
    """The text that is signed."""
    return urlencode(sorted(context.items()), quote_via=quote)


def signature(secret: str, signed: str) -> str:
    digest = hmac.digest(secret.encode(), signed.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).decode("ascii")[:_SIGNATURE_LENGTH]


def counted_by(context: Mapping[str, str]) -> dict[str, str]:
    """What an answer that came by the link is counted under, by the names of answers.CONTEXT."""
    return {_FIELDS[name]: text for name, text in context.items()}


def form_key(survey: Survey, context: Mapping[str, str]) -> str:
    """One ticket has one answer, whoever of the team sent the link and however often; "" where there is no ticket.

    It does not depend on the secret of the survey, so that a new secret does not let a ticket be answered again; and
    nobody can compute it from the ticket, because whoever knows the key of a form can change its answer.
    """
    ticket = context.get("ticket", "")
    if not ticket or survey.is_anonymous:
        return ""
    about = canonical({"source": context.get("source", ""), "survey": str(survey.pk), "ticket": ticket})
    digest = salted_hmac("surveys.signed_links", about, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).decode("ascii")[:_SIGNATURE_LENGTH]


def renew_secret(survey: Survey) -> None:
    """From now on no link that was signed before works."""
    survey.link_secret = new_token()
    survey.save(update_fields=["link_secret"])


def _fault(name: str, text: str) -> str:
    most = _MOST_CHARACTERS.get(name, 200)
    if len(text) > most:
        return _("“%(name)s” can have at most %(most)s characters.") % {"name": name, "most": most}
    if _CONTROL.search(text):
        return _("“%(name)s” contains a line break or another character that nobody sees.") % {"name": name}
    return ""
