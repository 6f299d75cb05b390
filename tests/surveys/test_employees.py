"""What is shown of employees, and that nothing more can be computed from it."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpiproject.lib.periods import Period
from surveys import anonymity, employees
from surveys.employees import Released
from surveys.readings import Reading
from surveys.sums import NOTHING, Sums
from tests.factories import SurveyFactory
from tests.surveys.counted import NOON, ask, days, further, give

DAY = date(2026, 3, 2)
TODAY = date(2026, 6, 1)
ALL = Period(date(2026, 1, 1), TODAY, "UTC")


def results(survey, period: Period = ALL, *, today: date = TODAY):
    return employees.of_employees(survey, Reading([survey.pk], "UTC"), period, today=today)


def cut(found, dimension: str):
    [one] = [one for one in found.cuts if one.dimension == dimension]
    return {part.member: part.sums.n for part in one.parts}, one.rest.sums.n if one.rest else 0


@pytest.mark.django_db
def test_figures_are_made_of_whole_blocks():
    survey = SurveyFactory(kind="esat")
    for number, scores in enumerate(([5, 5, 5], [5, 1, 1], [1, 1, 1, 1])):
        give(survey, scores, at=NOON + days(number))
    found = results(survey)
    assert (found.score.n, found.score.value) == (6, 100 * 4 / 6)  # the last four are too few
    assert found.distribution == {1: 2, 2: 0, 3: 0, 4: 0, 5: 4}
    assert [(block.first, block.last) for block in found.blocks] == [(DAY, DAY + days(1))]


@pytest.mark.django_db
def test_course_and_cuts_have_months_that_are_over_and_nothing_else():
    survey = SurveyFactory(kind="esat")
    give(survey, [5] * 12, team="Tech")
    give(survey, [1] * 8, team="Tech", at=NOON + days(80))  # in May
    found = results(survey, today=date(2026, 5, 25))
    assert [(part.start, part.sums.n) for part in found.course] == [(DAY, 12)]
    assert cut(found, "team") == ({"Tech": 12}, 0)
    assert found.score.n == 20


@pytest.mark.django_db
def test_month_that_lies_only_in_part_in_the_period_is_in_no_cut():
    survey = SurveyFactory(kind="esat")
    give(survey, [5] * 6, team="Tech")
    give(survey, [5] * 6 + [1], team="Tech", at=NOON + days(10))
    half = results(survey, Period(date(2026, 3, 1), date(2026, 3, 10), "UTC"))
    assert (half.score.n, cut(half, "team")) == (6, ({}, 0))


@pytest.mark.django_db
def test_question_that_few_answered_is_not_shown():
    survey = SurveyFactory(kind="esat")
    rare = further(survey, "choice", options=["pay", "hours"])
    answers = give(survey, [5] * 9)
    for answer in answers[:4]:
        answer.replies.create(question=rare, choices=["pay"])
    assert results(survey).questions == []
    answers[4].replies.create(question=rare, choices=["hours"])
    [shown] = results(survey).questions
    assert (shown.counts, shown.answered) == ({"pay": 4, "hours": 1}, 5)


@pytest.mark.django_db
def test_funnel_has_days_on_which_enough_were_asked():
    survey = SurveyFactory(kind="esat")
    for number, count in enumerate((5, 2, 4, 1)):
        for invitation in ask(survey, count, at=NOON + days(number))[:1]:
            invitation.is_answered = True
            invitation.save()
    found = employees.stages(survey, Reading([survey.pk], "UTC"), ALL)
    assert (found.sent, found.delivered, found.answered, found.clicked) == (11, 11, 3, 0)
    part = employees.stages(survey, Reading([survey.pk], "UTC"), Period(DAY, DAY + days(2), "UTC"))
    assert part.sent == 5


# --- The law ------------------------------------------------------------------------------------------------------
GROUPS = ("A", "B", "C", "D")
MANY_DAYS = st.lists(st.fixed_dictionaries({name: st.integers(0, 6) for name in GROUPS}), min_size=1, max_size=45)


def released(counts: list[dict[str, int]]) -> Released:
    found = {}
    for number, groups in enumerate(counts):
        members = {("team", name): Sums(n=n) for name, n in groups.items() if n}
        if members:
            found[DAY + timedelta(days=number)] = {("", ""): sum(members.values(), NOTHING)} | members
    return Released(found, anonymity.blocks({day: table["", ""].n for day, table in found.items()}))


@given(MANY_DAYS)
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_parts_of_every_month_leave_enough_hidden_together_or_nobody(counts):
    """Months add up to longer times, so what holds in each of them holds in all: no group below the least is shown,
    and the total less what is shown is of nobody or of enough people."""
    everything = released(counts)
    for span in anonymity.spans(everything.blocks, today=date(2026, 12, 1)):
        table = everything.members(span)
        parts = employees.parts_of([table], "team")
        shown = sum(sums.n for sums in parts.shown.values())
        total = table["", ""].n
        assert all(sums.n >= anonymity.LEAST for sums in parts.shown.values())
        assert shown + parts.rest.n == total
        assert parts.rest.n == 0 or parts.rest.n >= anonymity.LEAST or not parts.shown


@given(MANY_DAYS, st.data())
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_yesterdays_page_and_todays_differ_in_no_single_answer(counts, data):
    """Whatever is added on one more day: totals grow by nothing or by a whole block, months that were shown stay."""
    earlier, later = released(counts[:-1]), released(counts)
    grown = later.sums().n - earlier.sums().n
    assert grown == 0 or grown >= anonymity.LEAST
    today = DAY + timedelta(days=data.draw(st.integers(0, 60)))
    before = [earlier.members(span) for span in anonymity.spans(earlier.blocks, today=today)]
    after = [later.members(span) for span in anonymity.spans(later.blocks, today=today)]
    if today <= DAY + timedelta(days=len(counts) - 1):  # the added day is not in a month that is over
        assert after == before
