"""Erasing in the administration asks first, and leaves a record that names nobody."""

from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from kpiproject.models import User
from surveys.models import Contact, Erasure
from tests.factories import AnswerFactory, ContactFactory, ManagerFactory, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db
ADD = "admin:surveys_erasure_add"
LIST = "admin:surveys_erasure_changelist"
EMAIL = "grace@hopper.example"


@pytest.fixture
def manager(client: Any) -> User:
    found: User = ManagerFactory(name="Mara")
    client.force_login(found)
    return found


@pytest.fixture
def grace() -> Contact:
    found: Contact = ContactFactory(email=EMAIL)
    AnswerFactory(contact=found, comment="Slow.")
    return found


def test_it_asks_before_anything_is_erased(client: Any, manager: User, grace: Contact) -> None:
    page = client.get(reverse(ADD)).content.decode()
    assert ("Show what is found" in page, "What stays" in page, "Erase for good" in page) == (True, True, False)
    asked = client.post(reverse(ADD), {"email": "Grace@Hopper.example ", "leaves_alone": "on"})
    page = unescape(asked.content.decode())
    for words in (
        "Erase everything about grace@hopper.example?",
        "1 contact",
        "1 answer",
        "1 comment",
        "Erase for good",
    ):
        assert words in page
    assert (Erasure.objects.count(), Contact.objects.get().email) == (0, EMAIL)
    given = {"email": EMAIL, "leaves_alone": "on", "confirmed": "yes"}
    page = unescape(client.post(reverse(ADD), given, follow=True).content.decode())
    assert "The person is erased: 1 contact, 1 answer, 1 comment." in page
    assert (Erasure.objects.get().by, "hopper" in page) == (manager, False)
    page = client.get(reverse(LIST)).content.decode()
    assert ("Mara" in page, "Erase a person" in page, "Add erased person" in page) == (True, True, False)


@pytest.mark.parametrize(
    ("email", "words"),
    [
        ("", "This field is required."),
        ("grace", "Enter a valid email address."),
        ("ada@example.org", "Nothing is kept about anybody with this address."),
    ],
)
def test_what_cannot_be_erased(client: Any, manager: User, grace: Contact, email: str, words: str) -> None:
    page = client.post(reverse(ADD), {"email": email, "confirmed": "yes"})
    assert (page.status_code, words in page.content.decode()) == (422, True)
    assert not Erasure.objects.exists()


def test_whoever_may_not_erases_nobody(client: Any, grace: Contact) -> None:
    clerk = UserFactory(is_staff=True)
    clerk.user_permissions.add(
        *Permission.objects.filter(codename__in=["view_erasure", "view_contact", "change_contact"])
    )
    for person in (clerk, StaffFactory()):
        client.force_login(person)
        assert client.post(reverse(ADD), {"email": EMAIL, "confirmed": "yes"}).status_code == 403
    client.force_login(clerk)
    chosen = {"action": "erase", "_selected_action": [grace.pk]}
    assert "Erase this person" not in client.get(reverse("admin:surveys_contact_changelist")).content.decode()
    client.post(reverse("admin:surveys_contact_changelist"), chosen)
    assert Contact.objects.get().email == EMAIL


def test_a_record_is_neither_changed_nor_deleted(client: Any, manager: User, grace: Contact) -> None:
    client.post(reverse(ADD), {"email": EMAIL, "confirmed": "yes"})
    done = Erasure.objects.get()
    page = client.get(reverse("admin:surveys_erasure_change", args=[done.pk])).content.decode()
    assert ("1 contact, 1 answer, 1 comment" in page, 'name="_save"' in page) == (True, False)
    assert client.post(reverse("admin:surveys_erasure_delete", args=[done.pk]), {"post": "yes"}).status_code == 403
    assert Erasure.objects.exists()


def test_the_list_of_contacts_leads_there_without_an_address_in_the_address(
    client: Any, manager: User, grace: Contact
) -> None:
    chosen: dict[str, Any] = {"action": "erase", "_selected_action": [grace.pk]}
    answer = client.post(reverse("admin:surveys_contact_changelist"), chosen)
    assert answer.url == f"{reverse(ADD)}?contact={grace.pk}"
    assert f'value="{EMAIL}"' in client.get(answer.url).content.decode()
    chosen["_selected_action"].append(ContactFactory().pk)
    page = client.post(reverse("admin:surveys_contact_changelist"), chosen, follow=True).content.decode()
    assert "Choose one person: each is looked at before anything is erased." in page
