"""What a mail provider reports by itself: django-anymail turns it into events, and events into reports.

Only loaded where MAIL_PROVIDER is set. The provider proves who it is by MAIL_WEBHOOK_SECRET, so it may name a recipient
where it does not know our Message-ID.
"""

import json
from typing import Any, Final

from anymail import urls as anymail_urls
from anymail.signals import EventType, RejectReason, tracking
from django.urls import URLPattern

from kpiproject.mail_provider import MESSAGE_ID
from surveys import bounces, unsubscribe
from surveys.bounce_reports import COMPLAINT, HARD, REFUSED, SOFT, Report, judge, status_in
from surveys.models import Contact

_REJECTED: Final = {
    RejectReason.INVALID: HARD,
    RejectReason.BOUNCED: HARD,
    RejectReason.SPAM: COMPLAINT,
    RejectReason.BLOCKED: REFUSED,
}
_LASTING: Final = frozenset({RejectReason.INVALID, RejectReason.BOUNCED})
_PASSING: Final = ("soft", "transient", "temporary")


def patterns(provider: str) -> list[URLPattern]:
    """The one address at which this provider reports."""
    return [
        pattern
        for pattern in anymail_urls.urlpatterns
        if isinstance(pattern, URLPattern) and pattern.name == f"{provider}_tracking_webhook"
    ]


def listen() -> None:
    tracking.connect(receive, dispatch_uid="surveys.provider")


def receive(event: Any, esp_name: str, **_named: Any) -> None:
    """An error here is the provider's sign to report again."""
    if event.event_type == EventType.UNSUBSCRIBED and event.recipient:
        for contact in Contact.objects.filter(email__iexact=event.recipient):
            unsubscribe.unsubscribe(contact)
    kind = _kind(event)
    if kind:
        bounces.record(_report(event, kind, esp_name), is_trusted=True)


def _report(event: Any, kind: str, esp_name: str) -> Report:
    said = _said(event)
    told = (event.metadata or {}).get(MESSAGE_ID) or event.message_id or ""
    return Report(
        kind=kind,
        message_id=str(told) if str(told).startswith("<") else f"<{told}>",
        recipient=event.recipient or "",
        status=status_in(said),
        diagnostic=said,
        source=esp_name,
        at=event.timestamp,
    )


def _kind(event: Any) -> str:
    """Nothing for what is no trouble: sent, delayed, delivered, opened, clicked."""
    if event.event_type == EventType.REJECTED:
        return _REJECTED.get(event.reject_reason, SOFT)
    if event.event_type == EventType.BOUNCED:
        return _bounced(event)
    return {EventType.COMPLAINED: COMPLAINT, EventType.FAILED: REFUSED}.get(event.event_type, "")


def _bounced(event: Any) -> str:
    said = _said(event)
    if status_in(said):
        return judge(status_in(said), said)
    is_passing = any(word in json.dumps(event.esp_event, default=str).lower() for word in _PASSING)
    return HARD if event.reject_reason in _LASTING and not is_passing else judge("", said)


def _said(event: Any) -> str:
    words = " ".join(filter(None, (event.mta_response, event.description)))
    return " ".join(words.split())[:500]
