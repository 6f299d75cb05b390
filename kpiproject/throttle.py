"""How often one network address may try something. The login has its own, stricter counter.

Counted in the database and not in the cache: without Redis each web process would have a cache of its own, Django's
other caches count by reading and then writing, and a Redis that is away would switch the brake off.
"""

from datetime import datetime, timedelta
from ipaddress import IPv6Network, ip_address

from django.conf import settings
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from kpiproject.models import Attempts

# A provider gives every customer at least so large a network.
_NETWORK_BITS = 64


def is_exceeded(request: HttpRequest, what: str, *, most: int, seconds: int) -> bool:
    """Count this attempt, and say whether there have been more than `most` in these seconds."""
    now = timezone.now()
    key = _key(request, what)
    running = Attempts.objects.filter(key=key, ends_at__gt=now)
    if running.update(count=F("count") + 1):
        return (running.values_list("count", flat=True).first() or 0) > most
    first = Attempts(key=key, count=1, ends_at=now + timedelta(seconds=seconds))
    Attempts.objects.bulk_create(
        [first], update_conflicts=True, unique_fields=["key"], update_fields=["count", "ends_at"]
    )
    return most < 1


def was_exceeded(request: HttpRequest, what: str, *, most: int) -> bool:
    """Whether there have been more than `most` already; does not count. For what only failures are counted of."""
    running = Attempts.objects.filter(key=_key(request, what), ends_at__gt=timezone.now())
    return running.filter(count__gt=most).exists()


def ends_at(request: HttpRequest, what: str) -> datetime | None:
    """Until when attempts are counted together; None if none are."""
    running = Attempts.objects.filter(key=_key(request, what), ends_at__gt=timezone.now())
    return running.values_list("ends_at", flat=True).first()


def forget(now: datetime) -> None:
    Attempts.objects.filter(ends_at__lte=now).delete()


def _key(request: HttpRequest, what: str) -> str:
    """Only what tells addresses apart is kept, not the address."""
    return f"{what}:{salted_hmac('throttle', counted_address(request)).hexdigest()}"


def counted_address(request: HttpRequest) -> str:
    """What attempts are counted under: of IPv6 the network, because every client has all the addresses of one."""
    address = client_address(request)
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if found.version == 4:
        return address
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(IPv6Network((int(found), _NETWORK_BITS), strict=False))


def client_address(request: HttpRequest) -> str:
    """Whom the outermost of our own proxies spoke to; what stands before that in the header, anybody may have written.

    A request that came through fewer proxies than there should be counts for the one that it came from.
    """
    direct = str(request.META.get("REMOTE_ADDR", ""))
    hops = settings.TRUSTED_PROXIES
    told = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    if not 0 < hops <= len(told):
        return direct
    try:
        return str(ip_address(told[-hops]))
    except ValueError:
        return direct
