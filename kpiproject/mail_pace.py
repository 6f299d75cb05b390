"""How many mails one domain gets in a minute: who hurries is taken for a sender of junk.

Whoever claims a mail counts those that its domain was handed in the last minute and those that are just being sent.
Only one may count for a domain at a time, so the limit holds for any number of workers. A mail that may not leave yet
stays as it is; the next sweep finds it.
"""

from collections import Counter
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q, QuerySet

from kpiproject.lib import due
from kpiproject.models import DomainTurn, Mail

MINUTE: Final = timedelta(minutes=1)
# Longer than a server may think about the last byte: only a dead worker leaves a mail handed over for so long.
CONFIRMED_WITHIN: Final = timedelta(minutes=4)
# Each look passes over at least one domain that has had enough.
_MOST_LOOKS: Final = 50


def claim(rows: QuerySet[Mail], *, pk: int, now: datetime, lease: timedelta) -> str | None:
    """As due.claim; None also where the domain of the mail has had enough for now."""
    limit: int = settings.MAIL_PER_DOMAIN_PER_MINUTE
    if not limit:
        return due.claim(rows, pk=pk, now=now, lease=lease)
    domain = rows.filter(pk=pk).values_list("domain", flat=True).first()
    if domain is None:
        return None
    DomainTurn.objects.get_or_create(domain=domain)
    with transaction.atomic():
        DomainTurn.objects.select_for_update().get(domain=domain)
        has_room = _counted(now).filter(domain=domain).count() < limit
        return due.claim(rows, pk=pk, now=now, lease=lease) if has_room else None


def pick(rows: QuerySet[Mail], *, limit: int, now: datetime) -> list[int]:
    """The first of these rows whose domains have room, so that one domain that waits does not keep others waiting."""
    most: int = settings.MAIL_PER_DOMAIN_PER_MINUTE
    if not most:
        return list(rows.values_list("pk", flat=True)[:limit])
    counts = Counter(dict(_counted(now).order_by().values_list("domain").annotate(count=Count("pk"))))
    picked: list[int] = []
    for _look in range(_MOST_LOOKS):
        full = [domain for domain, count in counts.items() if count >= most]
        found = rows.exclude(domain__in=full).exclude(pk__in=picked).values_list("pk", "domain")[: limit - len(picked)]
        looked_at = list(found)
        for pk, domain in looked_at:
            if counts[domain] < most:
                counts[domain] += 1
                picked.append(pk)
        if not looked_at or len(picked) >= limit:
            break
    return picked


def _counted(now: datetime) -> QuerySet[Mail]:
    """Mails that left in the last minute, or are just leaving."""
    is_leaving = Q(state__in=[Mail.State.QUEUED, Mail.State.CLAIMED], lease_until__gt=now)
    was_handed_over = Q(state=Mail.State.HANDED_OVER, sent_at__isnull=True)
    is_recent = Q(lease_until__gt=now + CONFIRMED_WITHIN - MINUTE)
    return Mail.objects.filter(Q(sent_at__gt=now - MINUTE) | is_leaving | (was_handed_over & is_recent))
