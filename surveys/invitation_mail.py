"""The mail that asks: one link per score, in words and numbers that need no picture."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kpiproject import mail as outbox
from kpiproject.mail import Draft
from kpiproject.models import Mail, Organisation
from surveys import colours, links, scales
from surveys.models import Invitation, Survey

_MOST_IN_A_ROW = 6


@dataclass(frozen=True)
class ScoreLink:
    """One score as a button. All look the same: red and green buttons would suggest an answer."""

    score: int
    highest: int
    url: str
    label: str


def draft(invitation: Invitation, organisation: Organisation) -> Draft:
    """The mail of this invitation, which need not be stored yet; asks the database nothing."""
    unsubscribe_url = links.unsubscribe_url(invitation.token)
    context = _context(
        invitation.survey, invitation, organisation, url=lambda score: links.answer_url(invitation.token, score)
    )
    return outbox.draft(
        "survey_invitation",
        kind="survey_invitation",
        to=invitation.contact.email,
        context=context | {"name": invitation.contact.name, "unsubscribe_url": unsubscribe_url},
        headers={
            "List-Unsubscribe": f"<{unsubscribe_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
        language=invitation.survey.language,
    )


def key_of(invitation: Invitation) -> str:
    """One invitation, one mail."""
    return f"invitation:{invitation.pk}"


def put_test_into_outbox(survey: Survey, organisation: Organisation, *, to: str, name: str, key: str) -> Mail:
    """The same mail to oneself; its links lead to the preview, where nothing is recorded."""
    context = _context(survey, survey, organisation, url=lambda score: links.preview_url(survey.slug, score))
    return outbox.compose(
        "survey_invitation",
        key=f"survey-test:{key}",
        kind="survey_test",
        to=to,
        context=context | {"name": name, "is_test": True},
        language=survey.language,
    )


def _context(
    survey: Survey, wording: Survey | Invitation, organisation: Organisation, *, url: Callable[[int | None], str]
) -> dict[str, Any]:
    scores = _score_links(wording, url=url)
    return {
        "organisation": organisation,
        "question": wording.question.replace("[Company]", organisation.name),
        "low": wording.scale_min,
        "high": wording.scale_max,
        "low_label": wording.low_label,
        "high_label": wording.high_label,
        "scores": scores,
        "rows": _rows(scores),
        "page_url": url(None),
        "is_about_employees": scales.KINDS[survey.kind].is_about_employees,
        "button_colour": organisation.brand_colour,
        "button_ink": colours.ink_on(organisation.brand_colour),
    }


def _score_links(wording: Survey | Invitation, *, url: Callable[[int | None], str]) -> list[ScoreLink]:
    low, high = wording.scale_min, wording.scale_max
    labels = {low: wording.low_label, high: wording.high_label}
    return [
        ScoreLink(
            score=score,
            highest=high,
            url=url(score),
            label=labels.get(score, ""),
        )
        for score in range(low, high + 1)
    ]


def _rows(scores: list[ScoreLink]) -> list[list[ScoreLink | None]]:
    """In rows that a thumb can hit on a phone: 0 to 5 above 6 to 10; the last row is filled up with blanks."""
    if len(scores) < _MOST_IN_A_ROW:
        return [list(scores)]
    width = (len(scores) + 1) // 2
    return [list(scores[:width]), [*scores[width:], *[None] * (2 * width - len(scores))]]
