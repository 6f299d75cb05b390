"""What our own people say, and that nothing more can be worked out of it."""

from datetime import date, timedelta

import pytest

from kpiproject.lib.periods import Grain
from metrics.queries import BadQuestion, Question, every_row, figures, rows
from tests.factories import ManagerFactory, SurveyFactory
from tests.surveys.counted import NOON, days, give

pytestmark = pytest.mark.django_db
ALL = {"start": date(2026, 3, 1), "end": date(2026, 6, 1)}


def told(code="employee_satisfaction", **more):
    return figures(Question(code=code, **{**ALL, **more})).points


def test_figures_are_made_of_whole_blocks_of_all_surveys():
    for number in range(2):
        survey = SurveyFactory(kind="esat")
        give(survey, [5, 5, 5, 1], at=NOON)
        give(survey, [1, 1], at=NOON + days(1))
        give(survey, [1] * 4, at=NOON + days(2 + number))  # too few for a block
    [found] = told()
    assert (found.n, found.part, found.whole, found.value) == (12, 6, 12, 50)
    assert (found.low, found.high, found.mean) != (None, None, None)
    assert [one.n for one in told(end=NOON.date() + timedelta(days=1))] == [0]  # only a part of the block


def test_recommendation_is_in_points():
    give(SurveyFactory(kind="enps", scale_min=0, scale_max=10), [10, 9, 9, 7, 0], at=NOON)
    [found] = told("employee_nps")
    assert (found.n, found.part, found.value) == (5, 2, 40)
    assert told()[0].n == 0


def test_small_teams_are_shown_nowhere():
    survey = SurveyFactory(kind="esat")
    give(survey, [5] * 12, team="Tech")
    give(survey, [4] * 9, team="Sales")
    give(survey, [1] * 2, team="Law")
    # Sales goes with Law: the total and Tech would tell the two.
    assert [(one.member, one.n) for one in told(by="team")] == [("Tech", 12)]
    assert [one.n for one in told(where={"team": ["Law"]})] == [0]
    assert [one.n for one in told(where={"team": ["Tech", "Law", "Sales"]})] == [12]
    assert [one.n for one in told(by="survey")] == [23]
    assert told()[0].n == 23


def test_a_finer_step_shows_no_fewer_than_five():
    survey = SurveyFactory(kind="esat")
    for number in range(30):
        give(survey, [5, 1], at=NOON + days(number))
    for grain in (Grain.DAY, Grain.WEEK, Grain.MONTH):
        assert all(one.n == 0 or one.n >= 5 for one in told(grain=grain))
    overall = told()[0].n
    for day in range(1, 60):
        part = told(end=date(2026, 3, 1) + timedelta(days=day))[0].n
        assert part == overall or overall - part >= 5


def test_there_are_no_rows_behind():
    give(SurveyFactory(kind="esat"), [5] * 6, at=NOON)
    for listed in (rows, every_row):
        with pytest.raises(BadQuestion, match="never listed"):
            listed(Question(code="employee_satisfaction", **ALL))


def test_pages_and_files_of_rows_are_refused(client):
    give(SurveyFactory(kind="esat"), [5] * 6, at=NOON)
    client.force_login(ManagerFactory())
    assert "Show 6 answers" not in client.get("/kpis/employee_satisfaction/").text
    for path in ("rows/", "rows.csv"):
        assert client.get(f"/kpis/employee_satisfaction/{path}").status_code == 404


def test_without_a_period_it_is_what_can_be_told():
    assert figures(Question(code="employee_satisfaction")).points == []
    give(SurveyFactory(kind="esat"), [5] * 6, at=NOON)
    [found] = figures(Question(code="employee_satisfaction")).points
    assert (found.start, found.n) == (NOON.date(), 6)
