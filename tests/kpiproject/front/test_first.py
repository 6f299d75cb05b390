import pytest
from django.test import Client
from django.urls import reverse

from kpiproject import people
from kpiproject.models import User
from kpiproject.queries import organisation
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
FORM = {
    "organisation": "Northwind",
    "time_zone": "Europe/Berlin",
    "name": "Mara",
    "email": "mara@example.org",
    "password": "quite-a-long-one",
}


def test_first_visit_creates_the_manager_names_the_organisation_and_logs_in(client: Client) -> None:
    shown = client.get("/setup/first/")
    response = client.post("/setup/first/", FORM | {"code": people.first_manager_code()})

    user = User.objects.get()
    assert shown.status_code == 200
    assert (response.status_code, response["Location"]) == (302, reverse("home"))
    assert (user.email, user.name, user.is_manager) == ("mara@example.org", "Mara", True)
    assert (organisation().name, organisation().time_zone) == ("Northwind", "Europe/Berlin")
    assert client.get("/people/").status_code == 200


def test_first_visit_with_a_wrong_code_creates_nobody(client: Client) -> None:
    people.first_manager_code()

    response = client.post("/setup/first/", FORM | {"code": "AAAA-AAAA-AAAA-AAAA"})

    assert response.status_code == 422
    assert "This is not the code printed in the terminal." in response.content.decode()
    assert not User.objects.exists()


def test_first_visit_with_a_weak_password_creates_nobody(client: Client) -> None:
    response = client.post("/setup/first/", FORM | {"code": people.first_manager_code(), "password": "short"})

    assert response.status_code == 422
    assert not User.objects.exists()
    assert people.first_manager_code() is not None


def test_first_visit_may_guess_ten_times_in_a_quarter_of_an_hour(client: Client) -> None:
    code = people.first_manager_code()
    guesses = [client.post("/setup/first/", FORM | {"code": "guess"}).status_code for _time in range(10)]

    response = client.post("/setup/first/", FORM | {"code": code})

    assert guesses == [422] * 10
    assert response.status_code == 429
    assert not User.objects.exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_first_visit_exists_no_more_once_there_is_somebody(client: Client, method: str) -> None:
    UserFactory(is_active=False)

    assert getattr(client, method)("/setup/first/").status_code == 404
