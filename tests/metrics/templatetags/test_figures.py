import pytest

from metrics.queries import CATALOGUE
from metrics.templatetags import figures

PERCENT, POINTS, SECONDS, COUNT = (CATALOGUE[code] for code in ("csat", "nps", "first_response_time", "ticket_volume"))


@pytest.mark.parametrize(
    ("values", "drawn"),
    [
        # 120 wide and 36 high with an edge of 3: from 3 to 117, from 33 (least) up to 3 (greatest)
        ([0, 10], '<polyline points="3.0,33.0 117.0,3.0"/>'),
        ([5, 5, 5], '<polyline points="3.0,18.0 60.0,18.0 117.0,18.0"/>'),
        ([0, None, 10], '<circle cx="3.0" cy="33.0" r="1.5"/><circle cx="117.0" cy="3.0" r="1.5"/>'),
        ([0, 10, None, 5], '<polyline points="3.0,33.0 41.0,3.0"/><circle cx="117.0" cy="18.0" r="1.5"/>'),
    ],
)
def test_sparkline(values, drawn):
    svg = figures.sparkline(values)
    assert svg.startswith(f'<svg class="sparkline" viewBox="0 0 120 36" aria-hidden="true" focusable="false">{drawn}')
    assert svg.count("sparkline-end") == 1


@pytest.mark.parametrize("values", [[], [None, None], [None, 3, None]])
def test_sparkline_of_nothing_to_compare_is_empty(values):
    assert figures.sparkline(values) == ""


@pytest.mark.parametrize(
    ("value", "kpi", "text"),
    [
        (None, COUNT, "1"),
        (1.0, PERCENT, "yes"),
        (0.0, PERCENT, "no"),
        (-1.0, POINTS, "−1"),
        (1.0, POINTS, "+1"),
        (0.0, POINTS, "0"),
        (60.0, SECONDS, "60\u00a0s"),
    ],
)
def test_counts_as(value, kpi, text):
    assert figures.counts_as(value, kpi, "calendar") == text
