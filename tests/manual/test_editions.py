"""Publishing: numbered, frozen, hashed, printed by a worker."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from kpiproject.documents import pdf, words
from kpiproject.models import Organisation
from manual import editions, printing, sections
from manual.difference import compare
from manual.drafts import Draft
from manual.editions import AlreadyPublishedError, NothingChangedError, StillComputingError
from manual.models import Edition, Section
from metrics.models import Basis, DirtyDay, ServiceTarget
from tests.factories import EditionFactory, ManagerFactory, ServiceTargetFactory

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def at_noon():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def bytes_of(edition: Edition) -> bytes:
    with edition.pdf.open() as file:
        return file.read()


def edit(slug: str, text: str) -> None:
    section = Section.objects.get(slug=slug)
    sections.save(section, title=section.title, text=text, version=section.version, by=None)


@pytest.mark.django_db
def test_publish_freezes_the_draft_with_number_person_date_and_note(at_noon) -> None:
    manager = ManagerFactory(name="Maren Falk")
    Organisation.objects.create(pk=1, name="Fernweh", time_zone="Europe/Berlin")
    edition = editions.publish(by=manager, number=1, note=" The first one. ")
    edition.refresh_from_db()
    assert (edition.number, edition.note, edition.published_by) == (1, "The first one.", manager)
    assert (edition.as_of, edition.published_at) == (NOON, NOON)
    assert edition.content["subtitle"] == "Fernweh"
    assert edition.content["facts"] == [
        ["Edition", "1"],
        ["Published", "1 Jun 2026, 14:00 (Europe/Berlin)"],
        ["Published by", "Maren Falk"],
        ["Figures as of", "1 Jun 2026, 14:00 (Europe/Berlin)"],
        ["What has changed", "The first one."],
    ]
    assert editions.verify(edition)
    assert editions.latest() == edition
    assert editions.next_number() == 2


@pytest.mark.django_db
def test_publish_of_a_number_that_is_taken_names_who_published_it_and_when(at_noon) -> None:
    editions.publish(by=ManagerFactory(name="Ann"), number=1)
    with pytest.raises(AlreadyPublishedError) as refused:
        editions.publish(by=ManagerFactory(name="Ben"), number=1)
    assert str(refused.value) == "Edition 1 was published by Ann on 1 Jun 2026, 12:00 (UTC)."
    assert Edition.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("number", [3, 99])
def test_publish_of_a_number_that_is_not_the_next_one_is_refused(number: int) -> None:
    EditionFactory()
    with pytest.raises(AlreadyPublishedError) as refused:
        editions.publish(by=None, number=number)
    assert str(refused.value) == f"The next edition is number 2, not {number}."


@pytest.mark.django_db
def test_publish_after_the_person_has_gone_says_so(at_noon) -> None:
    manager = ManagerFactory()
    editions.publish(by=manager, number=1)
    manager.delete()
    with pytest.raises(AlreadyPublishedError) as refused:
        editions.publish(by=None, number=1)
    assert str(refused.value) == (
        "Edition 1 was published by somebody whose account is gone on 1 Jun 2026, 12:00 (UTC)."
    )


@pytest.mark.django_db
def test_publish_when_nothing_has_changed_is_refused_also_on_another_day(at_noon) -> None:
    editions.publish(by=None, number=1)
    at_noon.shift(timedelta(days=2))
    with pytest.raises(NothingChangedError) as refused:
        editions.publish(by=None, number=2)
    assert str(refused.value) == "Nothing has changed since edition 1: no text, no rule and no measured value."


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        lambda: edit("our-promise", "We help."),
        lambda: Section.objects.filter(slug="reviews").update(is_shown=False),
        lambda: Section.objects.filter(slug="reviews").update(position=1),
        ServiceTargetFactory,
        lambda: Organisation.objects.filter(pk=1).update(week_start=6),
    ],
)
def test_any_change_of_words_order_or_rules_makes_an_edition(change) -> None:
    first = editions.publish(by=None, number=1)
    change()
    second = editions.publish(by=None, number=2)
    assert second.digest != first.digest


@pytest.mark.django_db
def test_published_edition_never_changes_whatever_happens_afterwards(at_noon) -> None:
    target = ServiceTargetFactory(name="Quick", seconds=7200)
    edition = editions.publish(by=None, number=1)
    before = (edition.digest, words.to_markdown(edition.content))
    ServiceTarget.objects.filter(pk=target.pk).update(seconds=3600, name="Quicker")
    edit("our-promise", "We promise something else.")
    Organisation.objects.update(name="Another company")
    editions.publish(by=None, number=2)
    stored = Edition.objects.get(number=1)
    assert (stored.digest, words.to_markdown(stored.content)) == before
    assert editions.verify(stored)


@pytest.mark.django_db
def test_edition_refuses_to_be_saved_again() -> None:
    edition = EditionFactory()
    edition.note = "Something else."
    for update_fields in (None, ["note"], ["pdf", "content"]):
        with pytest.raises(ValueError, match=r"^Edition 1 has been published and cannot be changed\.$"):
            edition.save(update_fields=update_fields)


@pytest.mark.django_db
def test_verify_notices_a_changed_word_and_a_changed_figure() -> None:
    edition = editions.publish(by=None, number=1)
    for changed in (
        {"content": edition.content | {"title": "Another"}},
        {"figures": edition.figures | {"x": {"label": "x", "words": "1", "kind": "rule"}}},
    ):
        Edition.objects.filter(pk=edition.pk).update(**changed)
        assert not editions.verify(Edition.objects.get())
        Edition.objects.filter(pk=edition.pk).update(content=edition.content, figures=edition.figures)
    assert editions.verify(Edition.objects.get())


@pytest.mark.django_db
def test_verify_holds_for_numbers_of_every_size(monkeypatch) -> None:
    numbers = [1e16, 1.7e308, -1e22, 2.0**53, 5e-324, 1e-7, 0.1, -0.0, 3.0, 12345678901234567890]
    charted = {"title": "A", "language": "en", "facts": [], "sections": [], "numbers": numbers}
    monkeypatch.setattr(editions, "draft", lambda _as_of: Draft(document=charted))
    editions.publish(by=None, number=1)
    assert editions.verify(Edition.objects.get())


@pytest.mark.django_db
def test_publish_waits_until_figures_are_computed() -> None:
    DirtyDay.objects.create(frame="tickets", day=date(2026, 2, 3))
    said = "Figures are being computed, and an edition keeps its figures for ever. Try again in a minute."
    with time_machine.travel(NOON), pytest.raises(StillComputingError) as refused:
        editions.publish(by=None, number=1)
    assert (str(refused.value), Edition.objects.count()) == (said, 0)
    DirtyDay.objects.all().delete()
    Basis.objects.update_or_create(pk=1, defaults={"fingerprint": {"zone": "another"}})
    with pytest.raises(StillComputingError):
        editions.publish(by=None, number=1)


def test_digest_does_not_depend_on_the_order_of_keys() -> None:
    assert editions.digest({"a": 1, "b": [1, 2]}, {}) == editions.digest({"b": [1, 2], "a": 1}, {})
    assert editions.digest({"a": 1}, {}) != editions.digest({}, {"a": 1})
    assert editions.digest({}, {}) == "2aed85d03395dc6da2ea9734ccaac7abe3826f8594421b653e4079c50e774547"


@pytest.mark.django_db
def test_difference_of_two_editions_names_the_target_and_the_prose() -> None:
    target = ServiceTargetFactory(name="Quick", seconds=7200)
    edit("our-promise", "We help within a day.")
    first = editions.publish(by=None, number=1)
    ServiceTarget.objects.filter(pk=target.pk).update(seconds=3600)
    edit("our-promise", "We help within an hour.")
    found = compare(first, editions.publish(by=None, number=2))
    assert [change.sentence for change in found.rules] == [
        "Service target “Quick”, resolution: 2 h of calendar time, every contact → 1 h of calendar time, every contact"
    ]
    assert [change.anchor for change in found.sections] == ["our-promise"]
    assert [(line.what, line.text) for line in found.sections[0].lines] == [
        ("removed", "We help within a day."),
        ("added", "We help within an hour."),
    ]


# --- Printing


@pytest.mark.django_db
def test_edition_is_printed_once_with_its_digest_at_the_foot(monkeypatch, at_noon) -> None:
    edition = EditionFactory()
    printed = []

    def render(document) -> bytes:
        printed.append(document)
        return b"%PDF-1"

    monkeypatch.setattr(pdf, "render", render)
    assert editions.without_pdf(NOON) == [edition.pk]
    editions.make_pdf(edition.pk)
    editions.make_pdf(edition.pk)
    edition.refresh_from_db()
    assert bytes_of(edition) == b"%PDF-1"
    assert (edition.pdf_error, edition.pdf_attempts, edition.lease_token) == ("", 1, "")
    assert editions.without_pdf(NOON) == []
    foot = f"Edition 1, 2 Mar 2026 · {edition.digest[:12]} · printed copies are uncontrolled"
    assert printed == [edition.content | {"foot": foot, "digest": edition.digest}]
    assert editions.verify(edition)


@pytest.mark.django_db
def test_failed_print_is_told_and_tried_again_later_three_times_at_most(monkeypatch, at_noon, caplog) -> None:
    edition = EditionFactory()

    def fail(document):
        raise pdf.DocumentError("The document is too long to be printed.")

    monkeypatch.setattr(pdf, "render", fail)
    for minutes in (1, 5, 30):
        assert editions.without_pdf(datetime.now(UTC)) == [edition.pk]
        editions.make_pdf(edition.pk)
        edition.refresh_from_db()
        assert edition.pdf_error == "The document is too long to be printed."
        assert editions.without_pdf(datetime.now(UTC)) == []
        at_noon.shift(timedelta(minutes=minutes))
    assert editions.without_pdf(datetime.now(UTC) + timedelta(days=1)) == []
    printing.print_again(edition)
    assert editions.without_pdf(datetime.now(UTC)) == [edition.pk]


@pytest.mark.django_db
def test_edition_whose_printer_is_killed_three_times_has_failed_and_can_be_printed_again(monkeypatch, at_noon) -> None:
    edition = EditionFactory()

    def die(document):
        raise KeyboardInterrupt

    monkeypatch.setattr(pdf, "render", die)
    for killed in range(3):
        with pytest.raises(KeyboardInterrupt):
            editions.make_pdf(edition.pk)
        edition.refresh_from_db()
        assert (edition.pdf_error, printing.has_failed(edition)) == (
            "The worker ended while printing." if killed else "",
            False,
        )
        at_noon.shift(timedelta(minutes=5))
    assert (printing.has_failed(edition), editions.without_pdf(datetime.now(UTC))) == (True, [])
    assert printing.print_again(edition)
    assert editions.without_pdf(datetime.now(UTC)) == [edition.pk]


@pytest.mark.django_db
def test_print_again_leaves_alone_who_prints_now_and_a_file_that_came_meanwhile(at_noon) -> None:
    edition = EditionFactory()
    Edition.objects.update(lease_until=NOON + timedelta(minutes=5), lease_token="theirs", pdf_attempts=1)
    assert not printing.print_again(edition)
    Edition.objects.update(lease_until=None, lease_token="", pdf="manual/new.pdf")
    assert not printing.print_again(edition)
    edition.refresh_from_db()
    assert (edition.pdf.name, edition.pdf_attempts) == ("manual/new.pdf", 1)


@pytest.mark.django_db
def test_altered_edition_is_not_printed(monkeypatch, caplog) -> None:
    edition = EditionFactory(digest="0" * 64)
    monkeypatch.setattr(pdf, "render", lambda document: pytest.fail("was printed"))
    editions.make_pdf(edition.pk)
    edition.refresh_from_db()
    assert edition.pdf_error == (
        "It was not printed: it no longer says what was published, for its digest does not match."
    )
    assert editions.altered([EditionFactory(), edition]) == [edition.number]


@pytest.mark.django_db
def test_print_rests_on_the_frozen_zone_alone(at_noon) -> None:
    at_noon.move_to(datetime(2026, 6, 1, 23, tzinfo=UTC))
    Organisation.objects.create(pk=1, time_zone="Europe/Berlin")
    edition = editions.publish(by=None, number=1)
    before = editions.printable(edition)
    Organisation.objects.update(time_zone="America/New_York")
    assert editions.printable(edition) == before
    assert before["foot"].startswith("Edition 1, 2 Jun 2026 · ")


@pytest.mark.django_db
def test_failure_that_is_not_written_for_people_names_no_folder(monkeypatch, caplog) -> None:
    edition = EditionFactory()

    def fail(document):
        raise OSError("/srv/secret: no space left")

    monkeypatch.setattr(pdf, "render", fail)
    editions.make_pdf(edition.pk)
    edition.refresh_from_db()
    assert edition.pdf_error == "The PDF could not be made. The log tells why."


@pytest.mark.django_db
def test_edition_that_somebody_prints_is_left_to_them_until_they_are_dead(monkeypatch, at_noon) -> None:
    edition = EditionFactory()
    Edition.objects.update(lease_until=NOON + timedelta(minutes=5), lease_token="theirs", pdf_attempts=1)
    monkeypatch.setattr(pdf, "render", lambda document: b"%PDF-1")
    assert editions.without_pdf(NOON) == []
    editions.make_pdf(edition.pk)
    edition.refresh_from_db()
    assert not edition.pdf
    at_noon.shift(timedelta(minutes=5))
    assert editions.without_pdf(datetime.now(UTC)) == [edition.pk]
    editions.make_pdf(edition.pk)
    edition.refresh_from_db()
    assert edition.pdf


@pytest.mark.django_db
def test_printer_that_lost_its_lease_leaves_no_file(monkeypatch, settings) -> None:
    edition = EditionFactory()

    def slowly(document):
        Edition.objects.update(lease_token="somebody else's")
        return b"%PDF-1"

    monkeypatch.setattr(pdf, "render", slowly)
    editions.make_pdf(edition.pk)
    edition.refresh_from_db()
    assert not edition.pdf
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []


@pytest.mark.django_db
def test_real_edition_is_printed() -> None:
    edition = editions.publish(by=ManagerFactory(), number=1)
    editions.make_pdf(edition.pk)
    edition.refresh_from_db()
    assert edition.pdf_error == ""
    assert bytes_of(edition)[:5] == b"%PDF-"


@pytest.mark.django_db(transaction=True)
def test_publishing_twice_at_once_makes_one_edition(at_once) -> None:
    people = [ManagerFactory(name="Ann"), ManagerFactory(name="Ben")]

    def publish(person) -> str:
        try:
            return str(editions.publish(by=person, number=1))
        except AlreadyPublishedError as refused:
            return str(refused)

    said = at_once(*[lambda person=person: publish(person) for person in people])
    [(stored, winner, is_right)] = at_once(
        lambda: (
            list(Edition.objects.values_list("number", flat=True)),
            str(Edition.objects.get().published_by),
            editions.verify(Edition.objects.get()),
        )
    )
    assert (stored, is_right) == ([1], True)
    assert sorted(sentence.split(" on ")[0] for sentence in said) == [
        "Edition 1",
        f"Edition 1 was published by {winner}",
    ]
