"""From the draft to an edition: who may take which step, who hears of it, and what stands in the way."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from kpiproject.documents import words
from kpiproject.models import Mail, Organisation, User
from manual import approvals, arranging, complete, difference, editions, queries, readiness, rounds, sections
from manual.approval_states import State, Step
from manual.approvals import NotAllowedError, NotReadyError
from manual.editions import Terms
from manual.models import Approval, Edition, EditionSection, Section
from manual.rounds import Comment
from metrics.models import ServiceTarget
from tests.factories import GoalFactory, ManagerFactory, SectionFactory, ServiceTargetFactory, StaffFactory

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """A manual of one section at a fixed noon; which chapters are key is looked at in test_readiness."""
    monkeypatch.setattr(complete, "NEEDED", ())
    Section.objects.all().delete()
    SectionFactory(slug="mine", title="Mine", text="First words.", position=10)
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def ann() -> User:
    return ManagerFactory(name="Ann", email="ann@example.org")


@pytest.fixture
def ben() -> User:
    return ManagerFactory(name="Ben", email="ben@example.org")


def write(text: str, by: User | None = None) -> None:
    mine = Section.objects.get(slug="mine")
    sections.save(mine, title=mine.title, text=text, version=mine.version, by=by)


def approve(by: User, author: User) -> None:
    event = approvals.submit(by=author)
    approvals.approve(by=by, seen=event.approval.fingerprint)


def mails() -> list[tuple[str, str]]:
    return list(Mail.objects.order_by("pk").values_list("recipient", "subject"))


def test_the_way_through_review_to_an_edition_that_names_both(ann: User, ben: User) -> None:
    approve(ben, ann)
    edition = approvals.publish(Terms(by=ann, number=1, note="Hello."))
    assert edition.content["facts"][:5] == [
        ["Edition", "1"],
        ["Published", "1 Jun 2026, 12:00 (UTC)"],
        ["Published by", "Ann"],
        ["Submitted by", "Ann"],
        ["Approved by", "Ben on 1 Jun 2026, 12:00 (UTC)"],
    ]
    found = Approval.objects.get()
    assert (found.state, found.edition, found.is_sole) == (State.PUBLISHED, edition, False)
    assert [event.step for event in found.events.all()] == [Step.SUBMIT, Step.APPROVE, Step.PUBLISH]
    assert rounds.state() == State.DRAFT


def test_nobody_approves_what_they_have_submitted_while_there_is_another_manager(ann: User, ben: User) -> None:
    event = approvals.submit(by=ann)
    with pytest.raises(NotAllowedError) as refused:
        approvals.approve(by=ann, seen=event.approval.fingerprint)
    assert str(refused.value) == "You have submitted this draft. Somebody else has to approve it."
    assert rounds.state() == State.IN_REVIEW


@pytest.mark.parametrize("other", [lambda: None, StaffFactory, lambda: ManagerFactory(is_active=False)])
def test_the_only_manager_approves_alone_and_the_edition_says_so(ann: User, other) -> None:
    other()
    approve(ann, ann)
    edition = approvals.publish(Terms(by=ann, number=1))
    assert [
        "Approved by",
        "Ann on 1 Jun 2026, 12:00 (UTC), who has also submitted it: there was no second manager",
    ] in (edition.content["facts"])
    assert "there was no second manager" in words.to_markdown(edition.content)
    assert Approval.objects.get().is_sole


def test_nothing_is_published_without_an_approval(ann: User, ben: User) -> None:
    with pytest.raises(NotAllowedError) as refused:
        approvals.publish(Terms(by=ann, number=1))
    assert (
        str(refused.value)
        == "The draft as it is now has not been approved: it is “draft”. Somebody has to approve it first."
    )
    approvals.submit(by=ann)
    with pytest.raises(NotAllowedError):
        approvals.publish(Terms(by=ann, number=1))
    approvals.ask_changes(by=ben, words="Shorter.")
    with pytest.raises(NotAllowedError):
        approvals.publish(Terms(by=ann, number=1))
    assert Edition.objects.count() == 0


@pytest.mark.parametrize(
    "change",
    [
        lambda by: write("Other words.", by),
        lambda by: sections.save_note(Section.objects.get(slug="mine"), note="A note.", version=1, by=by),
        lambda by: arranging.add("Another", by=by),
        lambda by: arranging.show(Section.objects.get(slug="mine"), shown=False, by=by),
        lambda by: arranging.move(SectionFactory(slug="late", position=20), up=True, by=by),
        lambda by: arranging.remove(Section.objects.get(slug="mine"), by=by),
    ],
)
def test_whoever_edits_after_the_approval_makes_it_a_draft_again_and_the_author_hears_of_it(ann, ben, change) -> None:
    approve(ben, ann)
    Mail.objects.all().delete()
    change(ben)
    assert rounds.state() == State.DRAFT
    assert [to for to, _subject in mails()] == ["ann@example.org"]
    event = Approval.objects.get().events.last()
    assert (event.step, event.by, event.state) == (Step.EDIT, ben, State.DRAFT)


def test_saving_what_is_there_already_leaves_the_approval(ann: User, ben: User) -> None:
    approve(ben, ann)
    write("First words.", ben)
    assert rounds.state() == State.APPROVED


def test_a_text_that_was_changed_past_the_application_is_not_published(ann: User, ben: User) -> None:
    approve(ben, ann)
    Section.objects.filter(slug="mine").update(text="Smuggled in.")
    with pytest.raises(NotAllowedError, match="The text has changed since it was submitted"):
        approvals.publish(Terms(by=ann, number=1))
    assert Edition.objects.count() == 0


def test_nobody_approves_another_text_than_they_have_read(ann: User, ben: User) -> None:
    seen = approvals.submit(by=ann).approval.fingerprint
    write("Second words.", ann)
    approvals.submit(by=ann)
    with pytest.raises(NotAllowedError, match="The text has changed since it was submitted"):
        approvals.approve(by=ben, seen=seen)


def test_changes_are_asked_section_by_section_and_sent_to_the_author(ann: User, ben: User) -> None:
    approvals.submit(by=ann)
    comments = [Comment("mine", "Mine", " Shorter, please. "), Comment("other", "Other", "  ")]
    event = approvals.ask_changes(by=ben, comments=comments)
    assert [(each.slug, each.text) for each in event.comments.all()] == [("mine", "Shorter, please.")]
    letter = Mail.objects.get(recipient="ann@example.org")
    assert letter.subject == "Changes are asked for in the manual"
    assert "* Mine: Shorter, please." in letter.text
    write("Short.", ann)
    assert rounds.state() == State.CHANGES_ASKED
    approvals.submit(by=ann)
    assert rounds.state() == State.IN_REVIEW


def test_asking_for_changes_needs_a_word(ann: User, ben: User) -> None:
    approvals.submit(by=ann)
    with pytest.raises(NotAllowedError, match=r"^Please say what is to be changed\.$"):
        approvals.ask_changes(by=ben, words=" ", comments=[Comment("mine", "Mine", "")])
    assert rounds.state() == State.IN_REVIEW


def test_a_review_is_asked_of_the_one_who_was_chosen_or_of_every_other_manager(ann: User, ben: User) -> None:
    cem = ManagerFactory(name="Cem", email="cem@example.org")
    approvals.submit(by=ann, reviewer=cem)
    assert mails() == [("cem@example.org", "Please review the draft of the manual")]
    approvals.withdraw(by=ann)
    approvals.submit(by=ann)
    assert [to for to, _subject in mails()] == ["cem@example.org", "ben@example.org", "cem@example.org"]


@pytest.mark.parametrize("whom", ["ann", "staff"])
def test_a_review_is_asked_of_another_manager_only(ann: User, ben: User, whom: str) -> None:
    person = ann if whom == "ann" else StaffFactory()
    with pytest.raises(NotAllowedError, match=r"^Please choose another manager to review it\.$"):
        approvals.submit(by=ann, reviewer=person)
    assert rounds.current() is None


def test_the_law_publish_change_a_target_publish_again(ann: User, ben: User) -> None:
    """The old edition's bytes and hash are the same, and the difference names the change."""
    target = ServiceTargetFactory(name="Quick", seconds=7200)
    approve(ben, ann)
    first = approvals.publish(Terms(by=ann, number=1))
    SectionFactory(slug="levels", chapter="service_levels", position=20)
    approve(ben, ann)
    second = approvals.publish(Terms(by=ann, number=2))
    kept = Edition.objects.values("content", "figures", "digest", "as_of").get(number=2)
    ServiceTarget.objects.filter(pk=target.pk).update(seconds=3600)
    approve(ben, ann)
    third = approvals.publish(Terms(by=ann, number=3))
    assert Edition.objects.values("content", "figures", "digest", "as_of").get(number=2) == kept
    assert editions.altered(Edition.objects.all()) == []
    assert len({first.digest, second.digest, third.digest}) == 3
    (place,) = difference.compare(second, third).places
    (change,) = place.figures
    assert (place.anchor, change.label) == ("levels", "Service target “Quick”, resolution")
    assert (change.before, change.after) == (
        "2 h of calendar time, every contact",
        "1 h of calendar time, every contact",
    )
    assert list(third.sections.values_list("slug", "change", "is_material")) == [
        ("mine", "same", False),
        ("levels", "changed", True),
    ]


