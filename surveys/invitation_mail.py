"""The mail that asks, and the one that reminds: one link per score, in words and signs that need no picture."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import translation
from django.utils.html import format_html

from kpiproject import mail as outbox
from kpiproject.lib import colours
from kpiproject.lib.tokens import new_token
from kpiproject.mail import Draft
from kpiproject.mail_draft import Stencil, one_line
from kpiproject.models import Mail, Organisation
from surveys import languages, links, mail_buttons, scales, versions
from surveys.content import Content
from surveys.models import Invitation, Survey

# Whoever is called like this wants a link in our mail, or wants to turn its letters round.
_NO_NAME: Final = re.compile(r"://|www\.|[\u200e\u200f\u202a-\u202e\u2066-\u2069]", re.IGNORECASE)
KEY: Final = "invitation:"
_MOST_STENCILS: Final = 200
# Whoever is asked for another reason may never have been in contact with customer service.
_ABOUT_CONTACT: Final = (Survey.Purpose.SERVICE, Survey.Purpose.RECOVERY)


@dataclass(frozen=True, kw_only=True)
class _Edition:
    """All that a mail depends on apart from its recipient: what is equal here is filled into the same stencil."""

    digest: str
    language: str
    is_reminder: bool
    is_about_contact: bool
    has_name: bool
    reply_to: str
    house: tuple[str, ...]


_stencils: dict[_Edition, Stencil] = {}


def draft(invitation: Invitation, organisation: Organisation, *, reminder: int = 0) -> Draft:
    """The mail of this invitation, which need not be stored yet, or its first or second reminder.

    Asks the database nothing if survey, version and contact are at hand.
    """
    name = greeted(invitation.contact.name)
    stencil = _stencil(invitation, organisation, is_reminder=reminder > 0, has_name=bool(name))
    return stencil.fill(invitation.contact.email, {"token": invitation.token, "name": name})


def key_of(invitation: Invitation, *, reminder: int = 0) -> str:
    """One invitation, one mail; and one for each of its reminders."""
    return f"{KEY}{invitation.pk}" + (f":reminder:{reminder}" if reminder else "")


def greeted(name: str) -> str:
    """The name as a mail says it: one line; "" for what cannot be said safely."""
    plain = one_line(name)
    return "" if _NO_NAME.search(plain) else plain


def put_test_into_outbox(
    survey: Survey, organisation: Organisation, *, to: str, name: str, key: str, is_reminder: bool = False
) -> Mail:
    """The same mail to oneself, or the reminder; its links lead to the preview, where nothing is recorded."""
    content = versions.content_of(survey)
    context = _context(content, content.language, organisation, url=lambda score: links.preview_url(survey.slug, score))
    reason = {"is_about_contact": survey.purpose in _ABOUT_CONTACT}
    return outbox.compose(
        "survey_reminder" if is_reminder else "survey_invitation",
        key=f"survey-test:{key}",
        kind="survey_test",
        to=to,
        context=context | _greeting(greeted(name)) | reason | {"is_test": True},
        reply_to=survey.reply_to,
        language=survey.language,
    )


# --- One stencil for many -----------------------------------------------------------------------------------------
def _stencil(invitation: Invitation, organisation: Organisation, *, is_reminder: bool, has_name: bool) -> Stencil:
    edition = _Edition(
        digest=invitation.version.digest,
        language=invitation.language,
        is_reminder=is_reminder,
        is_about_contact=invitation.survey.purpose in _ABOUT_CONTACT,
        has_name=has_name,
        reply_to=invitation.survey.reply_to,
        house=(
            organisation.name,
            organisation.brand_colour,
            organisation.postal_address,
            settings.BASE_URL,
            settings.DEFAULT_FROM_EMAIL,
        ),
    )
    found = _stencils.get(edition)
    if found is None:
        if len(_stencils) >= _MOST_STENCILS:
            _stencils.clear()
        found = _stencils[edition] = _cut(edition, versions.read(invitation.version), organisation)
    return found


def _cut(edition: _Edition, content: Content, organisation: Organisation) -> Stencil:
    token, name = new_token(), new_token()
    rendered = render(
        content,
        edition.language,
        organisation,
        token=token,
        name=name if edition.has_name else "",
        is_reminder=edition.is_reminder,
        is_about_contact=edition.is_about_contact,
    )
    return Stencil({**rendered, "reply_to": edition.reply_to}, keys={"token": token}, words={"name": name})


def render(
    content: Content,
    language: str,
    organisation: Organisation,
    *,
    token: str,
    name: str,
    is_reminder: bool,
    is_about_contact: bool,
) -> Draft:
    """One mail from its templates, to nobody yet."""
    unsubscribe_url = links.unsubscribe_url(token)
    context = _context(content, language, organisation, url=lambda score: links.answer_url(token, score))
    kind = "survey_reminder" if is_reminder else "survey_invitation"
    return outbox.draft(
        kind,
        kind=kind,
        to="nobody@example.org",
        context={
            **context,
            **_greeting(name),
            "is_about_contact": is_about_contact,
            "unsubscribe_url": unsubscribe_url,
            "wrong_person_url": links.wrong_person_url(token),
            "trap_url": links.trap_url(token),
        },
        headers={
            "List-Id": f"<surveys.{urlsplit(settings.BASE_URL).hostname}>",
            "List-Unsubscribe": f"<{unsubscribe_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Precedence": "bulk",
            # Exchange's word for: no "I am on holiday" to this.
            "X-Auto-Response-Suppress": "OOF, AutoReply",
        },
        language=language,
    )


# --- What stands in it --------------------------------------------------------------------------------------------
def _context(
    content: Content, language: str, organisation: Organisation, *, url: Callable[[int | None], str]
) -> dict[str, Any]:
    wording = content.wording(language).named(organisation.name)
    is_right_to_left = languages.direction(language) == "rtl"
    with translation.override(language):
        buttons = mail_buttons.buttons(content, wording, url=url)
    return {
        "organisation": organisation,
        "language": language,
        "direction": languages.direction(language),
        "start": "right" if is_right_to_left else "left",
        "end": "left" if is_right_to_left else "right",
        "wording": wording,
        "low": content.scale.low,
        "high": content.scale.high,
        "buttons": buttons,
        "page_url": url(None),
        "is_about_employees": scales.KINDS[content.scale.kind].is_about_employees,
        "button_colour": organisation.brand_colour,
        "button_ink": colours.ink_on(organisation.brand_colour),
    }


def _greeting(name: str) -> dict[str, str]:
    """In HTML the name is kept apart, so that one in another script does not turn the signs around it."""
    return {"name": name, "isolated_name": format_html("<bdi>{}</bdi>", name) if name else ""}
