from datetime import UTC, datetime, timedelta

import pytest

from kpiproject.lib import due
from kpiproject.models import Mail

NOW = datetime(2024, 6, 3, 12, tzinfo=UTC)


@pytest.mark.parametrize(("attempts", "minutes"), [(1, 1), (2, 5), (3, 30), (4, 120), (5, 360)])
def test_retry_at_waits_longer_each_time(attempts, minutes):
    assert due.retry_at(attempts, NOW) == NOW + timedelta(minutes=minutes)


def test_retry_at_gives_up():
    assert due.retry_at(6, NOW) is None
    with pytest.raises(ValueError, match="before the first attempt"):
        due.retry_at(0, NOW)


@pytest.fixture
def mail(db):
    return Mail.objects.create(
        key="k", message_id="m", sender="a@x.example", recipient="b@x.example", subject="s", text="t"
    )


LEASE = timedelta(minutes=5)


def test_claim_is_given_to_one_only(mail):
    token = due.claim(Mail.objects.all(), pk=mail.pk, now=NOW, lease=LEASE)
    assert due.claim(Mail.objects.all(), pk=mail.pk, now=NOW + timedelta(minutes=4), lease=LEASE) is None
    mail.refresh_from_db()
    assert (mail.lease_token, mail.lease_until) == (token, NOW + LEASE)


def test_claim_passes_on_when_the_lease_is_over(mail):
    first = due.claim(Mail.objects.all(), pk=mail.pk, now=NOW, lease=LEASE)
    second = due.claim(Mail.objects.all(), pk=mail.pk, now=NOW + LEASE, lease=LEASE)
    assert second not in (None, first)


def test_claim_takes_only_rows_that_are_offered(mail):
    assert due.claim(Mail.objects.filter(state=Mail.State.SENT), pk=mail.pk, now=NOW, lease=LEASE) is None
    assert due.claim(Mail.objects.all(), pk=mail.pk + 1, now=NOW, lease=LEASE) is None
