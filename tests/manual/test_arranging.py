import re
from pathlib import Path

import pytest
from django.conf import settings

from manual import arranging, queries, sections, urls
from manual.models import Section
from tests.factories import ManagerFactory, SectionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _three() -> None:
    Section.objects.all().delete()
    for position, slug in enumerate(["one", "two", "three"]):
        SectionFactory(slug=slug, title=slug.capitalize(), position=10 * position)


def order() -> list[str]:
    return [section.slug for section in queries.sections()]


def found(slug: str) -> Section:
    return Section.objects.get(slug=slug)


def test_a_new_section_stands_at_the_end_and_has_a_history() -> None:
    by = ManagerFactory()
    section = arranging.add("  How we apologise ", by=by)
    assert order() == ["one", "two", "three", "how-we-apologise"]
    assert (section.title, section.text, section.version, section.updated_by) == ("How we apologise", "", 1, by)
    assert [version.version for version in sections.history(section)] == [1]


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Two", "two-2"),
        ("Draft", "draft-2"),
        ("Editions", "editions-2"),
        ("Search", "search-2"),
        ("Pictures", "pictures-2"),
        ("Outline", "outline-2"),
        ("New", "new-2"),
        ("Teams", "teams-2"),
        ("KPI notes", "section-kpi-notes"),
        ("Goal 3", "section-goal-3"),
        ("Our promise", "our-promise-2"),
        ("Обещание", "section"),
        ("!?", "section"),
        ("x" * 120, "x" * 50),
    ],
)
def test_addresses_are_free_and_hide_no_other_page(title: str, slug: str) -> None:
    assert arranging.add(title, by=None).slug == slug


def test_the_words_in_addresses_of_the_manual_are_kept_for_them() -> None:
    routes = [str(each.pattern) for each in urls.urlpatterns]
    beneath = [re.match(r"manual/(?:sections/)?([a-z-]+)/?", route) for route in routes]
    assert {match[1] for match in beneath if match} == arranging.ADDRESSES


def test_the_names_of_parts_of_the_pages_with_sections_are_kept_for_them() -> None:
    pages = ("manual_page", "draft_page", "section_page", "shared_page", "standalone_page")
    found = {identifier for page in pages for identifier in _ids(f"manual/{page}.html")}
    assert found == arranging.PARTS


def _ids(name: str) -> set[str]:
    """Those that stand in a template, in what it is made from, and in what it takes in; icons have their own names."""
    text = (Path(settings.BASE_DIR) / "templates" / name).read_text()
    others = re.findall(r'{% (?:extends|include) "([^"]+)"', text)
    here = {each for each in re.findall(r'\sid="([a-z-]+)"', text) if not each.startswith("icon-")}
    return here.union(*map(_ids, others))


@pytest.mark.parametrize(
    ("slug", "up", "after"),
    [
        ("two", True, ["two", "one", "three"]),
        ("two", False, ["one", "three", "two"]),
        ("one", True, ["one", "two", "three"]),
        ("three", False, ["one", "two", "three"]),
    ],
)
def test_moving(slug: str, up: bool, after: list[str]) -> None:
    arranging.move(found(slug), up=up)
    assert order() == after


def test_moving_passes_over_what_is_left_out() -> None:
    arranging.show(found("two"), shown=False, by=None)
    arranging.move(found("three"), up=True)
    assert [section.slug for section in queries.shown_sections()] == ["three", "one"]
    arranging.move(found("two"), up=True)
    assert [section.slug for section in queries.shown_sections()] == ["three", "one"]


def test_moving_there_and_back_changes_nothing() -> None:
    arranging.move(found("one"), up=False)
    arranging.move(found("one"), up=True)
    assert order() == ["one", "two", "three"]


def test_sections_at_the_same_place_can_be_moved() -> None:
    Section.objects.update(position=5)
    arranging.move(found("three"), up=True)
    assert order() == ["one", "three", "two"]


def test_a_section_that_is_left_out_keeps_its_text_and_comes_back() -> None:
    by = ManagerFactory()
    arranging.show(found("one"), shown=False, by=by)
    assert [section.slug for section in queries.shown_sections()] == ["two", "three"]
    arranging.show(found("one"), shown=True, by=by)
    assert (found("one").text, found("one").updated_by) == ("One paragraph.", by)


def test_only_own_sections_are_deleted() -> None:
    arranging.remove(found("two"))
    assert order() == ["one", "three"]
    ours = SectionFactory(slug="our-promise", title="Our promise")
    assert [arranging.is_own(found("one")), arranging.is_own(ours)] == [True, False]
    with pytest.raises(arranging.NotYoursError) as refusal:
        arranging.remove(ours)
    assert str(refusal.value) == ("“Our promise” belongs to Plumbline's manual. Leave it out instead of deleting it.")
