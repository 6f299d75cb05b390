"""What readers of the manual wait for, on the first page."""

from datetime import timedelta

import pytest

from kpiproject.front import reader_matters
from kpiproject.front.matters import Moment
from kpiproject.models import User
from manual import acknowledgements, feedback, questions
from tests.factories import ManagerFactory, StaffFactory
from tests.manual.readers import FIRST, TODAY, audience, published, question, unclear

pytestmark = pytest.mark.django_db


@pytest.fixture
def jon() -> User:
    return StaffFactory(name="Jon", email="jon@example.org")


def moment(days: int = 0) -> Moment:
    return Moment(now=FIRST + timedelta(days=days), today=TODAY, yesterday_at=FIRST - timedelta(days=1))


def test_questions_wait_until_they_are_answered(jon: User) -> None:
    published("promise")
    found = [question(jon, "promise", str(number)) for number in range(5)]
    (matter,) = reader_matters.questions(moment())
    assert (matter.text, matter.tone, len(matter.details)) == (
        "5 questions about the manual wait for an answer",
        "warn",
        3,
    )
    assert (matter.details[0].text, matter.details[0].note) == ("Promise", "Jon, on 2 Mar 2026")
    manager = ManagerFactory()
    for one in found:
        questions.answer(one, "Yes.", by=manager, now=FIRST)
    assert list(reader_matters.questions(moment())) == []


def test_readers_are_named_when_they_are_late(jon: User, django_assert_num_queries) -> None:
    published("promise")
    with django_assert_num_queries(1):
        assert list(reader_matters.readers(moment(30))) == []
    audience(jon)
    assert list(reader_matters.readers(moment(14))) == []
    (matter,) = reader_matters.readers(moment(15))
    assert (matter.text, matter.url) == ("1 person is late with the manual", "/manual/readers/?state=overdue")
    assert [(one.text, one.note) for one in matter.details] == [("Jon", "until 16 Mar 2026")]
    acknowledgements.confirm(jon, ["promise"], number=1, now=FIRST)
    assert list(reader_matters.readers(moment(15))) == []


def test_what_is_unclear_is_counted_until_it_is_settled(jon: User) -> None:
    published("promise")
    said = unclear(jon, "promise")
    assert [matter.text for matter in reader_matters.unclear(moment())] == [
        "1 reader finds something in the manual unclear"
    ]
    feedback.settle(said, "", by=ManagerFactory(), now=FIRST)
    assert list(reader_matters.unclear(moment())) == []
