"""The files of an edition are the same bytes for ever: whatever is decided, measured or set afterwards."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from kpiproject.documents import pdf
from kpiproject.models import Organisation, User
from manual import editions, printing
from manual.models import Edition
from manual.tasks import print_edition
from metrics.models import ServiceTarget
from tests.factories import ServiceTargetFactory, StaffFactory

pytestmark = pytest.mark.django_db

JUNE, DECEMBER = datetime(2026, 6, 1, 12, tzinfo=UTC), datetime(2026, 12, 31, 23, 30, tzinfo=UTC)


def files(number: int, *, reader: User) -> dict[str, bytes]:
    """As they are saved from the site, printed anew by the worker's task."""
    edition = Edition.objects.get(number=number)
    printing.print_again(edition)
    print_edition(edition.pk)
    client = Client()
    client.force_login(reader)
    found = {}
    for kind in ("pdf", "md", "html"):
        response = client.get(f"/manual/editions/{number}/plumbline-manual-{number}.{kind}")
        assert response.status_code == 200
        found[kind] = response.getvalue()
    return found


def test_files_of_an_edition_stay_the_same_bytes_when_a_target_changes_and_the_next_is_published() -> None:
    with time_machine.travel(JUNE, tick=False):
        Organisation.objects.create(pk=1, name="Fernweh", time_zone="Europe/Berlin")
        target = ServiceTargetFactory(name="Quick", seconds=7200)
        first = editions.publish(by=None, number=1)
        before = files(1, reader=StaffFactory())
    with time_machine.travel(DECEMBER, tick=False), timezone.override("Pacific/Kiritimati"):
        ServiceTarget.objects.filter(pk=target.pk).update(seconds=3600)
        Organisation.objects.update(name="Another company", time_zone="Pacific/Kiritimati")
        second = editions.publish(by=None, number=2)
        after = files(1, reader=StaffFactory())
        assert files(2, reader=StaffFactory()) != before
    assert after == before
    assert second.digest != first.digest
    assert Edition.objects.get(number=1).digest == first.digest
    foot = f"Edition 1, 1 Jun 2026 · {first.digest[:12]} · printed copies are uncontrolled"
    assert before["md"].decode().endswith(f"\n\n***\n\n{foot}\n")


def test_no_view_prints(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asks for what is not printed yet is told to wait; the worker prints."""
    printed: list[str] = []

    def render(_document: object) -> bytes:
        printed.append("now")
        return b"%PDF-1"

    monkeypatch.setattr(pdf, "render", render)
    edition = editions.publish(by=None, number=1)
    client.force_login(StaffFactory())
    response = client.get("/manual/editions/1/plumbline-manual-1.pdf")
    assert (response.status_code, response["Retry-After"], printed) == (503, "10", [])
    print_edition(edition.pk)
    assert client.get("/manual/editions/1/plumbline-manual-1.pdf").getvalue() == b"%PDF-1"
    assert printed == ["now"]
