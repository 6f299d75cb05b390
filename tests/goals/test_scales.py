import pytest

from goals import scales
from metrics.catalogue import CATALOGUE


@pytest.mark.parametrize(
    ("code", "scale"),
    [
        ("csat", (0, 100)),
        ("nps", (-100, 100)),
        ("backlog", (0, None)),
        ("resolution_time", (0, None)),
        ("cost_per_contact", (0, None)),
        ("net_revenue_retention", (0, None)),  # customers may buy more than before
        ("retention_roi", (None, None)),
        ("repeat_purchase_by_service", (-1, 1)),
    ],
)
def test_between_what_a_figure_can_lie(code, scale):
    assert scales.scale(CATALOGUE[code]) == scale


@pytest.mark.parametrize("code", list(CATALOGUE))
def test_every_kpi_has_a_scale(code):
    low, high = scales.scale(CATALOGUE[code])
    assert low is None or high is None or low < high


def test_the_ends_belong_to_it():
    csat = CATALOGUE["csat"]
    assert [scales.holds(csat, value) for value in (-0.1, 0, 100, 100.1)] == [False, True, True, False]
