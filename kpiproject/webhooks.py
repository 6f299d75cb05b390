"""Webhooks: messages to other systems, kept in an outbox of their own and posted until they are taken.

A target is an address that somebody typed in, so it must not become a way into our own network: whatever its name
resolves to is checked when it is saved and again right before every post, the connection goes to the very address
that was checked (a name may resolve to another one a moment later), and no redirect is followed.

A message is JSON. One that is signed carries `X-Plumbline-Signature: t=<epoch>,v1=<hex>`, which is the HMAC-SHA256 of
"<epoch>.<body>" under the target's secret, and `X-Plumbline-Delivery`, the same for every attempt at one message.
"""

import hashlib
import hmac
import http.client
import ipaddress
import json
import socket
import ssl
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

from django.db import DatabaseError
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from kpiproject import outbox
from kpiproject.lib import due
from kpiproject.models import WebhookDelivery, WebhookTarget

TIMEOUT_SECONDS: Final = 10
_PORTS: Final = {"https": 443, "http": 80}
_TRY_AGAIN: Final = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class RefusedError(Exception):
    """A target to which nothing is posted; with one sentence for whoever entered it."""


class NotTakenError(Exception):
    """The other side did not take the message. `is_final` if trying again would change nothing."""

    def __init__(self, sentence: str, *, is_final: bool) -> None:
        super().__init__(sentence)
        self.is_final = is_final


# --- Which targets ------------------------------------------------------------------------------------------------
def check(url: str) -> None:
    """Raises RefusedError if this is no address, or one that leads into a private network."""
    addresses(_parts(url))


def addresses(parts: SplitResult) -> list[str]:
    """What the name of an address resolves to. Raises RefusedError if there is nothing, or any of it is not public."""
    host = parts.hostname or ""
    try:
        found = socket.getaddrinfo(host, _port(parts), type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise RefusedError(_("The name “%(host)s” cannot be found; check its spelling.") % {"host": host}) from error
    numbers = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    for number in numbers:
        if not is_public(ipaddress.ip_address(number.partition("%")[0])):
            message = _(
                "“%(host)s” leads to %(number)s, an address inside of a private network. Only public addresses are "
                "possible, so that nobody reaches machines of yours through Plumbline."
            )
            raise RefusedError(message % {"host": host, "number": number})
    return numbers


def is_public(address: Address) -> bool:
    """Whether it may lie anywhere in the Internet, also where an IPv6 address stands for an IPv4 one."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
        if address.teredo is not None:
            return False
    return address.is_global and not address.is_multicast


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _port(parts)
    except ValueError as error:
        raise RefusedError(_("“%(url)s” is not an address.") % {"url": url}) from error
    if parts.scheme not in _PORTS or not parts.hostname:
        raise RefusedError(_("The address must begin with https:// or http:// and name a host."))
    if parts.username is not None or parts.password is not None:
        raise RefusedError(_("The address must not contain a user or a password."))
    return parts


def _port(parts: SplitResult) -> int:
    return parts.port or _PORTS.get(parts.scheme, 0)


# --- Into the outbox ----------------------------------------------------------------------------------------------
def put(target: WebhookTarget, *, key: str, text: str, data: Mapping[str, Any]) -> WebhookDelivery:
    """The message of this key: the one that exists, or a new one. `text` is for people, `data` for machines."""
    is_chat = target.kind == WebhookTarget.Kind.SLACK
    payload = {"text": escape_chat(text)} if is_chat else {"text": text, **data}
    return WebhookDelivery.objects.get_or_create(key=key, defaults={"target": target, "payload": payload})[0]


def escape_chat(text: str) -> str:
    """Without what Slack would take for a link or a call to everybody."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def signature(secret: str, body: bytes, at: datetime) -> str:
    """What is sent with a signed message, and what its receiver computes to compare."""
    moment = int(at.timestamp())
    digest = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


# --- Out of the outbox --------------------------------------------------------------------------------------------
def due_ids(limit: int) -> list[int]:
    """Messages that may be posted now, oldest due date first."""
    now = timezone.now()
    rows = _due(now).filter(outbox.free(now))
    return list(rows.order_by("next_attempt_at", "pk").values_list("pk", flat=True)[:limit])


def deliver(delivery_id: int) -> None:
    """Post one message if it is due and nobody else is posting it."""
    now = timezone.now()
    token = due.claim(_due(now), pk=delivery_id, now=now, lease=outbox.LEASE)
    if token is None:
        return
    mine = WebhookDelivery.objects.filter(pk=delivery_id, lease_token=token)
    mine.update(attempts=F("attempts") + 1)
    delivery = mine.select_related("target").get()
    try:
        _post(delivery, now)
    except DatabaseError:
        raise
    except (RefusedError, NotTakenError) as error:
        is_final = isinstance(error, RefusedError) or error.is_final or delivery.attempts > outbox.MOST_CLAIMS
        outbox.note_failure(delivery, mine, str(error), is_final=is_final)
    else:
        outbox.note_sent(mine)


def resend(delivery: WebhookDelivery) -> None:
    """Put a failed message back in line. ValueError if it did not fail."""
    if not outbox.put_back(WebhookDelivery.objects.filter(pk=delivery.pk, state=WebhookDelivery.State.FAILED)):
        raise ValueError(_("Only a message that failed can be sent again."))


def purge(before: datetime) -> int:
    """Empty what was posted or given up before that instant; the rows stay, because their keys keep it from being
    written twice."""
    old = WebhookDelivery.objects.filter(created_at__lt=before).exclude(state=WebhookDelivery.State.QUEUED)
    return old.exclude(payload={}).update(payload={})


def _due(now: datetime) -> "QuerySet[WebhookDelivery]":
    return WebhookDelivery.objects.filter(state=WebhookDelivery.State.QUEUED, next_attempt_at__lte=now)


def _post(delivery: WebhookDelivery, now: datetime) -> None:
    target = delivery.target
    if not target.is_active:
        raise RefusedError(_("This webhook is switched off."))
    body = json.dumps(delivery.payload).encode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Plumbline",
        "X-Plumbline-Delivery": salted_hmac("kpiproject.webhooks", delivery.key).hexdigest(),
    }
    if target.kind == WebhookTarget.Kind.SIGNED:
        headers["X-Plumbline-Signature"] = signature(target.secret, body, now)
    parts = _parts(target.url)
    status = _exchange(parts, addresses(parts)[0], body, headers)
    _judge(status)


