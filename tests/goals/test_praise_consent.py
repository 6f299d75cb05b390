"""People without an account decide about praise as everybody does: before anybody else reads it."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from goals import praise, praise_consent
from goals.changes import NotPossibleError
from goals.models import Praise
from goals.praise_consent import DeadLinkError, ForgedLinkError
from kpiproject.lib import tokens
from tests.factories import ManagerFactory, StaffFactory
from tests.goals import recognised
from tests.goals.recognised import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def passed(db):
    return recognised.passed_on(at=NOW)


# --- The link
def test_the_link_leads_to_this_praise_for_thirty_days(passed):
    with time_machine.travel(NOW, tick=False):
        signed = recognised.link(passed)
        assert praise_consent.find(signed) == passed
    with time_machine.travel(NOW + timedelta(days=30), tick=False):
        assert praise_consent.find(signed) == passed
    with time_machine.travel(NOW + timedelta(days=30, seconds=2), tick=False), pytest.raises(DeadLinkError):
        praise_consent.find(signed)


def test_a_link_cannot_be_made_up(passed):
    signed = recognised.link(passed)
    other = recognised.link(recognised.passed_on())
    mixed = ":".join([other.split(":")[0], *signed.split(":")[1:]])
    for forged in ("x", signed[:-1], signed + "x", mixed, tokens.sign("alarm", passed.pk), str(passed.pk)):
        with pytest.raises(ForgedLinkError):
            praise_consent.find(forged)


@pytest.mark.parametrize("change", [{"state": "refused"}, {"agent": None}])
def test_a_link_to_what_is_no_longer_theirs_is_dead(passed, change):
    signed = recognised.link(passed)
    Praise.objects.update(**change)
    with pytest.raises(DeadLinkError):
        praise_consent.find(signed)


def test_a_link_to_what_a_person_with_an_account_has_is_dead():
    found = recognised.praise(StaffFactory(), agent=recognised.agent())
    with pytest.raises(DeadLinkError):
        praise_consent.find(recognised.link(found))


def test_erased_words_take_the_link_along(passed):
    signed = recognised.link(passed)
    passed.answer.delete()
    with pytest.raises(DeadLinkError):
        praise_consent.find(signed)


def test_they_say_it_and_may_change_their_mind(passed):
    assert list(praise.shared()) == []
    praise_consent.say(passed, "share", now=NOW)
    assert list(praise.shared()) == [passed]
    praise_consent.say(passed, "keep", now=NOW)
    assert list(praise.shared()) == []
    passed.refresh_from_db()
    assert (passed.state, passed.decided_at, passed.recorded_by) == ("kept", NOW, None)


# --- Through a manager
def test_a_manager_writes_down_what_they_said_with_name_and_day(passed):
    mara = ManagerFactory()
    praise_consent.record(passed.pk, "share", by=mara, now=NOW)
    passed.refresh_from_db()
    assert (passed.state, passed.decided_at, passed.recorded_by) == ("shared", NOW, mara)
    praise_consent.record(passed.pk, "keep", by=mara, now=NOW)
    assert list(praise.shared()) == []


def test_nobody_shares_what_they_said_themselves_they_keep(passed):
    praise_consent.say(passed, "keep", now=NOW)
    with pytest.raises(NotPossibleError, match="Only they can share it"):
        praise_consent.record(passed.pk, "share", by=ManagerFactory(), now=NOW)
    passed.refresh_from_db()
    assert passed.state == "kept"
    praise_consent.say(passed, "share", now=NOW)  # they can
    praise_consent.record(passed.pk, "keep", by=ManagerFactory(), now=NOW)  # and nobody keeps what they take back
    assert list(praise.shared()) == []


@pytest.mark.parametrize("state", ["shown", "kept", "shared"])
def test_of_a_person_with_an_account_no_manager_writes_anything_down(state):
    found = recognised.praise(StaffFactory(), agent=recognised.agent(), state=state)
    with pytest.raises(Praise.DoesNotExist):
        praise_consent.record(found.pk, "share", by=ManagerFactory(), now=NOW)
    assert praise_consent.passed_on(NOW) == []


def test_the_database_refuses_to_share_what_nobody_agreed_to(passed):
    with pytest.raises(IntegrityError), transaction.atomic():
        Praise.objects.update(state="shared")


def test_what_waits_stands_first_and_what_is_long_ago_is_left_out(passed):
    kept = recognised.passed_on(at=NOW + timedelta(hours=1))
    praise_consent.say(kept, "keep", now=NOW)
    told = recognised.passed_on(at=NOW + timedelta(hours=2))
    praise_consent.record(told.pk, "share", by=ManagerFactory(), now=NOW)
    recognised.passed_on(at=NOW - timedelta(days=90))
    found = praise_consent.passed_on(NOW)
    assert [(one.praise, one.said, one.is_theirs) for one in found] == [
        (passed, "", False),
        (told, "share", False),
        (kept, "keep", True),
    ]


def test_the_list_costs_one_query(passed, django_assert_num_queries):
    for _number in range(2):
        recognised.passed_on(at=NOW)
    with django_assert_num_queries(1):
        found = praise_consent.passed_on(NOW)
        assert [str(one.praise.agent)[:3] for one in found] == ["Ada"] * 3
