"""A mail before it is in the outbox: rendered, checked so that it can be sent as it is, and drafted once for many."""

import re
from collections.abc import Mapping, Sequence
from email.utils import parseaddr, quote
from typing import Any, Final

import css_inline
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.template import Context, Engine
from django.template.loader import get_template
from django.utils import translation

from kpiproject import mail_files
from kpiproject.models import Organisation
from kpiproject.queries import organisation

_HEADER_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_OWN_HEADERS: Final = {"from", "to", "cc", "bcc", "sender", "reply-to", "subject", "date", "message-id", "mime-version"}
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")
_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")
# What only a <style> can say (media queries) stands in one marked data-css-inline="keep".
_INLINER: Final = css_inline.CSSInliner(load_remote_stylesheets=False)

File = mail_files.File
# The fields of a mail that has no key yet, and its "files".
Draft = Mapping[str, Any]


def draft(
    template: str,
    *,
    kind: str,
    to: str,
    context: Mapping[str, Any],
    headers: Mapping[str, str] | None = None,
    reply_to: str = "",
    language: str = "",
    files: Sequence[File] = (),
) -> Draft:
    """templates/email/<template>.txt (first line: "Subject: …") and .html, for put_many.

    Asks the database nothing if the context has `organisation`.
    """
    owner = context.get("organisation") or organisation()
    with translation.override(language or settings.LANGUAGE_CODE):
        values = {"organisation": owner, "base_url": settings.BASE_URL, **context}
        subject, text = _plain(template, values)
        html = get_template(f"email/{template}.html").render({"subject": subject, **values})
    return checked(
        kind=kind,
        to=to,
        subject=subject,
        text=text,
        html=_INLINER.inline(html),
        headers=headers,
        reply_to=reply_to,
        files=files,
        owner=owner,
    )


def checked(
    *,
    kind: str,
    to: str,
    subject: str,
    text: str,
    html: str,
    headers: Mapping[str, str] | None,
    reply_to: str,
    files: Sequence[File],
    owner: Organisation | None = None,
) -> Draft:
    """ValueError if a header or file could not be sent as it is."""
    mail_files.check(files, html)
    return {
        "kind": kind,
        "sender": _sender(owner),
        "recipient": _address(to),
        "reply_to": _header("Reply-To", reply_to),
        "subject": one_line(subject)[:400],
        "text": text.replace("\x00", ""),
        "html": html.replace("\x00", ""),
        "headers": {_header_name(name): _header(name, value) for name, value in (headers or {}).items()},
        "files": list(files),
    }


def one_line(text: str) -> str:
    """Without line breaks and control characters."""
    return " ".join(_CONTROL.sub(" ", text).split())


def _plain(template: str, values: Mapping[str, Any]) -> tuple[str, str]:
    """Subject and text. Nothing is escaped here: this part is not HTML."""
    page = Engine.get_default().get_template(f"email/{template}.txt")
    first, _newline, text = page.render(Context(values, autoescape=False)).lstrip().partition("\n")
    if not first.startswith("Subject:"):
        msg = f'The first line of templates/email/{template}.txt must be "Subject: …".'
        raise ValueError(msg)
    return first.removeprefix("Subject:").strip(), text.strip() + "\n"


def _sender(owner: Organisation | None) -> str:
    """The configured address; where it has no name, the organisation's: people know who that is."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return f'"{quote(name or _CONTROL.sub(" ", (owner or organisation()).name))}" <{address}>'


def _address(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError as error:
        msg = f"{text!r} is not an e-mail address."
        raise ValueError(msg) from error
    return text


def _header_name(name: str) -> str:
    if not _HEADER_NAME.fullmatch(name) or name.lower() in _OWN_HEADERS:
        msg = f"{name!r} cannot be the name of an additional header."
        raise ValueError(msg)
    return name


def _header(name: str, value: str) -> str:
    if _CONTROL.search(value):
        msg = f"The header {name} contains a line break or control character."
        raise ValueError(msg)
    return value


# --- Drafted once for many ----------------------------------------------------------------------------------------
class Stencil:
    """A draft with stand-ins, filled in for one recipient after another: byte for byte what draft() would make of
    each, some hundred times faster.

    A stand-in is a text that nobody can have written, as new_token() makes it. What takes the place of one in `keys`
    may stand anywhere, so it is letters, digits, "_" and "-". What takes the place of one in `words` (see one_line())
    is escaped; it stands in texts only, never in a tag, the subject or a header.
    """

    def __init__(self, draft: Draft, *, keys: Mapping[str, str], words: Mapping[str, str]) -> None:
        """By name, the stand-ins. ValueError if one of the words stands where no words may be."""
        tags = "".join(re.findall(r"<[^>]*>", draft["html"]))
        if any(
            mark in text for mark in words.values() for text in (tags, draft["subject"], *draft["headers"].values())
        ):
            msg = "Words of a stencil can only stand in the text."
            raise ValueError(msg)
        names = {mark: name for name, mark in (*keys.items(), *words.items())}
        self._fields = draft
        self._keys = tuple(keys)
        self._words = tuple(words)
        self._text = _cut(draft["text"], names)
        self._html = _cut(draft["html"], names)
        self._headers = {name: _cut(value, names) for name, value in draft["headers"].items()}

    def fill(self, to: str, values: Mapping[str, str]) -> Draft:
        """The draft for this address. ValueError for an address or a key that could not be sent as it is."""
        for name in self._keys:
            if not _KEY.fullmatch(values[name]):
                msg = f"{values[name]!r} cannot be a key."
                raise ValueError(msg)
        escaped = {**values, **{name: _as_inlined(values[name]) for name in self._words}}
        return {
            **self._fields,
            "recipient": _address(to),
            "text": _joined(self._text, values),
            "html": _joined(self._html, escaped),
            "headers": {name: _joined(pieces, values) for name, pieces in self._headers.items()},
        }


def _cut(text: str, names: Mapping[str, str]) -> list[str]:
    """Pieces as they are, and between them the names of what belongs there."""
    pieces = re.split(f"({'|'.join(map(re.escape, names))})", text)
    return [names[piece] if place % 2 else piece for place, piece in enumerate(pieces)]


def _joined(pieces: Sequence[str], values: Mapping[str, str]) -> str:
    return "".join(values[piece] if place % 2 else piece for place, piece in enumerate(pieces))


def _as_inlined(words: str) -> str:
    """As the inliner writes text, which reads the page and writes it again by the rules of HTML."""
    escaped = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return escaped.replace("\xa0", "&nbsp;")
