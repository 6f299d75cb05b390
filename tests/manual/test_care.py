"""Sections in care: when they are due, and who says that they are still right."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from kpiproject.models import Mail, Organisation, User
from manual import care, care_mail, sections
from manual.care import ReadMeanwhileError, months_later, standing
from manual.models import Section, SectionReminder, SectionReview
from manual.tasks import look_after_sections
from tests.factories import ManagerFactory, SectionFactory, StaffFactory

JUNE = datetime(2026, 6, 1, 12, tzinfo=UTC)  # a Monday


@pytest.fixture
def clock(db):
    Section.objects.all().delete()
    with time_machine.travel(JUNE, tick=False) as traveller:
        yield traveller


@pytest.fixture
def owner() -> User:
    return StaffFactory(name="Ola", email="ola@example.org")


def overdue(slug: str = "mine", **fields) -> Section:
    fields = {"created_at": JUNE - timedelta(days=400)} | fields
    return SectionFactory(slug=slug, title=slug.title(), **fields)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 5, 15), 24, date(2028, 5, 15)),
        (date(2026, 3, 31), 12, date(2027, 3, 31)),
    ],
)
def test_months_later(day: date, months: int, expected: date) -> None:
    assert months_later(day, months) == expected


@pytest.mark.parametrize(
    ("today", "tone"),
    [
        (date(2026, 8, 17), ""),
        (date(2026, 8, 18), "warn"),
        (date(2026, 9, 1), "warn"),
        (date(2026, 9, 2), "bad"),
        (date(2028, 1, 1), "bad"),
    ],
)
def test_amber_from_fourteen_days_before_and_red_after(today: date, tone: str) -> None:
    section = Section(review_months=6, created_at=datetime(2020, 1, 1, tzinfo=UTC))
    section.reviewed_at = datetime(2026, 3, 1, 9, tzinfo=UTC)
    found = standing(section, today=today, zone="UTC")
    assert (found.due, found.tone) == (date(2026, 9, 1), tone)


def test_a_section_that_is_never_reviewed_is_never_due() -> None:
    section = Section(review_months=None, created_at=datetime(2001, 1, 1, tzinfo=UTC))
    found = standing(section, today=date(2026, 1, 1), zone="UTC")
    assert (found.due, found.tone) == (None, "")


def test_the_day_of_a_review_is_the_organisations() -> None:
    section = Section(review_months=1, reviewed_at=datetime(2026, 3, 1, 23, tzinfo=UTC))
    assert standing(section, today=date(2026, 3, 2), zone="Pacific/Auckland").due == date(2026, 4, 2)


def test_due_names_the_longest_due_first_and_only_what_is_part_of_the_manual(clock) -> None:
    overdue("a", created_at=JUNE - timedelta(days=300))
    overdue("b")
    overdue("hidden", is_shown=False)
    overdue("never", review_months=None)
    SectionFactory(slug="fresh")
    assert [(each.section.slug, each.tone) for each in care.due(JUNE.date(), "UTC")] == [("b", "bad"), ("a", "bad")]


def test_still_right_is_recorded_with_person_time_and_version(clock, owner: User) -> None:
    section = overdue(version=3)
    care.still_right(section, version=3, by=owner)
    section.refresh_from_db()
    assert (section.reviewed_at, section.reviewed_by, section.version) == (JUNE, owner, 3)
    (kept,) = SectionReview.objects.all()
    assert (kept.version, kept.by, kept.at) == (3, owner, JUNE)
    assert care.due(JUNE.date(), "UTC") == []
    clock.shift(timedelta(days=60))
    care.still_right(section, version=3, by=owner)
    assert [review.at for review in care.history(section)] == [JUNE + timedelta(days=60), JUNE]


def test_a_double_click_is_one_review(clock, owner: User) -> None:
    section = overdue()
    first = care.still_right(section, version=1, by=owner)
    assert care.still_right(section, version=1, by=owner) == first
    care.still_right(section, version=1, by=ManagerFactory())
    assert SectionReview.objects.count() == 2


def test_nobody_vouches_for_a_text_that_they_have_not_read(clock, owner: User) -> None:
    section = overdue()
    sections.save(section, title="Mine", text="New words.", version=1, by=None)
    with pytest.raises(ReadMeanwhileError) as refused:
        care.still_right(section, version=1, by=owner)
    assert str(refused.value) == "“Mine” has changed since you opened it. Please read it again."
    assert SectionReview.objects.count() == 0


def test_editing_is_no_review(clock) -> None:
    section = overdue()
    sections.save(section, title="Mine", text="New words.", version=1, by=None)
    assert [each.tone for each in care.due(JUNE.date(), "UTC")] == ["bad"]


def test_owners_and_managers_may_review(clock, owner: User) -> None:
    section = overdue(owner=owner)
    people = {"owner": owner, "manager": ManagerFactory(), "another": StaffFactory()}
    assert {name: care.may_review(person, section) for name, person in people.items()} == {
        "owner": True,
        "manager": True,
        "another": False,
    }


# --- The weekly mail


def told() -> list[tuple[str, str]]:
    return list(Mail.objects.order_by("pk").values_list("recipient", "subject"))


def test_the_owner_is_told_once_a_week_however_often_the_worker_looks(clock, owner: User) -> None:
    overdue("a", owner=owner)
    overdue("b", owner=owner)
    overdue("nobodys")
    said = ("ola@example.org", "Are your 2 sections of the manual still right?")
    assert [care_mail.remind(JUNE), care_mail.remind(JUNE + timedelta(days=6))] == [1, 0]
    assert told() == [said]
    assert care_mail.remind(JUNE + timedelta(days=7)) == 1
    assert told() == [said, said]
    assert list(SectionReminder.objects.order_by("week").values_list("week", "count")) == [
        (date(2026, 6, 1), 2),
        (date(2026, 6, 8), 2),
    ]


def test_on_monday_nobody_is_told_before_seven_in_the_organisations_time(clock, owner: User) -> None:
    Organisation.objects.update_or_create(pk=1, defaults={"time_zone": "Europe/Berlin"})
    overdue(owner=owner)
    assert care_mail.remind(datetime(2026, 6, 1, 4, 59, tzinfo=UTC)) == 0
    assert care_mail.remind(datetime(2026, 6, 1, 5, 0, tzinfo=UTC)) == 1


def test_a_second_worker_that_saw_nobody_told_writes_no_second_mail(clock, owner: User, monkeypatch) -> None:
    overdue(owner=owner)
    care_mail.remind(JUNE)
    found = care.due(JUNE.date(), "UTC")
    assert care_mail._tell(owner, found, date(2026, 6, 1), JUNE) == 0
    assert len(told()) == 1


@pytest.mark.parametrize("why", ["left", "settled", "soon"])
def test_who_is_told(clock, owner: User, why: str) -> None:
    section = overdue(owner=owner)
    if why == "left":
        User.objects.filter(pk=owner.pk).update(is_active=False)
    elif why == "settled":
        care.still_right(section, version=1, by=owner)
    else:
        Section.objects.update(created_at=JUNE - timedelta(days=170), review_months=6)
    assert care_mail.remind(JUNE) == (1 if why == "soon" else 0)


def test_one_who_cannot_be_told_keeps_nobody_from_being_told(clock, owner: User, monkeypatch, caplog) -> None:
    other = StaffFactory(email="other@example.org")
    overdue("a", owner=owner)
    overdue("b", owner=other)
    real = care_mail._compose

    def compose(person, found, week):
        if person == owner:
            raise RuntimeError("No template.")
        return real(person, found, week)

    monkeypatch.setattr(care_mail, "_compose", compose)
    assert care_mail.remind(JUNE) == 1
    assert [to for to, _subject in told()] == ["other@example.org"]
    assert care_mail.remind(JUNE) == 0
    assert "could not be told of 1 sections" in caplog.text


def test_the_task_may_run_twice(clock, owner: User) -> None:
    overdue(owner=owner)
    look_after_sections()
    look_after_sections()
    assert told() == [("ola@example.org", "Is your section of the manual still right?")]


# --- Notes beneath what is generated


def test_a_note_stands_beneath_the_generated_part_and_is_a_version(clock, owner: User) -> None:
    section = SectionFactory(slug="levels", chapter="service_levels", text="Above.")
    saved = sections.save_note(section, note=" Beneath. ", version=1, by=owner)
    assert (saved.note, saved.text, saved.version) == ("Beneath.", "Above.", 2)
    assert section.versions.first().note == "Beneath."
    assert sections.save_note(section, note="Beneath.", version=1, by=None).version == 2


def test_of_two_who_write_a_note_at_once_the_second_sees_both(clock) -> None:
    section = SectionFactory(slug="levels", chapter="service_levels")
    sections.save_note(section, note="Mine.", version=1, by=None)
    with pytest.raises(sections.ChangedMeanwhileError) as refused:
        sections.save_note(section, note="Theirs.", version=1, by=None)
    assert (refused.value.section.note, refused.value.text) == ("Mine.", "Theirs.")
    with pytest.raises(sections.TooLongError):
        sections.save_note(section, note="x" * (sections.MOST_CHARACTERS + 1), version=2, by=None)
