from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, transaction

from kpiproject.lib import rows
from kpiproject.models import Mail

pytestmark = pytest.mark.django_db
WHEN = datetime(2026, 3, 1, 12, 30, 15, 123456, tzinfo=UTC)


def mail(key: str, **values) -> Mail:
    given = {"message_id": f"<{key}>", "recipient": "ada@example.org", "text": "100 % “ä” \U0001f600", "subject": "?"}
    return Mail(key=key, headers={"X-One": "1"}, next_attempt_at=WHEN, created_at=WHEN, **(given | values))


def test_what_is_read_is_what_was_written_and_what_bulk_create_would_write():
    rows.insert_new([mail("one")])
    Mail.objects.bulk_create([mail("two", message_id="<2>")])
    one, two = (dict(Mail.objects.values().get(key=key)) for key in ("one", "two"))
    different = {"id", "key", "message_id"}
    assert {name: one[name] for name in one.keys() - different} == {name: two[name] for name in two.keys() - different}
    assert (one["headers"], one["next_attempt_at"], one["sent_at"]) == ({"X-One": "1"}, WHEN, None)


def test_what_is_there_already_stays_and_the_others_are_written():
    rows.insert_new([mail("one")])
    rows.insert_new([mail("one", subject="another"), mail("two"), mail("three", message_id="<two>")])
    assert list(Mail.objects.order_by("id").values_list("key", "subject")) == [("one", "?"), ("two", "?")]


def test_nothing_is_nothing():
    rows.insert_new([])
    assert Mail.objects.count() == 0


def test_what_the_table_refuses_is_raised():
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.insert_new([mail("one", subject=None)])
