import pytest

from metrics.queries import Question, figures, unknown_members, with_unknown_members
from tests.factories import TicketFactory
from tests.metrics.figures import compute

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _tickets():
    for channel in ("email", "chat", "phone", ""):
        TicketFactory(channel=channel, priority="high")
    compute()


@pytest.mark.parametrize(
    ("where", "sentences"),
    [
        ({"channel": ["email"]}, []),
        ({"channel": ["email", ""]}, []),
        ({"channel": ["phone"], "priority": ["high"]}, []),
        (
            {"channel": ["phon"]},
            ["Nothing that counts here has “phon” as its channel; did you mean phone?"],
        ),
        (
            {"channel": ["nope"]},
            ["Nothing that counts here has “nope” as its channel; there are chat, email, phone."],
        ),
        (
            {"channel": ["EMail", "chat"], "priority": ["hihg"]},
            [
                "Nothing that counts here has “EMail” as its channel; did you mean email?",
                "Nothing that counts here has “hihg” as its priority; did you mean high?",
            ],
        ),
        ({"tier": ["gold"]}, ["Nothing that counts here has “gold” as its tier."]),
    ],
)
def test_members_that_no_fact_has_are_named(where, sentences):
    question = Question(code="ticket_volume", where=where)
    assert unknown_members(question) == sentences
    [point] = with_unknown_members(figures(question), question).points
    assert list(point.notes) == sentences


def test_members_that_only_figures_have_are_no_strangers():
    assert unknown_members(Question(code="cohort_retention", where={"month": ["1"]})) == []
