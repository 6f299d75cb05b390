"""Sections of the manual that stand in another edition than the one in force."""

from datetime import date

import pytest
import time_machine
from django.test import Client

from manual.models import Edition
from tests.factories import StaffFactory
from tests.kpiproject.security import faults
from tests.manual.readers import FIRST, published
from tests.manual.views.test_reading import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(StaffFactory())
    return client


def test_a_section_that_was_taken_out_says_where_it_stood(staff: Client) -> None:
    published("promise", "tone")
    published("promise")
    response = staff.get("/manual/tone/")
    assert (response.status_code, faults(response)) == (410, [])
    said = "This section is no longer part of the manual Edition 1 was the last with it. What it said there is kept."
    assert said in words(response)
    assert 'href="/manual/editions/1/#tone"' in response.content.decode()


def test_a_section_of_an_edition_that_is_coming_says_so(staff: Client) -> None:
    published("promise")
    coming = published("promise", "tone")
    Edition.objects.filter(pk=coming.pk).update(effective_from=date(2026, 3, 9))
    with time_machine.travel(FIRST, tick=False):
        said = words(staff.get("/manual/tone/"))
    assert "This section is not in force yet It comes with edition 2, which is in force from 9 Mar 2026 on." in said
