import pytest

from goals import kinds
from goals.kinds import Kind
from metrics.kpi import Ratio, Stock, Total
from tests.factories import GoalFactory


@pytest.mark.parametrize(
    ("shape", "was_met", "kind"),
    [
        (Ratio, False, Kind.REACH),
        (Ratio, True, Kind.MAINTAIN),
        (Stock, False, Kind.REACH),
        (Total, False, Kind.ACCUMULATE),
        (Total, True, Kind.MAINTAIN),
        (None, False, Kind.REACH),
    ],
)
def test_the_kind_follows_from_the_kpi_and_the_baseline(shape, was_met, kind):
    assert kinds.kind(shape, was_met=was_met) is kind


@pytest.mark.django_db
def test_the_kind_of_a_goal():
    assert kinds.of(GoalFactory(baseline=80, target=90)) is Kind.REACH
    assert kinds.of(GoalFactory(baseline=92, target=90)) is Kind.MAINTAIN
    assert kinds.of(GoalFactory(kpi="escalation_rate", direction="lower", baseline=4, target=5)) is Kind.MAINTAIN
    assert kinds.of(GoalFactory(kpi="solved_volume", baseline=80, target=90)) is Kind.ACCUMULATE
    assert kinds.of(GoalFactory(kpi="smiles", baseline=80, target=90)) is Kind.REACH


def test_every_kind_has_a_name():
    assert set(kinds.NAMES) == set(Kind)
