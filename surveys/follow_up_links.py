"""The link by which one person takes one follow-up, out of a mail and without logging in."""

from datetime import timedelta
from typing import Final

from kpiproject.answer_links import AnswerLinks, DeadLinkError
from kpiproject.models import User
from surveys import follow_up_rules
from surveys.models import FollowUp

LINKS: Final = AnswerLinks(purpose="follow-up", route="surveys:follow_up_take", lives_for=timedelta(days=14))


def take_url(follow_up_id: int, person_id: int) -> str:
    return LINKS.url(follow_up_id, person_id)


def find(signed: str) -> tuple[FollowUp, User]:
    """Whose link it is, and about what. Raises DeadLinkError."""
    follow_up_id, person_id = LINKS.carried(signed)
    rows = FollowUp.objects.select_related("survey", "contact", "assignee")
    follow_up = rows.filter(pk=follow_up_id).first()
    person = User.objects.filter(pk=person_id).first()
    if follow_up is None or person is None or not follow_up_rules.may_take_care(person):
        raise DeadLinkError
    return follow_up, person