def test_a_section_may_be_called_editorial_at_publishing(ann: User, ben: User) -> None:
    approve(ben, ann)
    approvals.publish(Terms(by=ann, number=1))
    write("First word.")
    SectionFactory(slug="new", position=20)
    approve(ben, ann)
    approvals.publish(Terms(by=ann, number=2, editorial={"mine"}))
    found = EditionSection.objects.filter(edition__number=2).values_list("slug", "is_material")
    assert dict(found) == {"mine": False, "new": True}
    with pytest.raises(ValueError, match=r"^Section mine has been published and cannot be changed\.$"):
        EditionSection.objects.get(edition__number=2, slug="mine").save()


def test_an_edition_that_begins_later_leaves_the_one_in_force_and_staff_are_told(clock, ann: User, ben: User) -> None:
    reader = StaffFactory(email="reader@example.org")
    StaffFactory(is_active=False)
    approve(ben, ann)
    approvals.publish(Terms(by=ann, number=1))
    write("Second words.")
    approve(ben, ann)
    Mail.objects.all().delete()
    second = approvals.publish(Terms(by=ann, number=2, effective_from=date(2026, 6, 10), note="Faster."))
    assert ["In force from", "10 Jun 2026"] in second.content["facts"]
    assert mails() == [
        ("ben@example.org", "A new edition of the manual begins on 10 Jun 2026"),
        (reader.email, "A new edition of the manual begins on 10 Jun 2026"),
    ]
    assert "* Mine" in Mail.objects.get(recipient=reader.email).text
    first = queries.in_force()
    assert (first.number, queries.coming(first).number) == (1, 2)
    states = Approval.objects.order_by("number").values_list("state", flat=True)
    assert list(states) == [State.PUBLISHED, State.PUBLISHED]
    clock.move_to(datetime(2026, 6, 10, tzinfo=UTC))
    assert (queries.in_force().number, queries.coming(queries.in_force())) == (2, None)


