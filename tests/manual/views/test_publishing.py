from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from kpiproject.models import User
from manual import approvals, complete, drafts, editions, rounds, sections
from manual.approval_states import State
from manual.models import Approval, Edition, EditionSection, Section
from manual.tasks import print_edition
from metrics.models import DirtyDay
from tests.factories import EditionFactory, ManagerFactory, SectionFactory, ServiceTargetFactory, StaffFactory
from tests.kpiproject.security import faults
from tests.manual.views.test_reading import words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _small(monkeypatch) -> None:
    """A manual of one section, so that the figures of this moment make no difference."""
    monkeypatch.setattr(complete, "NEEDED", ())
    Section.objects.all().delete()
    SectionFactory(slug="mine", title="Mine", text="First words.", position=10)


def write(text: str) -> None:
    mine = Section.objects.get()
    sections.save(mine, title=mine.title, text=text, version=mine.version, by=None)


def approve(person: User) -> None:
    """By the only manager there is, or by another one."""
    event = approvals.submit(by=person)
    approvals.approve(by=next(iter(approvals.reviewers(person)), person), seen=event.approval.fingerprint)


@pytest.fixture
def approved(person: User) -> None:
    approve(person)


@pytest.mark.usefixtures("approved")
def test_before_the_first_edition_the_page_lists_what_it_contains(manager: Client) -> None:
    response = manager.get("/manual/publish/")
    assert "Publish edition 1" in words(response)
    assert "What the first edition contains Mine" in words(response)
    assert '<input type="hidden" name="number" value="1"' in response.content.decode()
    assert faults(response) == []


@pytest.mark.usefixtures("approved")
def test_publishing_freezes_the_draft_and_wakes_the_printer(
    manager: Client, person: User, monkeypatch, django_capture_on_commit_callbacks
) -> None:
    woken: list[int] = []
    monkeypatch.setattr(print_edition, "delay", woken.append)
    with django_capture_on_commit_callbacks(execute=True):
        response = manager.post("/manual/publish/", {"number": "1", "note": "The first."})
    found = Edition.objects.get()
    assert (response.status_code, response["Location"]) == (302, "/manual/")
    assert (found.number, found.note, found.published_by, woken) == (1, "The first.", person, [found.pk])
    said = words(manager.get("/manual/"))
    assert "Edition 1 is published. Its PDF is being printed." in said
    assert "First words." in said


def test_the_page_says_what_would_be_different(manager: Client) -> None:
    editions.publish(by=None, number=1)
    write("Other words.")
    said = words(manager.get("/manual/publish/"))
    assert "What would be different from edition 1" in said
    assert "Removed: First words. Added: Other words." in said


def test_nothing_to_publish(manager: Client, person: User) -> None:
    editions.publish(by=None, number=1)
    approve(person)
    said = words(manager.get("/manual/publish/"))
    assert "There is nothing to publish No text, no rule and no measured value has changed since edition 1." in said
    response = manager.post("/manual/publish/", {"number": "2", "note": ""})
    assert response.status_code == 409
    assert "Nothing has changed since edition 1: no text, no rule and no measured value." in words(response)
    assert Edition.objects.count() == 1


def test_nothing_is_published_while_figures_are_computed(manager: Client) -> None:
    DirtyDay.objects.create(frame="tickets", day=timezone.localdate() - timedelta(days=60))
    said = "Figures are being computed, and an edition keeps its figures for ever. Try again in a minute."
    page = manager.get("/manual/publish/")
    assert (said in words(page), 'name="number"' in page.content.decode()) == (True, False)
    response = manager.post("/manual/publish/", {"number": "1", "note": ""})
    assert (response.status_code, said in words(response), Edition.objects.count()) == (409, True, 0)


@pytest.mark.usefixtures("approved")
def test_a_double_click_publishes_once_and_names_the_edition(manager: Client) -> None:
    manager.post("/manual/publish/", {"number": "1", "note": ""})
    response = manager.post("/manual/publish/", {"number": "1", "note": ""})
    assert (response.status_code, Edition.objects.count()) == (409, 1)
    assert "Not published Edition 1 was published by Mara Lindqvist on" in words(response)
    assert 'href="/manual/editions/1/"' in response.content.decode()


def test_of_two_managers_the_second_is_told(manager: Client) -> None:
    editions.publish(by=ManagerFactory(name="Ben Okafor"), number=1)
    write("Other words.")
    response = manager.post("/manual/publish/", {"number": "1", "note": "Mine."})
    assert "Edition 1 was published by Ben Okafor on" in words(response)
    assert Edition.objects.count() == 1


@pytest.mark.usefixtures("approved")
@pytest.mark.parametrize("number", ["", "x", "0", "-1", "2"])
def test_a_number_that_was_never_shown_publishes_nothing(manager: Client, number: str) -> None:
    response = manager.post("/manual/publish/", {"number": number, "note": ""})
    assert response.status_code in (409, 422)
    assert Edition.objects.count() == 0


@pytest.mark.usefixtures("approved")
def test_a_note_that_is_too_long_is_not_lost(manager: Client) -> None:
    response = manager.post("/manual/publish/", {"number": "1", "note": "x" * 1001})
    assert response.status_code == 422
    assert "x" * 1001 in response.content.decode()


