"""What somebody should look at before an edition is published."""

import pytest

from manual import checks, drafts, hints
from manual.checks import Written
from manual.hints import Hint
from manual.models import Section
from tests.factories import SectionFactory, ServiceTargetFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_sections():
    Section.objects.all().delete()
    SectionFactory(slug="one", title="One", text="## Here\n\nSee [two](#two), [here](#here).", position=10)
    SectionFactory(slug="two", title="Two", text="## There\n\nBack to [one](#one-here).", position=20)


def found(*changed: tuple[str, str]) -> list[Hint]:
    return hints.hints(drafts.draft(), changed=changed)


def test_a_manual_whose_links_all_lead_somewhere_needs_no_look() -> None:
    assert found(("one", "One")) == []


def test_a_link_to_a_section_that_was_left_out_meanwhile_is_told_where_it_stands() -> None:
    Section.objects.filter(slug="two").update(is_shown=False)
    assert [(hint.kind, hint.slug, hint.sentence) for hint in found()] == [
        ("doubt", "one", "“One”: Line 3: the link “two” leads nowhere: the manual has no place “#two”.")
    ]


def test_a_link_in_a_note_to_a_heading_that_has_gone_is_told() -> None:
    Section.objects.filter(slug="one").update(text="No heading.", note="\nSee [it](#two-there) or [that](#two-their).")
    near = "Did you mean #two-there?"
    assert [(hint.slug, hint.sentence) for hint in found()] == [
        ("one", f"“One”: Line 2: the link “that” leads nowhere: the manual has no place “#two-their”. {near}"),
        ("two", f"“Two”: Line 3: the link “one” leads nowhere: the manual has no place “#one-here”. {near}"),
    ]


def test_a_chapter_in_which_nothing_can_be_generated_says_what_it_waits_for() -> None:
    Section.objects.filter(slug="two").update(chapter="service_levels")
    said = (
        "“Two”: Plumbline has nothing to write in it yet. It would write: The service targets in force, and how often "
        "they were kept."
    )
    assert [(hint.kind, hint.sentence) for hint in found()] == [("bare", said)]
    ServiceTargetFactory()
    assert found() == []


def test_a_check_of_a_section_that_has_changed_is_to_be_read_again() -> None:
    for slug in ("one", "two"):
        checks.write(slug, [Written(text="When?", choices=["now", "later"], right=1)])
    said = "“Two” has changed since the last edition. See whether its check still asks for the right answers."
    assert found(("two", "Two")) == [Hint(kind="check", slug="two", sentence=said)]
