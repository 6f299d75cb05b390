"""Passphrases of share links: hashed, proven for some hours, and braked for whoever guesses."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from kpiproject.models import Mail
from manual import passphrases, share_mail, shares
from manual.models import Share
from manual.passphrases import MOST_WRONG
from tests.factories import EditionFactory, ManagerFactory, ShareFactory

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def protected(**fields) -> Share:
    return ShareFactory(passphrase=passphrases.hashed("correct horse"), **fields)


def test_it_is_hashed_as_passwords_are() -> None:
    share = shares.create(EditionFactory(), shares.Terms(name="Ada", passphrase="correct horse"), by=None)
    assert "correct" not in share.passphrase
    assert share.passphrase.count("$") >= 2
    assert shares.create(EditionFactory(), shares.Terms(name="Ben"), by=None).passphrase == ""


@pytest.mark.parametrize(
    ("given", "right"),
    [("correct horse", True), ("Correct horse", False), ("correct horse ", False), ("", False), ("x" * 129, False)],
)
def test_only_the_very_same_is_right(given: str, right: bool) -> None:
    assert passphrases.is_right(protected(), given) is right


def test_a_proof_is_worth_nothing_elsewhere_later_or_under_another_address() -> None:
    share, other = protected(), protected()
    with time_machine.travel(MONDAY, tick=False):
        proof = passphrases.proof(share)
        assert passphrases.is_proof(share, proof)
        assert not passphrases.is_proof(other, proof)
        assert [passphrases.is_proof(share, text) for text in ("", "x", proof[:-1], proof + "x")] == [False] * 4
        assert share.passphrase[-20:] not in proof
    with time_machine.travel(MONDAY + timedelta(hours=12, seconds=1), tick=False):
        assert not passphrases.is_proof(share, proof)
    with time_machine.travel(MONDAY, tick=False):
        share.passphrase = passphrases.hashed("another horse")
        assert not passphrases.is_proof(share, proof)


def test_too_many_wrong_ones_from_everywhere_lock_it_for_an_hour() -> None:
    share = protected()
    with time_machine.travel(MONDAY, tick=False):
        told = [passphrases.note_wrong(share) for _guess in range(MOST_WRONG + 3)]
        assert told == [False] * (MOST_WRONG - 1) + [True] + [False] * 3
        assert (passphrases.is_locked(share), share.locked_until) == (True, MONDAY + timedelta(hours=1))
    with time_machine.travel(MONDAY + timedelta(hours=1), tick=False):
        assert not passphrases.is_locked(share)
        passphrases.note_wrong(share)
        assert share.wrong_passphrases == 1


def test_a_few_wrong_ones_now_and_then_lock_nothing() -> None:
    share = protected()
    for hours in range(MOST_WRONG + 5):
        with time_machine.travel(MONDAY + timedelta(hours=2 * hours), tick=False):
            assert passphrases.note_wrong(share) is False
    assert share.locked_until is None


def test_whoever_made_the_link_is_told_once_a_day() -> None:
    share = protected(name="Auditor", created_by=ManagerFactory(email="mara@example.org"))
    with time_machine.travel(MONDAY, tick=False):
        passphrases.note_wrong(share)
        mails = {share_mail.tell_of_guessing(share).pk for _time in range(2)}
    found = Mail.objects.get()
    assert mails == {found.pk}
    assert (found.recipient, found.subject) == (
        "mara@example.org",
        "Somebody guesses at the passphrase of the link for Auditor",
    )
    assert share.token not in found.text + found.html
    for nobody in (protected(created_by=None), protected(created_by=ManagerFactory(is_active=False))):
        passphrases.note_wrong(nobody)
        assert share_mail.tell_of_guessing(nobody) is None
