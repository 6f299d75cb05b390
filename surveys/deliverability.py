"""How mails fared on their way, by the domain of their recipients."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Count, Q, QuerySet

from kpiproject.models import Mail
from surveys.models import BounceReport

KINDS: Final = ("survey_invitation", "survey_reminder")
# Google and Yahoo ask senders to stay below three complaints in a thousand; good ones stay below one.
COMPLAINTS_MOST: Final = 0.1
BOUNCES_MOST: Final = 2.0
_ENOUGH: Final = 100


@dataclass(frozen=True, kw_only=True)
class Domain:
    """One line of the table. Shares are percent, None where too few were sent to say anything."""

    name: str
    sent: int
    hard: int = 0
    soft: int = 0
    refused: int = 0
    complaints: int = 0

    @property
    def bounced_share(self) -> float | None:
        return _share(self.hard, self.sent)

    @property
    def complaint_share(self) -> float | None:
        return _share(self.complaints, self.sent)

    @property
    def is_bad(self) -> bool:
        """One complaint alone is chance."""
        has_complaints = self.complaints > 1 and (self.complaint_share or 0) > COMPLAINTS_MOST
        return has_complaints or (self.bounced_share or 0) > BOUNCES_MOST


def domains(since: datetime, *, most: int = 20) -> list[Domain]:
    """Those that got most mails of surveys since then, with what came back of these."""
    mails = Mail.objects.filter(sent_at__gte=since, kind__in=KINDS).order_by()
    sent = mails.values_list("domain").annotate(count=Count("pk")).order_by("-count", "domain")[:most]
    counts: Mapping[str, int] = dict(sent)
    returned = BounceReport.objects.filter(
        mail__sent_at__gte=since, mail__kind__in=KINDS, mail__domain__in=list(counts)
    )
    by_kind = {
        (domain, kind): count
        for domain, kind, count in returned.order_by().values_list("mail__domain", "kind").annotate(Count("pk"))
    }
    return [
        Domain(
            name=name,
            sent=count,
            hard=by_kind.get((name, "hard"), 0),
            soft=by_kind.get((name, "soft"), 0),
            refused=by_kind.get((name, "refused"), 0),
            complaints=by_kind.get((name, "complaint"), 0),
        )
        for name, count in counts.items()
    ]


def stuck(since: datetime) -> QuerySet[Mail]:
    """Mails that need a person: they failed, or nobody knows whether they arrived."""
    is_unconfirmed = Q(state=Mail.State.HANDED_OVER, sent_at__isnull=False)
    return Mail.objects.filter(Q(state=Mail.State.FAILED) | is_unconfirmed, created_at__gte=since).order_by("-pk")


def returned(kind: str, words: str) -> QuerySet[BounceReport]:
    rows = BounceReport.objects.select_related("mail").order_by("-pk")
    if kind:
        rows = rows.filter(kind=kind)
    return rows.filter(recipient__icontains=words) if words else rows


def _share(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole >= _ENOUGH else None
