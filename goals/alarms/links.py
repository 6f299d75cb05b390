"""The link by which one reader answers one alarm, out of a mail and without logging in.

That of an outsider carries whether they may acknowledge it, as the rule said when the mail was written.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from goals.alarms.readers import Reader, is_outsider, may_leave_the_house, reachable
from goals.models import Alarm, AlarmNotice
from kpiproject.answer_links import AnswerLinks, DeadLinkError
from kpiproject.models import User

LINKS: Final = AnswerLinks(purpose="alarm", route="goals:alarm_mail", lives_for=timedelta(days=60))


@dataclass(frozen=True, kw_only=True)
class Addressed:
    """An alarm, and who was told of it by the mail with this link."""

    alarm: Alarm
    reader: Reader
    may_acknowledge: bool

    def may(self, action: str) -> bool:
        """Outsiders acknowledge where their link says so; what people hear is for people of the house to say."""
        return not is_outsider(self.reader) or (action == "acknowledge" and self.may_acknowledge)


def url(alarm: Alarm, reader: Reader) -> str:
    if not is_outsider(reader):
        return LINKS.url(alarm.pk, reader.pk)
    return LINKS.url(alarm.pk, reader.pk, int(alarm.rule is not None and alarm.rule.lets_outsiders_acknowledge))


def find(signed: str) -> Addressed:
    """Raises DeadLinkError."""
    alarm_id, reader_id, *rights = LINKS.carried(signed)
    alarm = Alarm.objects.select_related("rule__goal", "goal", "acknowledged_by", "acknowledged_outside").filter(
        pk=alarm_id
    )
    found = _addressed(alarm.first(), reader_id, rights)
    if found is None:
        raise DeadLinkError
    return found


def _addressed(alarm: Alarm | None, reader_id: int, rights: list[int]) -> Addressed | None:
    """None if they were never told of it, or may no longer be."""
    told = AlarmNotice.objects.filter(alarm=alarm)
    reader: Reader | None
    if rights:
        told, reader = told.filter(stakeholder=reader_id), reachable().filter(pk=reader_id).first()
        is_private = alarm is not None and alarm.rule is not None and not may_leave_the_house(alarm.rule)
    else:
        told, reader = told.filter(recipient=reader_id), User.objects.filter(pk=reader_id, is_active=True).first()
        is_private = False
    if alarm is None or reader is None or is_private or not told.exists():
        return None
    return Addressed(alarm=alarm, reader=reader, may_acknowledge=not rights or bool(rights[0]))
