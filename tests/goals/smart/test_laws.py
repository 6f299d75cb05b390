"""While somebody writes, anything may be missing or nonsense: the checks answer all the same."""

from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goals.milestones import Written
from goals.smart import Outcome
from tests.goals.smart.written import OWNER, REVIEWER, TODAY, told

CODES = [
    "",
    "smiles",
    "csat",
    "escalation_rate",
    "nps",
    "resolution_time",
    "agent_utilisation",
    "solved_volume",
    "backlog",
]
numbers = st.floats(-200, 200).map(lambda number: round(number, 2))
maybe_number = st.none() | numbers
maybe_day = st.none() | st.integers(-400, 800).map(lambda days: TODAY + timedelta(days=days))
written = st.fixed_dictionaries(
    {
        "kpi": st.sampled_from(CODES),
        "grain": st.sampled_from(["week", "month"]),
        "direction": st.sampled_from(["higher", "lower"]),
        "target": maybe_number,
        "target_high": maybe_number,
        "baseline": st.none() | st.floats(0, 100).map(lambda number: round(number, 2)),  # measured, never typed
        "baseline_low": maybe_number,
        "start": maybe_day,
        "due": maybe_day,
        "guardrail": st.sampled_from(CODES),
        "guardrail_limit": maybe_number,
        "has_incentive": st.booleans(),
        "dimension": st.sampled_from(["", "channel", "tier"]),
        "member": st.just("chat"),
        "check_in_cadence": st.sampled_from(["weekly", "two_weekly", "monthly"]),
        "review_cadence": st.sampled_from(["", "weekly", "monthly"]),
    }
)
known = st.fixed_dictionaries(
    {
        "owner": st.sampled_from([None, OWNER]),
        "reviewer": st.sampled_from([None, OWNER, REVIEWER]),
        "values": st.lists(numbers.map(abs), max_size=20).map(tuple),
        "counts": st.lists(st.integers(0, 500), max_size=20).map(tuple),
        "ahead": st.integers(0, 60),
        "missing": st.integers(0, 30),
        "companions": st.integers(0, 9),
        "guardrail_value": maybe_number,
        "milestones": st.lists(st.builds(Written, pk=st.none(), name=st.just("Step"), due=maybe_day), max_size=4).map(
            tuple
        ),
        "period_ends": st.sampled_from([None, (date(2026, 6, 28), date(2026, 7, 5))]),
    }
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(written, known)
def test_whatever_is_written_is_answered(fields, surroundings):
    found = told(surroundings, **fields)
    checks = [check for group in found.groups for check in group.checks]
    assert all(check.text and "%(" not in check.text for check in checks)
    assert len({check.code for check in checks}) == len(checks)
    is_measured = bool(fields["kpi"])
    wanted = [fields["start"], fields["due"], *([fields["target"]] if is_measured else [])]
    if None in wanted or fields["kpi"] == "smiles" or not (is_measured or surroundings["milestones"]):
        assert found.blocks


@given(written, known)
def test_nothing_that_passes_needs_to_be_mended(fields, surroundings):
    for group in told(surroundings, **fields).groups:
        worst = {check.outcome for check in group.checks}
        if group.outcome is Outcome.PASS:
            assert worst <= {Outcome.PASS, Outcome.NOT_APPLICABLE}
            assert Outcome.PASS in worst
        elif group.outcome is Outcome.WARN:
            assert Outcome.WARN in worst
            assert Outcome.BLOCK not in worst
