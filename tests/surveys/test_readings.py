from datetime import date, timedelta

import pytest

from surveys import answers, queries, readings, tallies
from surveys.models import Answer, FactChange, TallyMark
from surveys.readings import Place, Reading
from tests.factories import SurveyFactory
from tests.surveys.counted import NOON, ask, days, give, sums

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


def counted() -> None:
    tallies.sweep(seconds=60)
    answers.forget_changes([pk for pk, _at in queries.fact_changes(10_000)])
    tallies.sweep(seconds=60)


def overall(survey) -> dict[date, int]:
    return {place.day: one.n for place, one in Reading([survey.pk], "UTC").by_day([""]).items()}


def test_reading_is_the_same_before_and_after_counting():
    survey = SurveyFactory()
    give(survey, [5, 1], team="Tech")
    give(survey, [4], team="Billing", at=NOON + days(45))
    ask(survey, 3)
    wanted = (["", "score", "team"], DAY, DAY + days(60))
    before = Reading([survey.pk], "UTC").by_member(*wanted)
    stages = Reading([survey.pk], "UTC").by_member(["stage"], *wanted[1:])
    counted()
    assert Reading([survey.pk], "UTC").by_member(*wanted) == before
    assert Reading([survey.pk], "UTC").by_member(["stage"], *wanted[1:]) == stages
    assert before["team", "Tech"] == sums(2, 1, 0, 1, 0, 2, 6, 26)


def test_tallies_are_used_for_days_that_nothing_happened_on():
    survey = SurveyFactory()
    give(survey, [5])
    give(survey, [5], at=NOON + days(1))
    counted()
    Answer.objects.all().delete()  # nobody was told, so the tallies are believed
    assert overall(survey) == {DAY: 1, DAY + days(1): 1}
    answers.journal([NOON])
    assert overall(survey) == {DAY + days(1): 1}


@pytest.mark.parametrize("is_handed_on", [False, True])
def test_change_is_seen_while_it_waits_to_be_counted(is_handed_on):
    survey = SurveyFactory()
    give(survey, [5])
    counted()
    give(survey, [5])
    if is_handed_on:
        answers.forget_changes([pk for pk, _at in queries.fact_changes(10)])
        assert (FactChange.objects.count(), TallyMark.objects.count()) == (0, 1)
    assert overall(survey) == {DAY: 2}


def test_change_of_an_invitation_leaves_the_answers_alone():
    survey = SurveyFactory()
    give(survey, [5])
    counted()
    Answer.objects.all().delete()
    answers.journal([NOON], FactChange.About.INVITATION)
    assert overall(survey) == {DAY: 1}


def test_surveys_are_read_apart_and_together():
    one, other = SurveyFactory(), SurveyFactory()
    give(one, [5])
    give(other, [1, 1], at=NOON + days(2))
    reading = Reading([one.pk, other.pk], "UTC", dimensions=[""])
    assert {key: (total.n, last) for key, (total, last) in reading.by_survey([""]).items()} == {
        (one.pk, ""): (1, DAY),
        (other.pk, ""): (2, DAY + days(2)),
    }
    assert set(reading.by_day([""], survey_ids=[other.pk])) == {Place(other.pk, DAY + days(2), "", "")}
    assert set(reading.by_day([""], first=DAY + days(1))) == {Place(other.pk, DAY + days(2), "", "")}


def test_days_of_another_zone_are_not_believed():
    survey = SurveyFactory()
    give(survey, [5], at=NOON + timedelta(hours=11, minutes=30))
    counted()
    found = Reading([survey.pk], "Europe/Berlin").by_day([""])
    assert [place.day for place in found] == [DAY + days(1)]


def test_too_much_is_not_counted_while_somebody_waits(monkeypatch):
    survey = SurveyFactory()
    give(survey, [5])
    counted()
    give(survey, [5] * 3)
    monkeypatch.setattr(readings, "LIVE_MOST", 3)
    reading = Reading([survey.pk], "UTC")
    assert (reading.is_behind, {place.day: one.n for place, one in reading.by_day([""]).items()}) == (True, {DAY: 1})
