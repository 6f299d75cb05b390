"""What the manual wants of a person."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from kpiproject.front import attention
from kpiproject.front.matters import Matter
from manual import approvals
from manual.models import Section
from tests.factories import ManagerFactory, SectionFactory, StaffFactory

pytestmark = pytest.mark.django_db
JUNE = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _june():
    Section.objects.all().delete()
    with time_machine.travel(JUNE, tick=False):
        yield


def about_the_manual(matters: list[Matter]) -> list[Matter]:
    return [matter for matter in matters if "/manual/" in matter.url]


def test_a_manager_is_told_of_every_section_that_is_due_with_its_owner() -> None:
    SectionFactory(slug="mine", title="Mine", created_at=JUNE - timedelta(days=300), owner=StaffFactory(name="Ola"))
    SectionFactory(slug="soon", title="Soon", created_at=JUNE - timedelta(days=175))
    SectionFactory(slug="fresh")
    found = about_the_manual(attention.needs(ManagerFactory(), most=None).matters)
    (due,) = [matter for matter in found if "to be read again" in matter.text]
    assert (due.text, due.tone, due.url) == (
        "2 sections of the manual are to be read again",
        "bad",
        "/manual/sections/mine/care/",
    )
    assert [(detail.text, detail.note) for detail in due.details] == [
        ("Mine", "due since 5 Feb 2026, Ola"),
        ("Soon", "due on 8 Jun 2026"),
    ]


def test_staff_are_told_of_their_own_sections_only() -> None:
    owner, other = StaffFactory(), StaffFactory()
    SectionFactory(slug="mine", title="Mine", created_at=JUNE - timedelta(days=175), owner=owner)
    needs = attention.own(owner)
    assert needs is not None
    assert [(matter.text, matter.tone) for matter in needs.matters] == [
        ("1 section of the manual is to be read again", "warn")
    ]
    assert attention.own(other) is None


def test_a_draft_that_waits_is_told_until_it_is_published() -> None:
    SectionFactory(slug="mine")
    ann, ben = ManagerFactory(), ManagerFactory()

    def said() -> list[str]:
        return [matter.text for matter in attention.needs(ben, most=None).matters if matter.url == "/manual/approval/"]

    assert said() == []
    event = approvals.submit(by=ann)
    assert said() == ["The draft of the manual waits for a review"]
    approvals.approve(by=ben, seen=event.approval.fingerprint)
    assert said() == ["The draft of the manual is approved and can be published"]
    approvals.ask_changes(by=ben, words="One more thing.")
    assert said() == ["Changes are asked for in the draft of the manual"]
