from datetime import date

import pytest

from kpiproject.lib.periods import Period
from surveys import overview
from surveys.overview import NotPoolableError
from tests.factories import SurveyFactory
from tests.surveys.counted import NOON, ask, days, give

pytestmark = pytest.mark.django_db
YEAR = Period(date(2026, 1, 1), date(2027, 1, 1), "UTC")
TODAY = date(2026, 6, 1)


def pooled(*surveys):
    return overview.pool(surveys, "UTC", YEAR, today=TODAY)


def test_pool_is_of_all_answers_and_no_mean_of_scores():
    """10 promoters of 10 and 0 of 90: the mean of 100 and -100 would be 0, the true score is -80."""
    happy, unhappy = SurveyFactory(kind="nps"), SurveyFactory(kind="nps")
    give(happy, [10] * 10)
    give(unhappy, [0] * 90)
    found = pooled(happy, unhappy)
    assert (found.score.value, found.score.n) == (-80.0, 100)
    assert [score.value for _survey, _sums, score in found.parts] == [100.0, -100.0]


def test_pool_has_the_period_and_no_unreleased_answers_of_employees():
    one, other = SurveyFactory(kind="esat"), SurveyFactory(kind="esat")
    give(one, [5] * 6)
    give(other, [1] * 4)
    assert pooled(one, other).score.n == 6
    give(one, [5] * 6, at=NOON - days(400))
    assert pooled(one, other).score.n == 6


UNLIKE = [
    ({}, {"kind": "nps"}, "“A” and “B” ask different kinds of questions."),
    (
        {"kind": "ces"},
        {"kind": "ces", "scale_min": 1, "scale_max": 5},
        "“A” and “B” have different scales, on which the same number means something else.",
    ),
    (
        {},
        {"middle_from": 2, "good_from": 3},
        "“A” and “B” judge the same number differently: their thresholds are not the same.",
    ),
    (
        {"kind": "ces"},
        {"kind": "ces", "lower_is_better": True},
        "“A” and “B” judge the same number differently: their thresholds are not the same.",
    ),
]


@pytest.mark.parametrize(("first", "second", "sentence"), UNLIKE)
def test_surveys_that_do_not_fit_are_not_pooled(first, second, sentence):
    with pytest.raises(NotPoolableError, match="^" + sentence.replace(".", r"\.") + "$"):
        pooled(SurveyFactory(name="A", **first), SurveyFactory(name="B", **second))


def test_one_survey_is_no_pool():
    with pytest.raises(NotPoolableError):
        pooled(SurveyFactory())


def test_summaries_tell_score_rate_and_last_answer():
    survey, other = SurveyFactory(), SurveyFactory(kind="nps")
    give(survey, [5, 5, 1], at=NOON + days(3))
    for invitation in ask(survey, 4)[:1]:
        invitation.is_answered = True
        invitation.save()
    one, empty = overview.summaries([survey, other], "UTC", today=TODAY)
    assert (one.sums.n, round(one.score.value, 1), one.stages.rate, one.last) == (3, 66.7, 25.0, date(2026, 3, 5))
    assert (empty.sums.n, empty.score.value, empty.stages.rate, empty.last) == (0, None, None, None)


def test_summaries_of_employees_tell_nothing_before_enough_were_asked_and_answered():
    few, enough = SurveyFactory(kind="esat"), SurveyFactory(kind="esat")
    give(few, [5] * 4)
    give(enough, [5] * 5)
    for survey, count in ((few, 4), (enough, 5)):
        for invitation in ask(survey, count)[:2]:
            invitation.is_answered = True
            invitation.save()
    withheld, shown = overview.summaries([few, enough], "UTC", today=TODAY)
    assert (withheld.is_withheld, withheld.stages.is_withheld, withheld.stages.rate) == (True, True, None)
    assert (shown.is_withheld, shown.stages.is_withheld, shown.stages.rate) == (False, False, 40.0)
    ask(enough, 3, at=NOON + days(1))  # too few for a block of their own
    assert overview.summaries([enough], "UTC", today=TODAY)[0].stages.sent == 5
