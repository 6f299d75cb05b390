"""Writing sections: nobody's text is lost."""

from time import sleep

import pytest
from django.db import transaction

from manual import queries, sections
from manual.models import Section, SectionVersion
from manual.starter import STARTERS
from tests.factories import ManagerFactory, SectionFactory

pytestmark = pytest.mark.django_db


def test_starter_sections_are_there_from_the_beginning_in_order_with_their_first_version() -> None:
    found = queries.shown_sections().values_list("slug", "chapter")
    assert list(found) == [(starter.slug, starter.chapter) for starter in STARTERS]
    assert SectionVersion.objects.filter(version=1).count() == len(STARTERS)


def test_ensure_creates_what_is_missing_and_leaves_what_is_there() -> None:
    Section.objects.filter(slug="goals").delete()
    Section.objects.filter(slug="glossary").update(title="Words", text="Ours.", position=1)
    assert sections.ensure() == 1
    assert sections.ensure() == 0
    glossary = Section.objects.get(slug="glossary")
    assert (glossary.title, glossary.text, queries.shown_sections()[0]) == ("Words", "Ours.", glossary)
    goals = Section.objects.get(slug="goals")
    assert (goals.chapter, goals.version, goals.versions.count()) == ("goals", 1, 1)
    order = list(queries.shown_sections().values_list("slug", flat=True))
    assert order == ["glossary", *(starter.slug for starter in STARTERS if starter.slug != "glossary")]


def test_a_new_chapter_comes_behind_the_one_before_it_wherever_that_was_moved() -> None:
    Section.objects.filter(slug__in=["escalation", "authority", "people"]).delete()
    Section.objects.filter(slug="unhappy-customers").update(position=1, text="Ours.", version=7)
    SectionFactory(slug="ours", position=2)
    assert sections.ensure() == 3
    order = list(queries.shown_sections().values_list("slug", flat=True))
    assert order[:4] == ["unhappy-customers", "escalation", "authority", "ours"]
    assert order[order.index("reviews") + 1] == "people"
    kept = Section.objects.get(slug="unhappy-customers")
    assert (kept.text, kept.version) == ("Ours.", 7)


def test_a_name_that_an_own_section_has_stays_its_own() -> None:
    Section.objects.filter(slug__in=["escalation", "people"]).delete()
    own = SectionFactory(slug="escalation", title="Ours", text="Ours.")
    SectionFactory(slug="people", title="Our own people", text="Ours.")
    assert (sections.ensure(), sections.ensure()) == (2, 0)
    assert Section.objects.get(chapter="escalation").slug == "escalation-2"
    assert Section.objects.get(chapter="people").slug == "people-2"
    own.refresh_from_db()
    assert (own.title, own.text, own.chapter) == ("Ours", "Ours.", "")


def test_save_stores_title_text_and_a_version() -> None:
    section, manager = SectionFactory(), ManagerFactory()
    saved = sections.save(section, title=" New ", text="One.\r\n\r\nTwo.\x00\n", version=1, by=manager)
    assert (saved.title, saved.text, saved.version, saved.updated_by) == ("New", "One.\n\nTwo.", 2, manager)
    (kept,) = sections.history(section)
    assert (kept.version, kept.title, kept.text, kept.by) == (2, "New", "One.\n\nTwo.", manager)


def test_save_of_what_is_there_already_changes_nothing() -> None:
    section = SectionFactory(title="Same", text="Same.")
    assert sections.save(section, title="Same", text="Same.\n", version=1, by=None).version == 1
    assert not section.versions.exists()


def test_save_over_another_version_is_refused_with_both_texts() -> None:
    section = SectionFactory(title="Tone", text="Old.")
    ann = ManagerFactory(name="Ann")
    sections.save(section, title="Tone", text="Ann's.", version=1, by=ann)
    with pytest.raises(sections.ChangedMeanwhileError) as refused:
        sections.save(section, title="Tone", text="Ben's.", version=1, by=ManagerFactory())
    assert str(refused.value) == (
        "Ann has changed “Tone” since you opened it. Nothing is lost: compare both texts, then save."
    )
    assert (refused.value.section.text, refused.value.text, refused.value.section.version) == ("Ann's.", "Ben's.", 2)
    section.refresh_from_db()
    assert (section.text, section.version, section.versions.count()) == ("Ann's.", 2, 1)
    # Having seen both, the person saves over the version that is there.
    saved = sections.save(section, title="Tone", text="Ann's and Ben's.", version=2, by=None)
    assert (saved.text, saved.version) == ("Ann's and Ben's.", 3)
    assert [version.text for version in sections.history(section)] == ["Ann's and Ben's.", "Ann's."]


def test_save_of_the_same_text_as_somebody_else_is_no_conflict() -> None:
    section = SectionFactory(text="Old.")
    sections.save(section, title=section.title, text="New.", version=1, by=None)
    assert sections.save(section, title=section.title, text="New.", version=1, by=None).version == 2


def test_save_of_too_long_a_text_is_refused() -> None:
    section = SectionFactory()
    sections.save(section, title="Long", text="x" * 100_000, version=1, by=None)
    with pytest.raises(sections.TooLongError) as refused:
        sections.save(section, title="Long", text="x" * 100_001, version=2, by=None)
    assert str(refused.value) == "The text has 100001 characters; a section may have 100000."


@pytest.mark.django_db(transaction=True)
def test_two_saves_at_once_keep_both_texts(at_once) -> None:
    section = SectionFactory(text="Old.")

    def save(text: str) -> str:
        try:
            return sections.save(section, title=section.title, text=text, version=1, by=None).text
        except sections.ChangedMeanwhileError as refused:
            return f"refused: {refused.text}"

    said = at_once(lambda: save("One."), lambda: save("Two."))
    assert sorted(said) in (["One.", "refused: Two."], ["Two.", "refused: One."])
    [stored] = at_once(lambda: list(section.versions.values_list("version", "text")))
    assert stored == [(2, next(text for text in said if not text.startswith("refused")))]


@pytest.mark.django_db(transaction=True)
def test_whoever_waited_for_another_save_is_told_whose_it_was(at_once) -> None:
    """PostgreSQL looks at the row anew after waiting, but not at the row of the person that was joined to it."""
    section, before, other = SectionFactory(text="One"), ManagerFactory(name="Before"), ManagerFactory(name="Other")
    Section.objects.filter(pk=section.pk).update(updated_by=before)

    def save_slowly() -> None:
        with transaction.atomic():
            sections.save(section, title=section.title, text="Theirs", version=section.version, by=other)
            sleep(0.8)

    def save_meanwhile() -> str:
        sleep(0.3)
        try:
            sections.save(section, title=section.title, text="Mine", version=section.version, by=before)
        except sections.ChangedMeanwhileError as error:
            return str(error)
        return "stored"

    told = at_once(save_slowly, save_meanwhile)[1]
    assert told.startswith("Other has changed")
