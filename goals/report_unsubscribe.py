"""Stakeholders leave a report by themselves. The address in their mail is the credential, and never expires."""

from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from goals.models import Delivery, Report, ReportLeft, Stakeholder
from kpiproject import mail
from kpiproject.lib import tokens
from kpiproject.models import Mail

_PURPOSE: Final = "report-unsubscribe"


@dataclass(frozen=True, kw_only=True)
class Subscription:
    """Who gets which report, as an address in a mail says it; whether it still is so."""

    report: Report
    stakeholder: Stakeholder

    @property
    def is_over(self) -> bool:
        has_left = self.report.left.filter(stakeholder=self.stakeholder).exists()
        return has_left or not self.report.stakeholders.filter(pk=self.stakeholder.pk).exists()


def url(report: int, stakeholder: int) -> str:
    token = tokens.sign(_PURPOSE, [report, stakeholder])
    return settings.BASE_URL + reverse("goals:report_unsubscribe", args=[token])


def find(token: str) -> Subscription | None:
    """None for what we did not sign, and for a report or somebody that no longer exists."""
    try:
        report, stakeholder = tokens.unsign(_PURPOSE, token)
    except tokens.BadToken:
        return None
    found = Stakeholder.objects.filter(pk=stakeholder).first()
    about = Report.objects.filter(pk=report).first()
    return Subscription(report=about, stakeholder=found) if about and found else None


def leave(subscription: Subscription) -> None:
    """Take the stakeholder off this report and cancel its mails that could still leave; twice is as once."""
    report, stakeholder = subscription.report, subscription.stakeholder
    with transaction.atomic():
        ReportLeft.objects.get_or_create(report=report, stakeholder=stakeholder)
        report.stakeholders.remove(stakeholder)
        theirs = Delivery.objects.filter(run__report=report, email__iexact=stakeholder.email)
        mail.cancel(Mail.objects.filter(pk__in=theirs.values("mail_id")))


def readmit(left: ReportLeft) -> None:
    """Somebody who had left gets the report again, because a person says that they want it."""
    with transaction.atomic():
        left.report.stakeholders.add(left.stakeholder)
        left.delete()
