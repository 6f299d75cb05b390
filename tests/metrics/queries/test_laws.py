"""Laws that every KPI keeps, whoever wrote it: over a little of everything, in two time zones, on the days on which
clocks change. All facts are made once; no test here changes them."""

from dataclasses import asdict
from datetime import timedelta
from itertools import pairwise

import pytest

from kpiproject.lib.periods import Grain, epoch
from metrics import frames, targets
from metrics.catalogue import CATALOGUE
from metrics.frames import TICKET_FRAMES
from metrics.kpi import Breakdown, Stock
from metrics.queries import Question, check, computed, figures, members, rows
from metrics.queries.exact import _placed
from tests.factories import CalendarFactory, ServiceTargetFactory
from tests.metrics import rich
from tests.metrics.figures import compute, day, organisation
from tests.worlds import world

pytestmark = pytest.mark.django_db
FIRST, AFTER = day("2025-10-22"), day("2025-11-08")
PERIOD = {"start": FIRST, "end": AFTER}
ADDS_UP = [code for code, one in CATALOGUE.items() if one.adds_up]
OF_TICKETS = (*TICKET_FRAMES, "shifts", "cases", "answers", "invitations", "follow_ups", "recoveries")
ASKED = "onboarding_satisfaction"  # no survey of this data is about that
STORED = [code for code in ADDS_UP if not CATALOGUE[code].needs_dimension]


@pytest.fixture(scope="module", params=["Europe/Berlin", "America/St_Johns"], autouse=True)
def zone(request, django_db_setup, django_db_blocker):
    """The facts, computed in a time zone whose clocks change in the period, for as long as this file is tested."""
    with world(django_db_blocker):
        organisation(time_zone=request.param, pause_statuses=["Pending"])
        CalendarFactory(time_zone=request.param)
        ServiceTargetFactory(priority="high", seconds=8 * 3600)
        ServiceTargetFactory(metric="first_response", seconds=3600)
        rich.build(7)
        targets.apply_all()
        compute()
        yield request.param


def overall(code, **question):
    """The one figure, or those of all members where there is no overall one."""
    by = CATALOGUE[code].default_by
    return figures(Question(code=code, by=by, **{**PERIOD, **question})).points


def filters(code):
    """Nothing, one member and the missing one of one dimension, and members of two dimensions."""
    names = CATALOGUE[code].dimensions[:2]
    choices = {name: [*members(CATALOGUE[code], name)[-1:], ""] for name in names}
    yield {}
    if choices:
        yield dict(list(choices.items())[:1])
        yield choices


@pytest.mark.parametrize("code", [code for code, one in CATALOGUE.items() if one.has_rows])
def test_number_of_rows_is_n_with_three_filters(code):
    for where in filters(code):
        found = overall(code, where=where)
        listed = rows(Question(code=code, where=where, **PERIOD), limit=None)
        if CATALOGUE[code].is_level:
            found = found[-1:] if not CATALOGUE[code].needs_dimension else found
        assert (listed.total, len(listed.rows)) == (sum(one.n for one in found),) * 2, where
        if CATALOGUE[code].shape is Breakdown:
            continue  # members are of customers there, and may have rows of others
        for row in listed.rows:
            assert all(row.members[name] in wanted for name, wanted in where.items() if name in row.members)


WITHOUT_ROLLUPS = {"answers", "cases", "customers", "records", "subscriptions"}


def test_members_are_those_that_the_rows_of_a_frame_name():
    kpis = {one.frame: one for one in CATALOGUE.values() if not one.adds_up and one.frame in WITHOUT_ROLLUPS}
    assert kpis.keys() == WITHOUT_ROLLUPS
    context = frames.context()
    for name, kpi in kpis.items():
        span = frames.Span(0, epoch(context.now))
        frame = frames.read_whole([name], span, context, at=kpi.at, where={})[name]
        for dimension in kpi.dimensions:
            named = sorted(map(str, frame[dimension].unique())) if dimension in frame else []
            assert members(kpi, dimension) == named, (name, dimension)


@pytest.mark.parametrize("code", ADDS_UP)
def test_members_add_up_to_the_whole(code):
    kpi = CATALOGUE[code]
    sums = []
    for dimension in kpi.dimensions:
        found = figures(Question(code=code, by=dimension, **PERIOD)).points
        sums.append(added(found, of_shares=kpi.needs_dimension))
    if kpi.needs_dimension:
        assert all(one == sums[0] for one in sums)
        assert all(found == pytest.approx(100) for found in shares(code))
    else:
        assert sums == [added(overall(code))] * len(sums)


def shares(code):
    for dimension in CATALOGUE[code].dimensions:
        values: list[float] = [one.value for one in figures(Question(code=code, by=dimension, **PERIOD)).points]
        yield sum(values)


def added(found, *, of_shares=False):
    """What adds up of figures: numbers, parts and wholes, and what was left out by reason."""
    reasons = {reason for one in found for reason in one.excluded}
    return {
        "n": sum(one.n for one in found),
        "part": pytest.approx(sum(one.part or 0 for one in found)),
        "whole": 0 if of_shares else pytest.approx(sum(one.whole or 0 for one in found)),
        "excluded": {reason: sum(one.excluded.get(reason, 0) for one in found) for reason in reasons},
    }


@pytest.mark.parametrize("code", [code for code in ADDS_UP if CATALOGUE[code].shape is not Stock])
def test_pieces_of_a_period_add_up_to_it(code):
    """Halves, weeks, and days: those of 23 and of 25 hours among them."""
    whole = added(overall(code), of_shares=CATALOGUE[code].needs_dimension)
    middle = FIRST + timedelta(days=5)
    halves = [overall(code, start=start, end=end) for start, end in pairwise([FIRST, middle, AFTER])]
    for pieces in (
        [one for half in halves for one in half],
        overall(code, grain=Grain.WEEK),
        overall(code, grain=Grain.DAY),
    ):
        assert added(pieces, of_shares=CATALOGUE[code].needs_dimension) == whole


@pytest.mark.parametrize("code", STORED)
def test_facts_and_rollups_give_the_same_figures(code):
    dimensions = ["", *CATALOGUE[code].dimensions[:1]]
    for by in dimensions:
        question = Question(code=code, grain=Grain.WEEK, by=by, **PERIOD)
        asked = check(question)
        from_facts = _placed(asked, computed.gather(asked))
        assert [about(one) for one in figures(question).points] == [about(one) for one in from_facts]


def about(found):
    """Without what is only put beside a figure where it is shown."""
    told = {key: value for key, value in asdict(found).items() if key != "beside"}
    return {key: pytest.approx(value) if isinstance(value, float) else value for key, value in told.items()}


@pytest.mark.parametrize("code", CATALOGUE)
def test_figures_are_within_their_bounds(code):
    """A share is no more than all, an interval holds its value, and nothing is measured out of nothing."""
    for one in overall(code, grain=Grain.WEEK):
        assert one.value is None if not one.n and not CATALOGUE[code].is_stock and one.whole in (None, 0) else True
        if None not in (one.value, one.low, one.high):
            assert one.low <= one.value <= one.high or one.low == pytest.approx(one.value)
        if CATALOGUE[code].unit.value == "percent" and one.value is not None and one.part is not None:
            assert one.value == pytest.approx(100 * one.part / one.whole) if one.whole else True


@pytest.mark.parametrize("code", [code for code, one in CATALOGUE.items() if one.frame in OF_TICKETS and code != ASKED])
def test_there_is_something_to_measure(code):
    """Else the other laws would hold of nothing."""
    assert sum(one.n for one in overall(code)) > 0
