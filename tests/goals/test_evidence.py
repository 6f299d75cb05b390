from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from goals import evidence
from goals.kinds import Kind
from goals.models import Goal
from metrics.catalogue import CATALOGUE
from metrics.models import Benchmark, DirtyDay
from tests.factories import GoalFactory, ManagerFactory
from tests.goals.measured import TODAY, rollup, weeks

pytestmark = pytest.mark.django_db
NEW_YEARS_EVE = date(2026, 12, 27)


@pytest.fixture(autouse=True)
def _standing_still():
    with time_machine.travel(datetime(2026, 6, 1, 9, tzinfo=UTC), tick=False):
        yield


def draft(**fields):
    return GoalFactory(**({"state": "draft", "start": TODAY, "due": NEW_YEARS_EVE} | fields))


def test_nothing_is_known_of_an_empty_form():
    found = evidence.facts(Goal())
    assert (found.kpi, found.owner, found.reviewer, found.objective) == (None, None, None, "")
    assert (found.target, found.start, found.due, found.aim, found.end) == (None, None, None, None, None)
    assert (found.values, found.twins, found.companions) == ((), (), 0)


def test_what_was_measured_before_the_start():
    weeks("csat", [80, 85, None, 90, 95], n=40)
    found = evidence.facts(draft())
    assert (found.values, found.counts, found.missing) == ((80, 85, 90, 95), (40,) * 4, 0)
    assert (found.kpi, found.kind, found.end) == (CATALOGUE["csat"], Kind.REACH, 90)
    assert found.ahead == 30
    assert found.period_ends == (NEW_YEARS_EVE, date(2027, 1, 3))


def test_of_a_goal_that_has_begun_only_what_was_before():
    weeks("csat", [80] * 8 + [90] * 4)
    found = evidence.facts(draft(start=date(2026, 5, 4)))
    assert (found.values, found.ahead) == ((80,) * 8, 34)
    assert evidence.facts(draft(start=date(2020, 1, 6))).values == (80,) * 8 + (90,) * 4


def test_weeks_with_few_answers_do_not_count_but_the_feed_is_live():
    weeks("csat", [80] * 8, before=TODAY - timedelta(days=14))
    weeks("csat", [90, 90], n=2)
    found = evidence.facts(draft())
    assert (found.values, found.missing, found.ahead) == ((80,) * 8, 0, 32)


def test_a_feed_that_has_stopped_is_seen():
    weeks("csat", [80] * 8, before=TODAY - timedelta(days=21))
    assert evidence.facts(draft()).missing == 3


def test_figures_that_are_being_computed_are_known_to_be():
    weeks("csat", [80] * 8)
    DirtyDay.objects.create(frame="answers", day=date(2026, 5, 27))
    assert evidence.facts(draft()).is_computing


def test_a_scope_that_the_kpi_does_not_know():
    found = evidence.facts(draft(dimension="tier", member="plus"))
    assert found.scope_fault.startswith("“Customer satisfaction (CSAT)” cannot be told apart by customer tier;")
    assert found.values == ()


def test_other_goals():
    """What is over, closed or a draft stands in nobody's way, nor does what somebody else looks after."""
    mara = ManagerFactory()
    GoalFactory(statement="Twin", owner=mara)
    GoalFactory(status="missed", owner=mara)
    GoalFactory(state="closed", owner=mara)
    GoalFactory(state="draft", owner=mara)
    GoalFactory(kpi="nps", owner=mara)
    GoalFactory(kpi="ces")
    GoalFactory(kpi="nps", dimension="team", member="t-1")
    found = evidence.facts(draft(owner=mara))
    assert (found.twins, found.companions) == (("Twin",), 2)
    weeks("csat", [80] * 8, of=("team", "t-1"))
    found = evidence.facts(draft(dimension="team", member="t-1"))
    assert (found.twins, found.companions) == ((), 1)


def test_a_goal_is_not_its_own_twin():
    found = evidence.facts(GoalFactory())
    assert (found.twins, found.companions) == ((), 0)


def test_the_channels_that_nothing_looks_at():
    for channel in ("chat", "email", "phone"):
        weeks("csat", [80] * 8, of=("channel", channel))
    chat = draft(dimension="channel", member="chat")
    assert evidence.facts(chat).other_channels == ("email", "phone")
    GoalFactory(dimension="channel", member="email")
    assert evidence.facts(chat).other_channels == ("phone",)
    GoalFactory()
    assert evidence.facts(chat).other_channels == ()


def test_the_guardrail_of_the_same_scope():
    weeks("csat", [80] * 8, of=("channel", "chat"))
    weeks("reopen_rate", [4] * 8)
    weeks("reopen_rate", [9] * 8, of=("channel", "chat"))
    chat = {"dimension": "channel", "member": "chat", "guardrail": "reopen_rate", "guardrail_limit": 5}
    found = evidence.facts(draft(**chat))
    assert (found.guardrail, found.guardrail_value) == (CATALOGUE["reopen_rate"], 9)
    found = evidence.facts(draft(guardrail="smiles"))
    assert (found.guardrail, found.guardrail_value) == (None, None)


def test_the_newest_benchmark():
    for year in (2024, 2025):
        Benchmark.objects.create(kpi="csat", low=80, source="A study", as_of=date(year, 6, 1))
    Benchmark.objects.create(kpi="nps", low=30, source="A study", as_of=date(2026, 5, 1))
    assert evidence.facts(draft()).benchmark_on == date(2025, 6, 1)


@pytest.mark.parametrize(
    ("due", "grain", "is_whole", "ends"),
    [
        (date(2026, 6, 28), "week", True, (date(2026, 6, 28), date(2026, 7, 5))),
        (date(2026, 6, 30), "week", True, (date(2026, 6, 28), date(2026, 7, 5))),
        (date(2026, 6, 30), "month", True, (date(2026, 6, 30), date(2026, 7, 31))),
        (date(2026, 6, 29), "month", False, (date(2026, 5, 31), date(2026, 6, 30))),
    ],
)
def test_when_periods_end(due, grain, is_whole, ends):
    rollup("csat", TODAY, whole=1)
    found = evidence.facts(draft(due=due, grain=grain))
    assert (found.has_whole_period, found.period_ends) == (is_whole, ends)
