import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kpiproject import people
from kpiproject.models import Mail, User
from kpiproject.roles import MANAGERS, STAFF
from tests.factories import ManagerFactory, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client: Client) -> User:
    manager = ManagerFactory(name="Mara")
    client.force_login(manager)
    return manager


def messages(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def test_list_costs_the_same_for_three_as_for_one(client: Client, manager: User) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get("/people/")
        return len(queries)

    client.get("/people/")
    one = count()
    StaffFactory.create_batch(3)

    assert count() == one


def test_list_is_paginated(client: Client, manager: User) -> None:
    UserFactory.create_batch(60)

    first, second = client.get("/people/"), client.get("/people/?page=2")

    assert (len(first.context["page"]), len(second.context["page"])) == (50, 11)
    assert 'href="?page=2"' in first.content.decode()
    assert client.get("/people/?page=nonsense").context["page"].number == 1


def test_invite_sends_a_mail_in_the_name_of_whoever_invites(client: Client, manager: User) -> None:
    response = client.post(
        "/people/invite/", {"email": "new@example.org", "name": "Nora", "role": MANAGERS}, follow=True
    )

    assert response.redirect_chain == [("/people/", 302)]
    assert messages(response) == ["An invitation is on its way to new@example.org."]
    assert Mail.objects.get().reply_to == manager.email
    assert User.objects.get(email="new@example.org").is_manager


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"email": "known@example.org", "role": STAFF}, "known@example.org is already in the list of people."),
        ({"email": "nonsense", "role": STAFF}, "Enter a valid email address."),
        ({"email": "new@example.org", "role": "Kings"}, "Kings is not one of the available choices."),
        ({"email": "new@example.org"}, "This field is required."),
    ],
)
def test_invite_says_what_is_wrong(client: Client, manager: User, form: dict[str, str], sentence: str) -> None:
    UserFactory(email="known@example.org")

    response = client.post("/people/invite/", form)

    assert response.status_code == 422
    assert next(iter(response.context["form"].errors.values()))[0].endswith(sentence)
    assert not Mail.objects.exists()


def test_role_is_changed(client: Client, manager: User) -> None:
    user = StaffFactory(name="Otto")

    response = client.post(f"/people/{user.pk}/role/", {"role": MANAGERS}, follow=True)

    assert messages(response) == ["The role of Otto has been changed."]
    assert User.objects.get(pk=user.pk).is_manager


def test_role_of_the_last_manager_stays_and_says_why(client: Client, manager: User) -> None:
    response = client.post(f"/people/{manager.pk}/role/", {"role": STAFF}, follow=True)

    assert messages(response) == ["Mara is the last active manager. Make somebody else a manager first."]


def test_role_that_does_not_exist_is_refused(client: Client, manager: User) -> None:
    response = client.post(f"/people/{manager.pk}/role/", {"role": "Kings"}, follow=True)

    assert messages(response) == ["Choose one of the two roles."]


def test_manager_who_becomes_staff_is_led_home(client: Client, manager: User) -> None:
    ManagerFactory()

    response = client.post(f"/people/{manager.pk}/role/", {"role": STAFF})

    assert (response.status_code, response["Location"]) == (302, "/")


def test_deactivate_and_reactivate(client: Client, manager: User) -> None:
    user = StaffFactory(name="Otto")

    out = client.post(f"/people/{user.pk}/deactivate/", follow=True)
    assert messages(out) == ["Otto can no longer log in."]
    assert not User.objects.get(pk=user.pk).is_active

    back = client.post(f"/people/{user.pk}/reactivate/", follow=True)
    assert messages(back) == ["Otto can log in again."]
    assert User.objects.get(pk=user.pk).is_active


def test_deactivate_oneself_is_refused(client: Client, manager: User) -> None:
    ManagerFactory()

    response = client.post(f"/people/{manager.pk}/deactivate/", follow=True)

    assert messages(response) == ["You cannot deactivate yourself. Ask another manager to do it."]


def test_resend_sends_a_second_invitation(client: Client, manager: User) -> None:
    user = people.invite_person("new@example.org", role=STAFF, by=manager)

    response = client.post(f"/people/{user.pk}/resend/", follow=True)

    assert messages(response) == ["A new invitation is on its way to new@example.org."]
    assert Mail.objects.count() == 2


@pytest.mark.parametrize("action", ["role", "deactivate", "reactivate", "resend"])
def test_nothing_changes_by_get(client: Client, manager: User, action: str) -> None:
    assert client.get(f"/people/{manager.pk}/{action}/").status_code == 405


def test_somebody_who_does_not_exist(client: Client, manager: User) -> None:
    assert client.get("/people/999999/").status_code == 404
