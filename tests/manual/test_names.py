"""Which names an edition tells: of people, customers and stakeholders that are known, and nothing that is a word."""

from typing import Any

import pytest

from kpiproject.models import Agent, Team
from kpiproject.queries import organisation
from manual import names
from manual.names import Names
from metrics.models import Customer
from tests.factories import ManagerFactory, StaffFactory, StakeholderFactory
from tests.manual.documents import section

pytestmark = pytest.mark.django_db


def found(*words: str) -> dict[str, str]:
    content: Any = {"sections": [section("it", *({"is": "paragraph", "inlines": [{"is": "text", "text": each}]}
                                                 for each in words))]}  # fmt: skip
    return dict(names.found_in(content, {}))


def test_everybody_becomes_what_they_are() -> None:
    ManagerFactory(name="Mara Lindqvist", email="mara@example.org")
    StaffFactory(name="Jon Berg", email="jon@example.org")
    Agent.objects.create(external_id="1", name="Ada Lovelace", email="ada@example.org")
    StakeholderFactory(name="Works Council", email="council@example.org")
    Customer.objects.create(source="s", external_id="1", name="Erik Holm", company="Zorblax", email="erik@example.net")
    said = "Mara Lindqvist, Jon Berg, Ada Lovelace, Works Council, Erik Holm of Zorblax"
    assert found(said, "ERIK@example.net") == {
        "Mara": "a manager",
        "Mara Lindqvist": "a manager",
        "Lindqvist": "a manager",
        "Jon": "a colleague",
        "Jon Berg": "a colleague",
        "Berg": "a colleague",
        "Ada": "a colleague",
        "Ada Lovelace": "a colleague",
        "Lovelace": "a colleague",
        "Works Council": "a stakeholder",
        "Erik Holm": "a customer",
        "Zorblax": "a customer",
        "erik@example.net": "a customer",
    }
    assert found("Nobody of them.") == {}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("May", "May 2026"),
        ("Monday", "Monday"),
        ("Will", "Will it work? It will."),
        ("CSAT", "CSAT"),
        ("4711", "4711 times"),
        ("Al", "Al"),
        ("Frontline", "Frontline"),
        ("Fernweh", "Fernweh Outdoor"),
    ],
)
def test_words_are_no_names(name: str, said: str) -> None:
    Team.objects.create(source="s", external_id="1", name="Frontline")
    house = organisation()
    house.name = "Fernweh Outdoor"
    house.save()
    Agent.objects.create(external_id="1", name=name)
    assert found(said) == {}


def test_a_name_alone_in_its_place_is_one() -> None:
    Agent.objects.create(external_id="1", name="Will")
    assert found("It will.", "Will") == {"Will": "a colleague"}


def test_whole_words_across_lines_and_addresses_in_any_spelling() -> None:
    hides = Names({"Ada Lovelace": "a colleague", "Ada": "a colleague", "ada@example.org": "a colleague"})
    assert hides.unnamed("Ada\nLovelace, Adam, Ada-Marie") == "A colleague, Adam, a colleague-Marie"
    assert hides.unnamed("ADA@example.org") == "a colleague"
    assert Names({}).unnamed("Ada") == "Ada"


@pytest.mark.parametrize(
    ("words", "outside"),
    [
        (
            "Ada answers. Ada calls back, and Ada writes.",
            "A colleague answers. A colleague calls back, and a colleague writes.",
        ),
        ("Ask Dr. Ada.", "Ask Dr. a colleague."),
        ("Ada", "a colleague"),  # of a cell, or of words in bold within a sentence
        (" Ada knows.", " a colleague knows."),  # after a link
    ],
)
def test_what_stands_for_a_name_begins_a_sentence_as_it_should(words: str, outside: str) -> None:
    assert Names({"Ada": "a colleague"}).unnamed(words) == outside


def test_what_an_edition_kept_counts_and_not_who_is_there_today() -> None:
    Agent.objects.create(external_id="1", name="Grace Hopper")
    kept: Any = {"names": [["Ada Lovelace", "a colleague"]], "sections": []}
    assert names.of(kept, {}).unnamed("Ada Lovelace, Grace Hopper") == "A colleague, Grace Hopper"
