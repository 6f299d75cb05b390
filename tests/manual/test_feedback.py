"""“Is this clear?”: counted, told once a day to whoever looks after the section, settled with a word back."""

from datetime import UTC, datetime, timedelta

import pytest

from kpiproject.models import Mail, User
from manual import feedback
from manual.feedback import Counted, Said
from manual.models import Feedback
from tests.factories import ManagerFactory, SectionFactory, StaffFactory
from tests.manual.readers import FIRST, published, unclear

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)  # a Tuesday


@pytest.fixture
def mara() -> User:
    return ManagerFactory(name="Mara", email="mara@example.org")


@pytest.fixture
def jon() -> User:
    return StaffFactory(name="Jon", email="jon@example.org")


def clear(person: User | None, slug: str = "promise", **changes: object) -> Feedback:
    return feedback.give(person, Said(**{"slug": slug, "number": 1, "is_clear": True, **changes}), now=NOON)


def test_it_is_counted_for_each_section(jon: User) -> None:
    published("promise", "tone", "kpis")
    clear(jon)
    clear(StaffFactory())
    settled = unclear(StaffFactory(), "promise")
    unclear(jon, "tone")
    feedback.settle(settled, "", by=jon, now=NOON)
    assert feedback.counts(["promise", "tone", "kpis"]) == {
        "promise": Counted(clear=2, unclear=1, waiting=0),
        "tone": Counted(clear=0, unclear=1, waiting=1),
    }
    assert not feedback.of_section("kpis")


def test_the_last_word_of_a_person_counts_and_the_same_click_twice_is_one(jon: User) -> None:
    published("promise")
    first = unclear(jon, "promise", "Which day?")
    assert unclear(jon, "promise", "Which day?") == first
    feedback.settle(first, "Sunday.", by=jon, now=NOON)
    assert unclear(jon, "promise", "Which day?").resolved_at == NOON
    assert unclear(jon, "promise", "Which hour?").resolved_at is None
    clear(jon)
    assert list(Feedback.objects.values_list("is_clear", "why", "reply")) == [(True, "", "")]
    published("promise")
    clear(jon, number=2)
    assert Feedback.objects.count() == 2


def test_a_reader_of_a_share_link_leaves_nothing_that_says_who(mara: User) -> None:
    published("promise")
    said = {"is_clear": False, "why": "What is a KPI?", "form_key": "k" * 22}
    assert clear(None, **said) == clear(None, **said)
    kept = Feedback.objects.get()
    assert (kept.person, kept.is_outside, kept.why) == (None, True, "What is a KPI?")
    assert feedback.tell(NOON) == 1
    assert feedback.settle(kept, "A figure.", by=mara, now=NOON)
    assert Mail.objects.count() == 1


def test_what_never_was_is_refused(jon: User) -> None:
    published("promise")
    for changes in ({"slug": "nonsense"}, {"number": 7}):
        with pytest.raises(feedback.NoSuchSectionError):
            clear(jon, **changes)


def test_the_owner_gets_one_mail_a_day_about_all_of_it(mara: User, jon: User) -> None:
    owner = StaffFactory(name="Ada", email="ada@example.org")
    published("promise", "tone")
    SectionFactory(slug="promise", owner=owner)
    SectionFactory(slug="tone", owner=owner)
    unclear(jon, "promise", "Which <b>day</b>?")
    unclear(StaffFactory(name="Ida"), "tone", "")
    clear(StaffFactory())  # what is clear is only counted
    assert feedback.tell(NOON) == 1
    letter = Mail.objects.get()
    assert (letter.recipient, letter.subject) == ("ada@example.org", "Readers find 2 things in the manual unclear")
    assert "* Promise (Jon)\n  Which <b>day</b>?\n" in letter.text
    assert "* Tone (Ida)\n  Without words.\n" in letter.text
    assert "<b>day" not in letter.html
    unclear(StaffFactory(), "tone", "More.")
    assert [feedback.tell(NOON + timedelta(hours=hours)) for hours in (0, 1, 5)] == [0, 0, 0]
    assert feedback.tell(NOON + timedelta(days=1)) == 1
    assert feedback.tell(NOON + timedelta(days=2)) == 0
    assert Mail.objects.latest("id").subject == "A reader finds something in the manual unclear"


@pytest.mark.parametrize("at", [NOON.replace(hour=7), NOON.replace(hour=18), NOON + timedelta(days=4)])
def test_it_waits_for_the_morning_and_for_monday(at: datetime, mara: User, jon: User) -> None:
    published("promise")
    unclear(jon, "promise")
    assert feedback.tell(at) == 0
    assert feedback.tell(datetime(2026, 3, 9, 8, tzinfo=UTC)) == 1


def test_without_an_owner_every_manager_gets_it(mara: User, jon: User) -> None:
    ManagerFactory(email="otto@example.org")
    published("promise")
    unclear(jon, "promise")
    assert feedback.tell(NOON) == 2
    assert feedback.tell(NOON + timedelta(days=1)) == 0


def test_a_word_back_goes_to_whoever_said_it(mara: User, jon: User) -> None:
    published("promise")
    said = unclear(jon, "promise", "Which day?")
    assert feedback.settle(said, "Sunday; it says so now.", by=mara, now=NOON)
    assert not feedback.settle(said, "Again.", by=mara, now=NOON)
    letter = Mail.objects.get()
    assert (letter.recipient, letter.subject) == ("jon@example.org", "What you found unclear: “Promise”")
    assert "You said:\n\nWhich day?\n\nMara answers:\n\nSunday; it says so now.\n" in letter.text
    assert feedback.tell(NOON) == 0  # what is settled needs no telling


def test_only_owners_and_managers_settle_and_others_see_their_own(mara: User, jon: User) -> None:
    owner, other = StaffFactory(), StaffFactory()
    published("promise")
    SectionFactory(slug="promise", owner=owner)
    said = unclear(jon, "promise")
    assert [feedback.may_settle(one, said) for one in (mara, owner, jon, other)] == [True, True, False, False]
    assert [list(feedback.readable(one)) == [said] for one in (mara, owner, jon, other)] == [True, True, True, False]


def test_feedback_of_somebody_who_was_erased_stays_without_them(jon: User) -> None:
    published("promise")
    unclear(jon, "promise", "Which day?")
    jon.delete()
    assert (Feedback.objects.get().person, Feedback.objects.get().why) == (None, "Which day?")
    assert Feedback.objects.get().at == FIRST
