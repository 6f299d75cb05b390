"""What is done to several surveys or contacts at once in the administration."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client

from surveys.models import Suppression, Survey
from tests.factories import ContactFactory, ManagerFactory, StaffFactory, SurveyFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client: Client) -> Client:
    client.force_login(ManagerFactory(name="Mara"))
    return client


def do(client: Client, kind: str, action: str, *rows: Any, **more: object) -> Any:
    given = {"action": action, "_selected_action": [row.pk for row in rows], **more}
    return client.post(f"/admin/surveys/{kind}/", given, follow=True)


def told(answer: Any) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def test_surveys_get_an_owner(manager: Client) -> None:
    jon = StaffFactory(name="Jon")
    mine, other = SurveyFactory(owner=None), SurveyFactory(owner=StaffFactory(name="Ada"))
    assert "Give these surveys an owner" in do(manager, "survey", "hand_over", mine, other).content.decode()
    assert do(manager, "survey", "hand_over", mine, other, confirmed="yes").status_code == 422
    answer = do(manager, "survey", "hand_over", mine, other, owner=jon.pk, confirmed="yes")
    assert told(answer) == ["2 surveys are Jon’s now."]
    assert {one.owner for one in Survey.objects.filter(pk__in=[mine.pk, other.pk])} == {jon}
    messages = {entry.object_id: entry.change_message for entry in LogEntry.objects.all()}
    assert messages == {str(mine.pk): "Owner: – → Jon.", str(other.pk): "Owner: Ada → Jon."}


def test_nobody_who_has_left_gets_surveys(manager: Client) -> None:
    survey, gone = SurveyFactory(owner=None), StaffFactory(is_active=False)
    assert do(manager, "survey", "hand_over", survey, owner=gone.pk, confirmed="yes").status_code == 422
    survey.refresh_from_db()
    assert survey.owner is None


def test_surveys_are_not_deleted_by_the_list(manager: Client) -> None:
    survey = SurveyFactory()
    do(manager, "survey", "delete_selected", survey, post="yes")
    assert Survey.objects.filter(pk=survey.pk).exists()


def test_people_are_left_alone_for_good(manager: Client) -> None:
    ada, bob = ContactFactory(email="Ada@example.org"), ContactFactory(email="bob@example.org")
    Suppression.objects.create(email="bob@example.org", reason="unsubscribed")
    page = do(manager, "contact", "leave_alone", ada, bob).content.decode()
    assert "Never write to these people again?" in page
    assert Suppression.objects.count() == 1
    assert told(do(manager, "contact", "leave_alone", ada, bob, confirmed="yes")) == ["1 address is new on the list."]
    assert dict(Suppression.objects.values_list("email", "reason")) == {
        "ada@example.org": "manual",
        "bob@example.org": "unsubscribed",
    }


def test_it_takes_the_right_to_keep_the_list(client: Client) -> None:
    clerk = UserFactory(is_staff=True)
    clerk.user_permissions.add(*Permission.objects.filter(codename__in=["view_contact", "change_contact"]))
    client.force_login(clerk)
    assert do(client, "contact", "leave_alone", ContactFactory(), confirmed="yes").status_code == 403
    assert not Suppression.objects.exists()