def _judge(status: int) -> None:
    """Raises NotTakenError for every answer but a good one."""
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        message = _("It answered with a redirect (%(status)s), which is not followed; enter the address it leads to.")
        raise NotTakenError(message % {"status": status}, is_final=True)
    is_final = status < HTTPStatus.INTERNAL_SERVER_ERROR and status not in _TRY_AGAIN
    raise NotTakenError(_("It answered with status %(status)s.") % {"status": status}, is_final=is_final)


def _exchange(parts: SplitResult, number: str, body: bytes, headers: Mapping[str, str]) -> int:
    """Post to the very address that was checked, under the name that was entered; the status of the answer."""
    connection = _connection(parts, number)
    path = parts.path or "/"
    try:
        connection.request("POST", f"{path}?{parts.query}" if parts.query else path, body=body, headers=dict(headers))
        return connection.getresponse().status
    except (OSError, http.client.HTTPException, ValueError) as error:
        message = _("It could not be reached: %(error)s.")
        raise NotTakenError(
            message % {"error": str(error).rstrip(".") or type(error).__name__}, is_final=False
        ) from error
    finally:
        connection.close()


class _Pinned(http.client.HTTPConnection):
    """Connects to one address, whatever its host resolves to by now; speaks to the host."""

    def __init__(self, parts: SplitResult, number: str) -> None:
        super().__init__(parts.hostname or "", _port(parts), timeout=TIMEOUT_SECONDS)
        self._number = number
        self._is_secure = parts.scheme == "https"

    def connect(self) -> None:
        plain = socket.create_connection((self._number, self.port), self.timeout)
        if self._is_secure:
            try:
                self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)
            except OSError:
                plain.close()
                raise
        else:
            self.sock = plain


def _connection(parts: SplitResult, number: str) -> http.client.HTTPConnection:
    return _Pinned(parts, number)
