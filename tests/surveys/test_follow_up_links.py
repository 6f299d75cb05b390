"""Links that take a follow-up: of one person, for one follow-up, for two weeks."""

from datetime import timedelta

import pytest
import time_machine
from django.core import signing

from kpiproject.answer_links import DeadLinkError
from kpiproject.lib import tokens
from kpiproject.models import User
from surveys import follow_up_links
from tests.factories import ManagerFactory, StaffFactory, UserFactory
from tests.follow_up_factories import FollowUpFactory

pytestmark = pytest.mark.django_db


def signed(follow_up_id: int, person_id: int) -> str:
    return follow_up_links.take_url(follow_up_id, person_id).rstrip("/").rpartition("/")[2]


def test_it_names_the_follow_up_and_the_person() -> None:
    follow_up, person = FollowUpFactory(), StaffFactory()
    assert follow_up_links.find(signed(follow_up.pk, person.pk)) == (follow_up, person)


@pytest.mark.parametrize(("age", "is_alive"), [(timedelta(days=13), True), (timedelta(days=15), False)])
def test_it_lives_for_two_weeks(age: timedelta, is_alive: bool) -> None:
    follow_up, person = FollowUpFactory(), ManagerFactory()
    with time_machine.travel("2026-03-02T12:00Z", tick=False) as clock:
        link = signed(follow_up.pk, person.pk)
        clock.shift(age)
        if is_alive:
            assert follow_up_links.find(link) == (follow_up, person)
        else:
            with pytest.raises(DeadLinkError):
                follow_up_links.find(link)


def test_every_changed_character_is_noticed() -> None:
    link = signed(FollowUpFactory().pk, ManagerFactory().pk)
    for position, character in enumerate(link):
        changed = link[:position] + ("A" if character != "A" else "B") + link[position + 1 :]
        if changed.rstrip("=") == link:
            continue
        with pytest.raises(DeadLinkError):
            follow_up_links.find(changed)


@pytest.mark.parametrize("text", ["", "x", "x:y:z", "…", "a" * 5000])
def test_nonsense(text: str) -> None:
    with pytest.raises(DeadLinkError):
        follow_up_links.find(text)


def test_what_was_signed_for_something_else_does_not_count() -> None:
    value = [FollowUpFactory().pk, ManagerFactory().pk]
    for text in (tokens.sign("invitation", value), signing.dumps(value)):
        with pytest.raises(DeadLinkError):
            follow_up_links.find(text)


def test_who_has_left_or_lost_the_permission_has_no_link_any_more() -> None:
    follow_up, left, lost = FollowUpFactory(), ManagerFactory(), UserFactory()
    links = [signed(follow_up.pk, left.pk), signed(follow_up.pk, lost.pk), signed(follow_up.pk, 0), signed(0, left.pk)]
    User.objects.filter(pk=left.pk).update(is_active=False)
    for link in links:
        with pytest.raises(DeadLinkError):
            follow_up_links.find(link)
