"""What the manual wants of a person."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from kpiproject.front import attention
from kpiproject.front.matters import Matter
from kpiproject.models import User
from manual import approvals, passphrases, shares
from manual.models import Section, Share
from tests.factories import ManagerFactory, SectionFactory, ShareFactory, StaffFactory

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
    found = about_the_manual(attention.all_needs(ManagerFactory(), attention.this_moment()).matters)
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
    needs = attention.own(owner, attention.this_moment())
    assert needs is not None
    assert [(matter.text, matter.tone) for matter in needs.matters] == [
        ("1 section of the manual is to be read again", "warn")
    ]
    assert attention.own(other, attention.this_moment()) is None


def test_a_draft_that_waits_is_told_until_it_is_published() -> None:
    SectionFactory(slug="mine")
    ann, ben = ManagerFactory(), ManagerFactory()

    def said() -> list[str]:
        return [
            matter.text
            for matter in attention.all_needs(ben, attention.this_moment()).matters
            if matter.url == "/manual/approval/"
        ]

    assert said() == []
    event = approvals.submit(by=ann)
    assert said() == ["The draft of the manual waits for a review"]
    approvals.approve(by=ben, seen=event.approval.fingerprint)
    assert said() == ["The draft of the manual is approved and can be published"]
    approvals.ask_changes(by=ben, words="One more thing.")
    assert said() == ["Changes are asked for in the draft of the manual"]


# --- Share links --------------------------------------------------------------------------------------------------
def guesses(person: User) -> list[Matter]:
    found = attention.all_needs(person, attention.this_moment()).matters
    return [matter for matter in found if "passphrase" in matter.text]


def test_managers_are_told_that_a_passphrase_is_guessed_until_the_link_has_another_address() -> None:
    share = ShareFactory(name="Nordlicht", passphrase=passphrases.hashed("correct horse"))
    manager = ManagerFactory()
    for _guess in range(passphrases.MOST_FROM_ONE - 1):
        passphrases.note_wrong(share)
    assert guesses(manager) == []
    passphrases.note_wrong(share)
    (told,) = guesses(manager)
    said = "Somebody guesses at the passphrase of 1 share link: give it a new address, or revoke it"
    assert (told.text, told.url, told.tone) == (said, "/manual/shares/", "bad")
    (detail,) = told.details
    assert (detail.text, detail.url, detail.note) == (
        "Nordlicht",
        f"/manual/shares/?link={share.pk}",
        "10 wrong passphrases since 1 Jun 2026, 12:00",
    )
    assert guesses(StaffFactory()) == []
    shares.rotate(share)
    assert guesses(manager) == []


def test_guesses_of_yesterday_and_at_closed_links_are_not_told() -> None:
    for number in range(2):
        share = ShareFactory(passphrase=passphrases.hashed("correct horse"))
        for _guess in range(passphrases.MOST_FROM_ONE):
            passphrases.note_wrong(share)
        if number:
            shares.revoke(share)
        else:
            Share.objects.update(wrong_since=JUNE - timedelta(hours=25))
    assert guesses(ManagerFactory()) == []
