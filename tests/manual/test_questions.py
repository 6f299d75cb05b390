"""“I have a question”: to whom it goes, who sees it, and one answer."""

from datetime import timedelta

import pytest

from kpiproject.models import Mail, User
from manual import questions
from manual.models import ReadingQuestion, Section
from tests.factories import ManagerFactory, SectionFactory, StaffFactory
from tests.manual.readers import FIRST, published, question

pytestmark = pytest.mark.django_db
LATER = FIRST + timedelta(days=1)


@pytest.fixture
def mara() -> User:
    return ManagerFactory(name="Mara", email="mara@example.org")


@pytest.fixture
def jon() -> User:
    return StaffFactory(name="Jon", email="jon@example.org")


@pytest.fixture
def ada() -> User:
    return StaffFactory(name="Ada", email="ada@example.org")


def owned_by(person: User, slug: str = "promise") -> Section:
    return SectionFactory(slug=slug, owner=person)


def test_it_goes_to_the_owner_of_the_section(mara: User, jon: User, ada: User) -> None:
    published("promise")
    owned_by(ada)
    asked = question(jon, "promise", "Also on <b>Sundays</b>?")
    letter = Mail.objects.get()
    assert (letter.recipient, letter.subject) == ("ada@example.org", "A question about “Promise”")
    assert "Jon has read “Promise” in edition 1 of the manual and asks:\n\nAlso on <b>Sundays</b>?\n" in letter.text
    assert f"/manual/questions/{asked.pk}/" in letter.text
    assert "<b>Sundays" not in letter.html


def test_without_an_owner_who_can_log_in_it_goes_to_the_managers(mara: User, jon: User) -> None:
    published("promise", "tone")
    owned_by(StaffFactory(is_active=False))
    question(jon, "promise")
    question(jon, "tone")  # a section that is gone
    question(mara, "tone")  # nobody writes to themselves
    assert list(Mail.objects.values_list("recipient", flat=True)) == ["mara@example.org", "mara@example.org"]


def test_the_same_form_twice_asks_once(mara: User, jon: User) -> None:
    published("promise")
    said = {"number": 1, "text": "Why?", "form_key": "k" * 22, "now": FIRST}
    assert questions.ask(jon, "promise", **said) == questions.ask(jon, "promise", **said)
    assert (ReadingQuestion.objects.count(), Mail.objects.count()) == (1, 1)


def test_what_was_removed_meanwhile_can_still_be_asked_about_and_what_never_was_cannot(jon: User) -> None:
    published("promise", "tone")
    published("promise")
    asked = questions.ask(jon, "tone", number=1, text="Why?", form_key="k" * 22, now=FIRST)
    assert (asked.title, asked.edition.number) == ("Tone", 1)
    with pytest.raises(questions.NoSuchSectionError, match=r"^There is no such section in edition 2\.$"):
        questions.ask(jon, "tone", number=2, text="Why?", form_key="m" * 22, now=FIRST)


def test_the_answer_goes_to_whoever_asked_and_is_the_only_one(mara: User, jon: User, ada: User) -> None:
    published("promise")
    asked = question(jon, "promise")
    Mail.objects.all().delete()
    questions.answer(asked, "Only on Saturdays.", by=mara, now=LATER)
    questions.answer(asked, "Only on Saturdays.", by=mara, now=LATER)  # the same form twice
    letter = Mail.objects.get()
    assert (letter.recipient, letter.subject) == ("jon@example.org", "Your question about “Promise” is answered")
    assert "Mara answers:\n\nOnly on Saturdays.\n" in letter.text
    with pytest.raises(questions.AlreadyAnsweredError, match=r"^Mara has answered already\.$"):
        questions.answer(asked, "Never.", by=ada, now=LATER)
    asked.refresh_from_db()
    assert (asked.answer, asked.answered_by, asked.answered_at) == ("Only on Saturdays.", mara, LATER)


def test_nobody_who_is_gone_gets_the_answer(mara: User, jon: User) -> None:
    published("promise")
    asked = question(jon, "promise")
    User.objects.filter(pk=jon.pk).update(is_active=False)
    Mail.objects.all().delete()
    questions.answer(asked, "Yes.", by=mara, now=LATER)
    assert Mail.objects.count() == 0
    jon.delete()
    assert ReadingQuestion.objects.get().person is None


def test_only_the_person_the_owner_and_managers_see_it(mara: User, jon: User, ada: User) -> None:
    published("promise")
    owner = StaffFactory()
    owned_by(owner)
    asked = question(jon, "promise")
    assert [questions.may_read(one, asked) for one in (mara, jon, owner, ada)] == [True, True, True, False]
    assert [questions.may_answer(one, asked) for one in (mara, jon, owner, ada)] == [True, False, True, False]
    assert [list(questions.readable(one)) == [asked] for one in (mara, jon, owner, ada)] == [True, True, True, False]


def test_open_ones_come_first_then_the_newest_answer(mara: User, jon: User) -> None:
    published("promise")
    found = [question(jon, "promise", str(number)) for number in range(4)]
    for days, one in ((2, found[0]), (1, found[2])):
        questions.answer(one, "Yes.", by=mara, now=FIRST + timedelta(days=days))
    assert [one.text for one in questions.readable(mara)] == ["3", "1", "0", "2"]
