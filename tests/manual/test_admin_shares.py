"""Share links, followers and pictures in the administration: to look at, with their state."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from manual import followers, shares
from manual.models import Share
from tests.factories import ManagerFactory, ShareFactory, StaffFactory
from tests.kpiproject.security import faults
from tests.manual.views.test_reading import words
from tests.manual_factories import FollowerFactory, picture

pytestmark = pytest.mark.django_db
COLOURS = ("red", "green", "blue")


@pytest.fixture
def manager(client: Client) -> Client:
    client.force_login(ManagerFactory(name="Mara Lindqvist"))
    return client


@pytest.mark.parametrize("model", ["share", "follower", "picture"])
def test_lists_are_read_only_and_ask_the_same_of_one_row_and_of_three(manager: Client, model: str) -> None:
    def make(number: int) -> int:
        picture(colour=COLOURS[number])
        return FollowerFactory().pk

    pk = make(0)
    address = f"/admin/manual/{model}/"
    manager.get(address)  # what every process reads once
    with CaptureQueriesContext(connection) as one:
        page = manager.get(address)
    assert (page.status_code, faults(page), "Add " in words(page)) == (200, [], False)
    make(1)
    make(2)
    with CaptureQueriesContext(connection) as three:
        manager.get(address)
    assert len(one) == len(three)
    assert manager.get(f"{address}add/").status_code == 403
    row = {"share": Share.objects.earliest("pk").pk, "follower": pk, "picture": 1}[model]
    if model == "picture":
        row = picture().pk
    shown = manager.get(f"{address}{row}/change/")
    assert (shown.status_code, faults(shown), 'name="_save"' in shown.content.decode()) == (200, [], False)
    assert manager.post(f"{address}{row}/change/", {}).status_code == 403
    assert manager.post(f"{address}{row}/delete/", {"post": "yes"}).status_code == 403


def test_the_address_of_a_link_is_not_told(manager: Client) -> None:
    share = ShareFactory(name="The auditor")
    for path in ("", f"{share.pk}/change/"):
        assert share.token not in manager.get(f"/admin/manual/share/{path}").content.decode()


@pytest.mark.parametrize(("state", "name"), [("open", "Works"), ("expired", "Over"), ("revoked", "Taken back")])
def test_links_by_state(manager: Client, state: str, name: str) -> None:
    ShareFactory(name="Works")
    ShareFactory(name="Over", expires_at=timezone.now() - timedelta(days=1))
    shares.revoke(ShareFactory(name="Taken back"))
    said = words(manager.get(f"/admin/manual/share/?state={state}"))
    assert [each for each in ("Works", "Over", "Taken back") if f" {each} Edition" in said] == [name]


def test_followers_by_state_and_name(manager: Client) -> None:
    follows, left = FollowerFactory(email="stays@example.net"), FollowerFactory(email="left@example.net")
    for each in (follows, left):
        followers.confirm(each)
    followers.leave(left)
    FollowerFactory(email="asked@example.net")
    for state in ("follows", "left", "asked"):
        page = manager.get(f"/admin/manual/follower/?state={state}").content.decode()
        found = [each for each in ("stays", "left", "asked") if f"{each}@example.net" in page]
        assert found == [{"follows": "stays"}.get(state, state)]
    assert "stays@example.net" in manager.get("/admin/manual/follower/?q=stays").content.decode()


@pytest.mark.parametrize("model", ["share", "follower", "picture"])
def test_staff_do_not_see_them(client: Client, model: str) -> None:
    client.force_login(StaffFactory())
    assert client.get(f"/admin/manual/{model}/").status_code in (302, 403)
