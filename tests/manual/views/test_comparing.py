"""An edition beside another one, or beside today."""

import pytest
from django.core.cache import cache
from django.test import Client

from kpiproject.documents import tree
from kpiproject.models import User
from manual.models import Edition, Section
from tests.factories import StaffFactory, UserFactory
from tests.kpiproject.security import faults
from tests.manual.documents import edition, section
from tests.manual.views.test_reading import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client: Client) -> Client:
    cache.clear()
    client.force_login(StaffFactory())
    return client


def target(words: str) -> dict[str, dict[str, str]]:
    return {"goal:1.target": {"label": "CSAT, target", "words": words, "kind": "rule", "section": "goals"}}


@pytest.fixture
def _three() -> None:
    for number, words_of in enumerate(("85 %", "86 %", "88 %"), start=1):
        edition(section("goals", tree.paragraph(f"Words {number}.")), figures=target(words_of))


@pytest.mark.usefixtures("_three")
@pytest.mark.parametrize("query", ["old=1&new=3", "old=3&new=1"])
def test_any_two_editions_are_compared_in_words_and_numbers_section_by_section(reader: Client, query: str) -> None:
    page = reader.get(f"/manual/editions/compare/?{query}")
    said = words(page)
    assert "From edition 1 of 2 Mar 2026 to edition 3 of 2 Mar 2026." in said
    assert "Goals Removed: Words 1. Added: Words 3. What was decided What Before After CSAT, target 85 % 88 %" in said
    assert faults(page) == []


@pytest.mark.usefixtures("_three")
def test_without_a_choice_the_last_two_are_compared(reader: Client) -> None:
    assert "From edition 2 of 2 Mar 2026 to edition 3" in words(reader.get("/manual/editions/compare/"))


@pytest.mark.usefixtures("_three")
@pytest.mark.parametrize("query", ["old=1&new=1", "old=1&new=9", "old=x&new=2", "old=&new=", "old=1"])
def test_two_that_cannot_be_compared_are_refused(reader: Client, query: str) -> None:
    response = reader.get(f"/manual/editions/compare/?{query}")
    assert response.status_code == 422
    assert "Please choose two different editions that exist." in words(response)


def test_of_one_edition_there_is_nothing_to_compare(reader: Client) -> None:
    edition(section("goals"))
    assert "There are not two editions yet." in words(reader.get("/manual/editions/compare/"))


def test_the_reader_flips_each_figure_or_all_of_them_and_the_edition_stays(reader: Client) -> None:
    Section.objects.all().delete()
    edition(section("goals"), figures=target("85 %"))
    before = Edition.objects.values("content", "figures", "digest").get()
    page = reader.get("/manual/editions/1/today/")
    assert "then 85 % no longer there today no longer there: retired, closed or switched off since" in words(page)
    assert page.content.decode().count('<details class="flip') == 1
    both = words(reader.get("/manual/editions/1/today/?all=1"))
    assert "CSAT, target 85 % no longer there: retired, closed or switched off since" in both
    assert faults(page) == []
    assert Edition.objects.values("content", "figures", "digest").get() == before


def test_an_edition_without_figures_says_so(reader: Client) -> None:
    Section.objects.all().delete()
    edition(section("goals"))
    assert "This edition has no figures." in words(reader.get("/manual/editions/1/today/"))
    assert reader.get("/manual/editions/7/today/").status_code == 404


@pytest.mark.parametrize("address", ["compare/", "1/today/"])
def test_whoever_may_not_read_the_manual_compares_nothing(client: Client, address: str) -> None:
    edition(section("goals"))
    person: User = UserFactory()
    client.force_login(person)
    assert client.get(f"/manual/editions/{address}").status_code == 403
