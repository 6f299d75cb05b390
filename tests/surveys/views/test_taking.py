"""Taking a follow-up out of a mail, without logging in."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from kpiproject.models import User
from surveys import follow_up_links, follow_up_steps
from surveys.models import FollowUp
from surveys.views import guesses
from tests.factories import ContactFactory, ManagerFactory, StaffFactory
from tests.follow_up_factories import FollowUpFactory
from tests.kpiproject.security import faults

pytestmark = pytest.mark.django_db


@pytest.fixture
def mara() -> User:
    return ManagerFactory(name="Mara")


@pytest.fixture
def found() -> FollowUp:
    contact = ContactFactory(name="Carla", email="carla@example.com")
    return FollowUpFactory(ticket="T-1", contact=contact, said__comment="<b>Bad</b>")


def link(follow_up: FollowUp, person: User) -> str:
    return "/f/" + follow_up_links.take_url(follow_up.pk, person.pk).rpartition("/f/")[2]


def text_of(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_takes_nothing(client: Client, found: FollowUp, mara: User, method: str) -> None:
    response = getattr(client, method)(link(found, mara))
    found.refresh_from_db()
    assert (response.status_code, found.state, found.notes.count()) == (200, "new", 1)
    assert not faults(response)
    assert not response.cookies


def test_what_is_shown(client: Client, found: FollowUp, mara: User) -> None:
    page = text_of(client.get(link(found, mara)))
    for words in ("Do you take care of it?", "&lt;b&gt;Bad&lt;/b&gt;", "1 of 5 · unhappy", "ticket T-1", "Carla"):
        assert words in page
    assert '<form method="post"><button>I take care of it</button></form>' in page
    assert "You are Mara; nothing happens until you press the button." in page


def test_pressing_takes_it_as_this_person(client: Client, found: FollowUp, mara: User) -> None:
    path = link(found, mara)
    response = client.post(path)
    assert (response.status_code, response["Location"]) == (303, path)
    found.refresh_from_db()
    assert (found.state, found.assignee) == ("taken", mara)
    page = text_of(client.get(path))
    assert "<h1>You take care of it</h1>" in page
    assert "<button" not in page
    assert 'href="mailto:carla@example.com?' in page
    assert not client.session.keys()  # nobody is logged in by it


def test_a_double_click_is_one(client: Client, found: FollowUp, mara: User) -> None:
    assert [client.post(link(found, mara)).status_code for _ in range(2)] == [303, 303]
    assert found.notes.filter(kind="taken").count() == 1


def test_somebody_was_faster(client: Client, found: FollowUp, mara: User) -> None:
    ben = ManagerFactory(name="Ben")
    follow_up_steps.take(found.pk, ben)
    response = client.post(link(found, mara))
    assert response.status_code == 409
    assert "<h1>Ben takes care of it</h1>" in text_of(response)
    found.refresh_from_db()
    assert found.assignee == ben
    page = text_of(client.get(link(found, mara)))
    assert "<h1>Ben takes care of it</h1>" in page
    assert "mailto:" not in page


def test_closed_meanwhile(client: Client, found: FollowUp, mara: User) -> None:
    follow_up_steps.contacted(found.pk, by=mara, how="phone")
    follow_up_steps.give_up(found.pk, by=mara)
    assert "<h1>This is closed: no answer</h1>" in text_of(client.get(link(found, mara)))
    assert client.post(link(found, mara)).status_code == 409


def test_who_may_not_know_customers_reads_no_name(client: Client, found: FollowUp) -> None:
    person = StaffFactory()
    before = text_of(client.get(link(found, person)))
    client.post(link(found, person))
    after = text_of(client.get(link(found, person)))
    assert [word for word in ("Carla", "carla@", "mailto:") if word in before + after] == []
    assert "<h1>You take care of it</h1>" in after


def test_the_link_opens_nothing_else(client: Client, found: FollowUp, mara: User) -> None:
    client.post(link(found, mara))
    for path in (f"/follow-ups/{found.pk}/", "/follow-ups/"):
        assert client.get(path).status_code == 302


def test_changed_link(client: Client, found: FollowUp, mara: User) -> None:
    other = FollowUpFactory()
    start, rest = link(found, mara)[3:].split(":", 1)
    stolen = link(other, mara)[3:].split(":", 1)[0]
    for path in (f"/f/{stolen}:{rest}", f"/f/{start}:x", "/f/nonsense/"):
        response = client.post(path if path.endswith("/") else f"{path}/")
        assert response.status_code == 404
        assert "This link does not lead anywhere" in text_of(response)
    assert set(FollowUp.objects.values_list("state", flat=True)) == {"new"}


def test_forged_links_are_put_off_after_a_while_and_old_ones_are_explained(
    client: Client, found: FollowUp, mara: User
) -> None:
    cache.clear()
    path = link(found, mara)
    statuses = [client.get(f"{path[:-4]}{number:03}/").status_code for number in range(guesses.MOST_GUESSES + 2)]
    assert statuses == [404] * guesses.MOST_GUESSES + [429] * 2
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        old = client.get(path)
    assert (old.status_code, "it is older than two weeks" in text_of(old)) == (404, True)
    assert client.get(path).status_code == 200
    cache.clear()


def test_language_and_zone_of_the_reader(client: Client, found: FollowUp) -> None:
    FollowUp.objects.filter(pk=found.pk).update(due_at="2026-03-02T12:00Z")
    person = ManagerFactory(time_zone="Asia/Tokyo", language="en")
    assert "To be contacted until 2 Mar 2026, 21:00." in text_of(client.get(link(found, person)))
