"""No domain gets more mails in a minute than it may, however many workers there are, and none waits for another."""

import time
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
import time_machine
from django.utils import timezone

from kpiproject import mail, mail_pace, outbox
from kpiproject.lib import due
from kpiproject.models import Mail
from tests.smtp_sink import Sink

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def put(*recipients: str) -> list[int]:
    """Written one second after another, so that their order is known."""
    found = []
    for place, to in enumerate(recipients):
        row = mail.put_into_outbox(key=f"{to} {place}", kind="test", to=to, subject="Hello", text="How are you?\n")
        turn = timezone.now() - timedelta(hours=1) + timedelta(seconds=Mail.objects.count())
        Mail.objects.filter(pk=row.pk).update(next_attempt_at=turn)
        found.append(row.pk)
    return found


@pytest.mark.parametrize(
    ("recipient", "domain"),
    [
        ("ann@Example.COM", "example.com"),
        ("ann+x@mail.example.org", "mail.example.org"),
        ("a@münchen.de", "münchen.de"),
    ],
)
def test_domain_is_known_of_every_mail(recipient: str, domain: str) -> None:
    [pk] = put(recipient)
    assert Mail.objects.get(pk=pk).domain == domain


def test_domain_that_waits_keeps_nobody_waiting(settings) -> None:
    settings.MAIL_PER_DOMAIN_PER_MINUTE = 2
    big = put(*["a@big.example"] * 6)
    others = put("b@one.example", "c@two.example", "B@ONE.example", "b@one.example")
    assert mail.due_ids(4) == [*big[:2], *others[:2]]
    assert mail.due_ids(10) == [*big[:2], *others[:3]]


def test_without_a_limit_the_oldest_come_first() -> None:
    big = put(*["a@big.example"] * 6)
    put("b@one.example")
    assert mail.due_ids(4) == big[:4]


def test_limit_is_for_every_minute_and_nothing_is_lost(settings, mail_through_sink: Sink) -> None:
    settings.MAIL_PER_DOMAIN_PER_MINUTE = 3
    ids = put(*["a@big.example"] * 7, "b@one.example")
    arrived = []
    with time_machine.travel(NOON, tick=False) as clock:
        Mail.objects.update(next_attempt_at=NOON)
        for seconds in (0, 10, 40, 9, 1, 59, 1):
            clock.shift(seconds)
            for mail_id in ids:  # also those that a task was enqueued for too early
                mail.deliver(mail_id)
            arrived.append(mail_through_sink.arrivals["a@big.example"])
    assert arrived == [3, 3, 3, 3, 6, 6, 7]
    assert mail_through_sink.arrivals["b@one.example"] == 1
    assert {row.state for row in Mail.objects.all()} == {"sent"}
    assert {row.attempts for row in Mail.objects.all()} == {1}


@pytest.mark.parametrize(
    ("fields", "is_counted"),
    [
        ({"state": "sent", "sent_at": timedelta(seconds=-59)}, True),
        ({"state": "sent", "sent_at": timedelta(seconds=-60)}, False),
        ({"state": "queued", "lease_until": timedelta(seconds=1)}, True),
        ({"state": "claimed", "lease_until": timedelta(seconds=1)}, True),
        ({"state": "claimed", "lease_until": timedelta(seconds=-1)}, False),
        ({"state": "handed_over", "lease_until": timedelta(minutes=4, seconds=-59)}, True),
        ({"state": "handed_over", "lease_until": timedelta(minutes=4, seconds=-60)}, False),
        ({"state": "failed"}, False),
        ({"state": "queued"}, False),
    ],
)
def test_what_counts_has_left_in_the_last_minute_or_is_leaving(
    settings, fields: dict[str, object], is_counted: bool
) -> None:
    settings.MAIL_PER_DOMAIN_PER_MINUTE = 1
    with time_machine.travel(NOON, tick=False):
        other, waiting = put("a@big.example", "b@big.example")
        moments = {name: NOON + value if isinstance(value, timedelta) else value for name, value in fields.items()}
        Mail.objects.filter(pk=other).update(**{"next_attempt_at": NOON + timedelta(days=1), **moments})
        assert mail.due_ids(10) == ([] if is_counted else [waiting])
        rows = Mail.objects.filter(state="queued")
        claimed = mail_pace.claim(rows, pk=waiting, now=NOON, lease=outbox.LEASE)
        assert (claimed is None) is is_counted


@pytest.mark.django_db(transaction=True)
def test_many_workers_keep_the_limit_together(settings, mail_through_sink: Sink, at_once, monkeypatch) -> None:
    settings.MAIL_PER_DOMAIN_PER_MINUTE = 3
    ids = put(*["a@big.example"] * 6, *["b@small.example"] * 2)
    claim = due.claim

    def claim_slowly(*rows, **named) -> str | None:
        time.sleep(0.1)  # everybody has counted by now, if they may count together
        return claim(*rows, **named)

    monkeypatch.setattr(due, "claim", claim_slowly)
    at_once(*[partial(mail.deliver, mail_id) for mail_id in ids])
    assert mail_through_sink.arrivals == {"a@big.example": 3, "b@small.example": 2}