@pytest.mark.usefixtures("approved")
def test_a_manual_without_its_key_chapters_is_not_published(manager: Client, monkeypatch) -> None:
    monkeypatch.setattr(complete, "NEEDED", ("our-promise", "escalation"))
    page = manager.get("/manual/publish/")
    assert "“Our promise to customers” is not part of the manual." in words(page)
    assert 'name="number"' not in page.content.decode()
    assert "Say why a contradiction may stay" not in words(page)
    response = manager.post("/manual/publish/", {"number": "1", "note": ""})
    assert (response.status_code, Edition.objects.count()) == (409, 0)
    assert "“Alarms and escalation” is not part of the manual." in words(response)


def test_what_is_still_to_be_filled_in_is_named_and_stops_nobody(manager: Client, person: User) -> None:
    assert "Still to be filled in" not in words(manager.get("/manual/publish/"))
    write("A refund of up to **to be filled in**.")
    page = manager.get("/manual/publish/")
    assert "Still to be filled in: Mine – it can be published all the same; readers see the gaps." in words(page)
    approve(person)
    assert manager.post("/manual/publish/", {"number": "1", "note": ""}).status_code == 302


def test_staff_cannot_publish(client: Client) -> None:
    client.force_login(StaffFactory())
    assert client.get("/manual/publish/").status_code == 403
    assert client.post("/manual/publish/", {"number": "1"}).status_code == 403
    assert client.post("/manual/editions/1/print/").status_code == 403
    assert Edition.objects.count() == 0


def test_before_it_is_approved_the_page_leads_to_the_approval_and_nothing_is_published(manager: Client) -> None:
    page = manager.get("/manual/publish/")
    assert "It is not approved yet Nobody has submitted the draft yet." in words(page)
    assert 'name="number"' not in page.content.decode()
    response = manager.post("/manual/publish/", {"number": "1", "note": ""})
    assert (response.status_code, Edition.objects.count()) == (409, 0)
    assert "The draft as it is now has not been approved: it is “draft”. Somebody has to approve it first." in words(
        response
    )


@pytest.mark.usefixtures("approved")
def test_publishing_is_refused_with_the_list_and_a_link_to_each_place(manager: Client, monkeypatch) -> None:
    monkeypatch.setattr(complete, "NEEDED", ("our-promise",))
    ServiceTargetFactory(name="Mail", metric="first_response", channel="email", seconds=8 * 3600)
    Section.objects.update(text="We answer every e-mail within 24 h.")
    Approval.objects.update(fingerprint=drafts.fingerprint())
    response = manager.post("/manual/publish/", {"number": "1", "note": "Kept."})
    said, page = words(response), response.content.decode()
    assert (response.status_code, Edition.objects.count()) == (409, 0)
    assert "“Our promise to customers” is not part of the manual." in said
    assert "“Mine” says 24 h; in force is: Mail: 8 h of calendar time (channel: email)." in said
    assert "Say why a contradiction may stay" in said
    for place in ("/manual/draft/#outline", "/manual/sections/mine/", "/manual/draft/#promise-first-response"):
        assert f'href="{place}"' in page
    assert faults(response) == []


@pytest.mark.usefixtures("approved")
def test_an_edition_may_begin_later(manager: Client) -> None:
    begins = timezone.localdate() + timedelta(days=9)
    response = manager.post("/manual/publish/", {"number": "1", "note": "", "effective_from": begins.isoformat()})
    assert (response.status_code, Edition.objects.get().effective_from) == (302, begins)
    said = words(manager.get("/manual/"))
    assert "Edition 1 is published and will be in force from" in said
    assert "The first edition is published and in force from" in said


@pytest.mark.usefixtures("approved")
@pytest.mark.parametrize("days", [-2, 400])
def test_a_day_that_makes_no_sense_publishes_nothing(manager: Client, days: int) -> None:
    begins = timezone.localdate() + timedelta(days=days)
    response = manager.post("/manual/publish/", {"number": "1", "note": "Kept.", "effective_from": begins.isoformat()})
    assert (response.status_code, Edition.objects.count()) == (422, 0)
    assert "Kept." in response.content.decode()


def test_every_changed_section_is_marked_and_what_nobody_marked_is_material(manager: Client, person: User) -> None:
    SectionFactory(slug="same", title="Same", position=20)
    SectionFactory(slug="other", title="Other", position=30)
    editions.publish(by=None, number=1)
    write_slug("mine", "Other words.")
    write_slug("other", "More words.")
    approve(person)
    page = manager.get("/manual/publish/").content.decode()
    assert ('name="mark-mine"' in page, 'name="mark-same"' in page) == (True, False)
    manager.post("/manual/publish/", {"number": "2", "note": "", "mark-mine": "editorial"})
    found = EditionSection.objects.filter(edition__number=2).values_list("slug", "change", "is_material")
    assert list(found) == [("mine", "changed", False), ("same", "same", False), ("other", "changed", True)]


def write_slug(slug: str, text: str) -> None:
    section = Section.objects.get(slug=slug)
    sections.save(section, title=section.title, text=text, version=section.version, by=None)


@pytest.mark.usefixtures("approved")
def test_publishing_ends_the_round_and_supersedes_the_edition_before(manager: Client, person: User) -> None:
    manager.post("/manual/publish/", {"number": "1", "note": ""})
    assert (rounds.current(), rounds.state()) == (None, State.DRAFT)
    write("Other words.")
    approve(person)
    manager.post("/manual/publish/", {"number": "2", "note": ""})
    assert list(Approval.objects.order_by("number").values_list("state", flat=True)) == ["superseded", "published"]
    EditionFactory()
    assert rounds.current() is None
