"""Help from the menu: the part for one's role, before anything is published and after."""

import pytest
from django.test import Client
from django.urls import reverse

from manual import editions
from manual.models import Section
from tests.factories import ManagerFactory, StaffFactory, UserFactory
from tests.manual.chapters.built import AS_OF

pytestmark = pytest.mark.django_db
HELP = "/help/"


def page(client: Client) -> str:
    response = client.get(HELP)
    assert response.status_code == 200
    return response.content.decode()


def test_before_anything_is_published_it_is_written_from_the_code(client: Client) -> None:
    client.force_login(StaffFactory())
    found = page(client)
    assert '<h2 id="ref-role-staff">For staff</h2>' in found
    assert 'href="#ref-role-staff"' in found
    assert f'<a href="{reverse("surveys:follow_up_list")}" rel="noopener noreferrer">Follow-ups</a>' in found


@pytest.mark.parametrize(
    ("person", "code"),
    [
        (StaffFactory, "staff"),
        (ManagerFactory, "manager"),
        (lambda: ManagerFactory(is_superuser=True), "operator"),
    ],
)
def test_it_leads_to_the_part_of_the_edition_in_force(client: Client, person, code: str) -> None:
    editions.publish(by=None, number=1, as_of=AS_OF)
    client.force_login(person())
    response = client.get(HELP)
    assert (response.status_code, response["Location"]) == (302, f"/manual/help/#ref-role-{code}")
    found = client.get("/manual/help/").content.decode()
    assert f'id="ref-role-{code}"' in found
    assert 'href="/goals/"' in found


def test_it_is_there_where_the_section_was_left_out_or_may_not_be_read(client: Client) -> None:
    Section.objects.filter(chapter="roles").update(is_shown=False)
    editions.publish(by=None, number=1, as_of=AS_OF)
    client.force_login(StaffFactory())
    assert "For staff" in page(client)
    client.force_login(UserFactory())
    assert "For staff" in page(client)


def test_the_menu_leads_there_and_nobody_else_sees_it(client: Client) -> None:
    assert client.get(HELP).status_code == 302
    client.force_login(StaffFactory())
    assert page(client).count(f'href="{HELP}"') == 2
