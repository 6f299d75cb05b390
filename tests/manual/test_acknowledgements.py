"""What somebody confirms is kept once, for good, with what it was."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import ProtectedError

from kpiproject import people
from kpiproject.models import User
from manual import acknowledgements, checks, reading_list
from manual.acknowledgements import NewerEditionError, NothingToConfirmError, NotUnderstoodError
from manual.checks import Written
from manual.models import Acknowledgement, Audience, CheckQuestion, EditionSection
from tests.factories import ManagerFactory, StaffFactory
from tests.manual.readers import FIRST, audience, published

pytestmark = pytest.mark.django_db
LATER = FIRST + timedelta(days=2)


@pytest.fixture
def jon() -> User:
    return StaffFactory(name="Jon", email="jon@example.org")


def test_a_confirmation_names_edition_section_both_digests_and_the_time(jon: User) -> None:
    audience(jon)
    edition = published("promise", "tone")
    assert acknowledgements.confirm(jon, ["tone"], number=1, now=LATER) == 1
    kept = Acknowledgement.objects.get()
    section = EditionSection.objects.get(slug="tone")
    assert (kept.person, kept.edition, kept.edition_digest) == (jon, edition, edition.digest)
    assert (kept.slug, kept.title, kept.section_digest) == ("tone", "Tone", section.digest)
    assert (kept.at, kept.has_passed) == (LATER, False)


def test_the_second_click_keeps_nothing_more_and_changes_nothing(jon: User) -> None:
    audience(jon)
    published("promise")
    assert acknowledgements.confirm(jon, ["promise", "promise"], number=1, now=FIRST) == 1
    assert acknowledgements.confirm(jon, ["promise"], number=1, now=LATER) == 0
    assert list(Acknowledgement.objects.values_list("at", flat=True)) == [FIRST]


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_make_one_record(jon: User) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("In memory, all threads have one connection.")
    audience(jon)
    published("promise", "tone")

    def click() -> int:
        try:
            return acknowledgements.confirm(jon, ["promise", "tone"], number=1, now=FIRST)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        found = [future.result() for future in [pool.submit(click) for _n in range(8)]]
    assert (sorted(found), Acknowledgement.objects.count()) == ([0, 0, 0, 0, 0, 0, 0, 2], 2)


def test_it_cannot_be_changed_or_deleted(jon: User) -> None:
    audience(jon)
    edition = published("promise")
    acknowledgements.confirm(jon, ["promise"], number=1, now=FIRST)
    kept = Acknowledgement.objects.get()
    with pytest.raises(ValueError, match="cannot be changed"):
        kept.save()
    with pytest.raises(ValueError, match="cannot be deleted"):
        kept.delete()
    with pytest.raises(ProtectedError):
        edition.delete()
    Audience.objects.all().delete()
    assert Acknowledgement.objects.count() == 1


def test_it_outlives_a_deactivated_account_and_names_nobody_who_was_erased(jon: User) -> None:
    audience(jon, StaffFactory())
    published("promise")
    acknowledgements.confirm(jon, ["promise"], number=1, now=FIRST)
    people.deactivate(jon, by=ManagerFactory())
    assert Acknowledgement.objects.get().person == jon
    assert [reading.person for reading in reading_list.everybody(FIRST)] == [
        User.objects.exclude(pk=jon.pk).get(is_staff=False)
    ]
    people.reactivate(jon)
    assert reading_list.of(jon, FIRST).waiting == []
    jon.delete()
    kept = Acknowledgement.objects.get()
    assert (kept.person, kept.slug, kept.at) == (None, "promise", FIRST)


def test_what_was_read_before_a_new_edition_counts_where_nothing_important_changed(jon: User) -> None:
    audience(jon)
    published("promise", "tone")
    published("promise", "tone", promise="A new promise.", tone="A new tome.", editorial=("tone",))
    assert acknowledgements.confirm(jon, ["tone"], number=1, now=FIRST) == 1
    acknowledgements.confirm(jon, ["promise"], number=1, now=FIRST)  # never confirmed, so it waits since the first
    assert [item.slug for item in reading_list.of(jon, FIRST).waiting] == ["promise"]
    with pytest.raises(NewerEditionError) as refused:
        acknowledgements.confirm(jon, ["promise"], number=1, now=LATER)
    assert str(refused.value) == (
        "“Promise” has changed with edition 2 since you opened it. Read what is different first."
    )
    with pytest.raises(NewerEditionError, match=r"^What you have read is not in edition 9\.$"):
        acknowledgements.confirm(jon, ["promise"], number=9, now=LATER)
    assert acknowledgements.confirm(jon, ["promise"], number=2, now=LATER) == 1


def test_what_is_not_asked_for_is_refused_with_a_sentence(jon: User) -> None:
    audience(jon, slugs=["promise", "tone"])
    published("promise", "tone", "kpis")
    with pytest.raises(NothingToConfirmError, match=r"^You are not asked to confirm this section\."):
        acknowledgements.confirm(jon, ["kpis"], number=1, now=FIRST)
    published("promise", "kpis")
    with pytest.raises(NothingToConfirmError) as refused:
        acknowledgements.confirm(jon, ["promise", "tone"], number=1, now=FIRST)
    assert str(refused.value) == (
        "“Tone” is no longer part of the manual; edition 1 was the last with it. There is nothing left to confirm, "
        "and what was confirmed and asked before is kept."
    )
    with pytest.raises(NothingToConfirmError, match=r"^There is no such section in any edition\.$"):
        acknowledgements.confirm(jon, ["nonsense"], number=1, now=FIRST)
    assert Acknowledgement.objects.count() == 0


# --- Checks
def written(**changes: object) -> Written:
    fields = {"text": "When do we answer?", "choices": ["today", "tomorrow"], "right": 1, "place": "tone-when"}
    return Written(**{**fields, **changes})


def test_a_check_is_passed_before_a_section_is_confirmed_and_wrong_answers_are_not_kept(jon: User) -> None:
    audience(jon)
    published("promise", "tone")
    checks.write("tone", [written(), written(text="Who?", choices=["we", "they", "nobody"], right=3)])
    first, second = CheckQuestion.objects.order_by("position")
    for answers in ({}, {first.pk: 1}, {first.pk: 1, second.pk: 2}):
        with pytest.raises(NotUnderstoodError):
            acknowledgements.confirm(jon, ["promise", "tone"], number=1, answers=answers, now=FIRST)
    with pytest.raises(NotUnderstoodError) as refused:
        acknowledgements.confirm(jon, ["tone"], number=1, answers={first.pk: 2, second.pk: 3}, now=FIRST)
    assert refused.value.wrong == [first]
    assert Acknowledgement.objects.count() == 0
    acknowledgements.confirm(jon, ["promise", "tone"], number=1, answers={first.pk: 1, second.pk: 3}, now=FIRST)
    assert dict(Acknowledgement.objects.values_list("slug", "has_passed")) == {"promise": False, "tone": True}


def test_a_confirmation_keeps_the_questions_it_passed_whatever_is_asked_later(jon: User) -> None:
    audience(jon)
    published("tone", tone="Within 24 h.")
    checks.write("tone", [written(text="How fast?", choices=["8 h", "24 h"], right=2)])
    acknowledgements.confirm(jon, ["tone"], number=1, answers={CheckQuestion.objects.get().pk: 2}, now=FIRST)
    published("tone", tone="Within 8 h.")
    checks.write("tone", [written(text="How fast?", choices=["8 h", "24 h"], right=1), written(text="And then?")])
    answers = {question.pk: 1 for question in CheckQuestion.objects.all()}
    acknowledgements.confirm(jon, ["tone"], number=2, answers=answers, now=LATER)
    checks.write("tone", [])
    assert list(Acknowledgement.objects.order_by("id").values_list("edition__number", "passed")) == [
        (1, [{"question": "How fast?", "answer": "24 h"}]),
        (2, [{"question": "How fast?", "answer": "8 h"}, {"question": "And then?", "answer": "today"}]),
    ]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"choices": ["today"]}, "A question has 2 to 5 choices, not 1."),
        ({"choices": list("abcdef")}, "A question has 2 to 5 choices, not 6."),
        ({"choices": ["today", "today"]}, "Two choices say the same."),
        ({"right": 0}, "Choice number 0 does not exist."),
        ({"right": 3}, "Choice number 3 does not exist."),
    ],
)
def test_a_question_that_nobody_can_answer_is_refused(changes: dict[str, object], said: str) -> None:
    checks.write("tone", [written()])
    with pytest.raises(checks.BadQuestionError) as refused:
        checks.write("tone", [written(text="Kept"), written(**changes)])
    assert str(refused.value) == said
    assert CheckQuestion.objects.get().text == "When do we answer?"


def test_a_section_has_three_questions_at_most() -> None:
    with pytest.raises(checks.BadQuestionError, match=r"^A section has at most 3 questions\.$"):
        checks.write("tone", [written(text=str(n)) for n in range(4)])
