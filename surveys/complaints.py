"""An unhappy answer in words, for mails and pages."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import quote

from django.conf import settings
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from surveys import scales
from surveys.models import Answer

_WORDS_IN_SUBJECT: Final = 45
_LONGEST_COMMENT: Final = 1000
FELT: Final = {
    "unhappy": gettext_lazy("unhappy"),
    "detractor": gettext_lazy("would not recommend us"),
    "effort": gettext_lazy("found it hard to get help"),
}


@dataclass(frozen=True)
class Complaint:
    """An answer in words. `customer` is empty where there is none or the reader may not know."""

    answer: Answer
    score: str
    felt: str
    customer: str

    @property
    def comment(self) -> str:
        return Truncator(self.answer.comment.strip()).chars(_LONGEST_COMMENT)

    @property
    def at(self) -> datetime:
        return came(self.answer)

    @property
    def url(self) -> str:
        return settings.BASE_URL + reverse("surveys:survey", args=[self.answer.survey.slug])

    @property
    def anchor(self) -> str:
        return f"answer-{self.answer.pk}"

    @property
    def is_bad(self) -> bool:
        return self.answer.standing == scales.BAD

    @property
    def customer_name(self) -> str:
        contact = self.answer.contact
        return (contact.name or contact.email) if contact and self.customer else ""

    @property
    def reply_url(self) -> str:
        """A mail to the customer, begun; nothing where there is none or the reader may not know."""
        contact = self.answer.contact
        if contact is None or not self.customer:
            return ""
        ticket = self.answer.ticket
        subject = _("Your feedback on ticket %(ticket)s") % {"ticket": ticket} if ticket else _("Your feedback")
        return f"mailto:{quote(contact.email, safe='@')}?subject={quote(subject, safe='')}"

    @property
    def about(self) -> str:
        """The most telling thing in a few words, because the subject of a mail shows no more."""
        if self.comment:
            return "“" + Truncator(" ".join(self.comment.split())).chars(_WORDS_IN_SUBJECT) + "”"
        if self.answer.ticket:
            return _("ticket %(ticket)s") % {"ticket": self.answer.ticket}
        return self.answer.survey.name


def complaint(answer: Answer, *, has_customer: bool) -> Complaint:
    group = "" if answer.standing is None else scales.group_of(answer.kind, answer.standing)
    return Complaint(
        answer=answer,
        score=_("%(score)s of %(highest)s") % {"score": answer.score, "highest": answer.scale_max},
        felt=str(FELT.get(group, "")),
        customer=_customer(answer) if has_customer else "",
    )


def came(answer: Answer) -> datetime:
    """When the customer said what the answer says now."""
    return answer.changed_at or answer.answered_at


def _customer(answer: Answer) -> str:
    contact = answer.contact
    if contact is None:
        return answer.customer
    return f"{contact.name} ({contact.email})" if contact.name else contact.email
