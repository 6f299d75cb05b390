"""Sections for the house only: people outside get them by name or not at all."""

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from manual import outside, rendering, sections
from manual.drafts import draft, fingerprint
from manual.models import Section
from manual.share_forms import ShareForm
from manual.starter import STARTERS
from tests.factories import EditionFactory, ManagerFactory, SectionFactory, StaffFactory
from tests.manual.chapters.built import AS_OF
from tests.manual.documents import edition, section

pytestmark = pytest.mark.django_db
INSIDE = ["training", "every-import", "running"]
migration = import_module("manual.migrations.0015_sections_that_explain")


@pytest.fixture
def published():
    inside = section("running")
    inside["is_inside"] = True
    figures = {
        "text:running": {"label": "Running", "words": "", "kind": "text"},
        "goal:1.target": {"label": "Target", "words": "85", "kind": "rule", "section": "running"},
        "goal:2.target": {"label": "Target", "words": "90", "kind": "rule", "section": "goals"},
    }
    return edition(section("goals"), inside, figures=figures)


def test_they_are_so_from_the_beginning_and_in_the_document() -> None:
    assert list(Section.objects.filter(is_inside=True).values_list("slug", flat=True)) == INSIDE
    assert [each["anchor"] for each in draft(AS_OF).document["sections"] if each.get("is_inside")] == INSIDE
    Section.objects.filter(slug="running").delete()
    assert sections.ensure() == 1
    assert Section.objects.get(slug="running").is_inside


def test_a_link_without_chosen_sections_leaves_them_out_with_their_figures(published) -> None:
    found = outside.extract(published)
    assert [each["anchor"] for each in found.content["sections"]] == ["goals"]
    assert list(found.figures) == ["goal:2.target"]
    assert [anchor for anchor, _number, _title in rendering.for_outsiders(published, []).manual.places] == ["goals"]


def test_a_link_that_names_them_shows_them(published) -> None:
    found = outside.extract(published, ["running"])
    assert [each["anchor"] for each in found.content["sections"]] == ["running"]
    assert list(found.figures) == ["text:running", "goal:1.target"]


def test_the_form_for_links_says_which_they_are(published) -> None:
    fields: dict[str, Any] = ShareForm().fields
    assert fields["sections"].choices == [
        ("goals", "1 Goals"),
        ("running", "1 Running (for people of the house; shared only if you choose it)"),
    ]


def test_a_manager_decides_which_they_are_and_an_approval_does_not_outlast_it(client: Client) -> None:
    client.force_login(ManagerFactory())
    before = fingerprint()
    address = reverse("manual:care", args=["our-promise"])
    assert client.post(address, {"review_months": "6", "is_inside": "on"}).status_code == 302
    assert Section.objects.get(slug="our-promise").is_inside
    assert fingerprint() != before
    assert 'name="is_inside"' in client.get(address).content.decode()
    client.post(address, {"review_months": "6"})
    assert fingerprint() == before


def test_staff_do_not_decide_it(client: Client) -> None:
    client.force_login(StaffFactory())
    address = reverse("manual:care", args=["our-promise"])
    assert client.post(address, {"is_inside": "on"}).status_code == 403
    assert not Section.objects.get(slug="our-promise").is_inside


def test_an_upgrade_adds_what_explains_at_the_end_and_leaves_what_is_there() -> None:
    new = [starter.slug for starter in STARTERS[STARTERS.index(_glossary()) + 1 :]]
    Section.objects.filter(slug__in=new).delete()
    Section.objects.filter(slug="data").update(text="Ours.", title="Ours", version=4)
    ours = SectionFactory(slug="help", title="Help", position=500)
    kept = list(Section.objects.order_by("position").values_list("slug", "title", "text", "version"))
    migration.add_sections_that_explain(apps, None)
    migration.add_sections_that_explain(apps, None)
    found = list(Section.objects.order_by("position").values_list("slug", "title", "text", "version"))
    assert [each for each in found if each[0] in {line[0] for line in kept}] == kept
    assert found[-1][0] == ours.slug
    added = [each[0] for each in found if each[0] not in {line[0] for line in kept}]
    assert added == ["help-2" if slug == "help" else slug for slug in new]
    assert list(Section.objects.filter(is_inside=True).values_list("slug", flat=True)) == INSIDE


def test_old_editions_have_none(published) -> None:
    old = EditionFactory(content=published.content | {"sections": [section("running")]}, figures={})
    assert [each["anchor"] for each in outside.extract(old).content["sections"]] == ["running"]


def _glossary():
    return next(starter for starter in STARTERS if starter.slug == "glossary")
