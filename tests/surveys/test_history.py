from datetime import UTC, datetime, timedelta

import pytest

from kpiproject.models import Mail
from surveys import history, queries
from surveys.history import Past
from surveys.models import Answer, Contact, FactChange, Invitation
from surveys.scales import ScoreOutOfScaleError
from tests.factories import SurveyFactory

pytestmark = pytest.mark.django_db
SENT = datetime(2026, 1, 5, 9, tzinfo=UTC)


def past(number: int, **fields) -> Past:
    return Past(email=f"p{number % 2}@example.org", cause=f"ticket:{number}", sent_at=SENT, **fields)


def test_history_is_counted_like_what_was_asked_here():
    answered = SENT + timedelta(hours=5)
    rows = [
        past(
            1,
            context={"agent": "a1", "ticket": "T1", "ticket_source": "s"},
            score=10,
            comment="!",
            answered_at=answered,
        ),
        past(2),
    ]
    assert history.load(SurveyFactory(slug="n", kind="nps"), rows) == 2
    start, end = SENT, SENT + timedelta(days=1)
    answer, first, second = (
        list(queries.answer_rows(start, end)),
        *sorted(queries.invitation_rows(start, end), key=lambda row: row[0]),
    )
    counted = ("n", "nps", 10, 0, 10, False, 1, "service", answered, "s", "T1", "a1", "", "", "")
    assert [row[1:] for row in answer] == [counted]
    assert first[1:] == ("n", "nps", SENT, None, True, "a1", "", "", "")
    assert second[1:] == ("n", "nps", SENT, None, False, "", "", "", "")
    assert {at for _id, at in queries.fact_changes(10)} == {SENT, answered}
    assert (Contact.objects.count(), Mail.objects.count()) == (2, 0)


def test_history_twice_changes_nothing():
    survey = SurveyFactory()
    rows = [past(number, score=4) for number in range(5)]
    assert [history.load(survey, rows), history.load(survey, rows)] == [5, 0]
    assert (Invitation.objects.count(), Answer.objects.count()) == (5, 5)
    assert FactChange.objects.count() == 1


def test_cause_twice_in_one_batch_is_one_invitation():
    assert history.load(SurveyFactory(), [past(1, score=2), past(1, score=5)]) == 1
    assert list(Answer.objects.values_list("score", flat=True)) == [2]


def test_score_out_of_scale_writes_nothing_of_its_batch():
    with pytest.raises(ScoreOutOfScaleError):
        history.load(SurveyFactory(), [past(1, score=3), past(2, score=6)])
    assert (Invitation.objects.count(), Answer.objects.count(), FactChange.objects.count()) == (0, 0, 0)


def test_progress_is_told_batch_by_batch(monkeypatch):
    monkeypatch.setattr(history, "BATCH", 2)
    told: list[int] = []
    history.load(SurveyFactory(), (past(number) for number in range(5)), progress=told.append)
    assert told == [2, 2, 1]


def test_rows_are_not_written_one_by_one(django_assert_max_num_queries):
    with django_assert_max_num_queries(60):
        history.load(SurveyFactory(), [past(number, score=3) for number in range(400)])