def test_an_edition_in_force_at_once_is_not_announced(ann: User, ben: User) -> None:
    approve(ben, ann)
    Mail.objects.all().delete()
    approvals.publish(Terms(by=ann, number=1))
    assert mails() == []


def test_of_two_that_come_the_newer_one_counts_even_if_the_older_begins_later(clock, ann: User, ben: User) -> None:
    for number, begins in ((1, None), (2, date(2026, 6, 20)), (3, date(2026, 6, 10))):
        write(f"Words {number}.")
        approve(ben, ann)
        approvals.publish(Terms(by=ann, number=number, effective_from=begins))
    assert queries.coming(queries.in_force()).number == 3
    for day, number in ((9, 1), (10, 3), (20, 3), (30, 3)):
        clock.move_to(datetime(2026, 6, day, 12, tzinfo=UTC))
        assert queries.in_force().number == number


def test_the_day_on_which_it_begins_is_the_organisations(clock, ann: User, ben: User) -> None:
    Organisation.objects.update_or_create(pk=1, defaults={"time_zone": "Pacific/Auckland"})
    approve(ben, ann)
    approvals.publish(Terms(by=ann, number=1, effective_from=date(2026, 6, 10)))
    clock.move_to(datetime(2026, 6, 9, 11, 59, tzinfo=UTC))
    assert queries.in_force() is None
    clock.move_to(datetime(2026, 6, 9, 12, tzinfo=UTC))
    assert queries.in_force().number == 1


def test_publishing_is_refused_with_the_list_while_the_text_contradicts_a_target(ann: User, ben: User) -> None:
    ServiceTargetFactory(name="Mail", metric="first_response", channel="email", seconds=8 * 3600)
    GoalFactory(kpi="csat", target=85, state="active")
    write("We answer every e-mail within 24 h.\n\nCSAT goal 90 %", ann)
    approve(ben, ann)
    with pytest.raises(NotReadyError) as refused:
        approvals.publish(Terms(by=ann, number=1))
    assert [(problem.slug, problem.contradiction.said) for problem in refused.value.problems] == [
        ("mine", "24 h"),
        ("mine", "90 %"),
    ]
    assert (Edition.objects.count(), rounds.state()) == (0, State.APPROVED)
    for problem in refused.value.problems:
        readiness.answer(problem.contradiction.key, reason="An example of how not to write.", by=ben)
    assert approvals.publish(Terms(by=ann, number=1)).number == 1
