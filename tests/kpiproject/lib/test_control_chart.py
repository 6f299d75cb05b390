import re
from datetime import date, timedelta
from itertools import pairwise

import pytest

from kpiproject.lib import charts
from kpiproject.lib.charts import Point
from kpiproject.lib.control_chart import Normal, control_chart
from kpiproject.lib.spc import Limits

FIRST = date(2026, 1, 5)
NARROW, WIDE = Limits(centre=50, low=40, high=60), Limits(centre=50, low=30, high=70)
LATER = Limits(centre=80, low=75, high=85)


def spec_of(*limits):
    points = [
        Point(start=FIRST + timedelta(weeks=n), value=50.0 + n, tooltip={"Which": str(n)}) for n in range(len(limits))
    ]
    normal = Normal(limits=limits, low=("low", "40 %"), centre=("mean", "50 %"), high=("high", "60 %"), marked=[FIRST])
    return control_chart(points, normal, title="Chart", unit="%")


def drawn(spec, kind):
    """The levels of the lines (or texts) in order: each as its values over time."""
    layers = [layer for layer in spec["layer"] if layer["mark"].get("type") == kind and "data" in layer]
    return [[row["value"] for row in layer["data"]["values"]] for layer in layers]


def test_limits_that_are_the_same_for_all_are_straight():
    spec = spec_of(NARROW, NARROW, NARROW)
    assert drawn(spec, "line") == [[50, 50], [40, 40], [60, 60]]
    assert "interpolate" not in str(spec["layer"])


def test_limits_that_differ_are_steps():
    spec = spec_of(NARROW, WIDE, NARROW)
    # the mean is the same for all of them
    assert drawn(spec, "line") == [[50, 50], [40, 30, 40], [60, 70, 60]]
    assert str(spec["layer"]).count("'interpolate': 'step'") == 2


def names_of(*limits):
    """What is written beside the chart and the level in pixels of its middle, from the top on, as it is drawn."""
    place = r'translate\(([\d.-]+),([\d.-]+)\)"'
    texts = re.findall(rf'<text [^>]*{place}[^>]*"11px"[^>]*>(.*?)</text>', charts.to_svg(spec_of(*limits)))
    return [(float(x), float(y), re.findall(r"<tspan[^>]*>(.*?)</tspan>", text)) for x, y, text in texts]


def test_the_names_stand_beside_the_chart_at_the_limits_of_the_last_process():
    found = names_of(NARROW, NARROW, LATER, LATER)
    assert [text for _x, _y, text in found] == [["high", "60 %"], ["mean", "50 %"], ["low", "40 %"]]
    spec = spec_of(NARROW, NARROW, LATER, LATER)
    levels = [layer["encoding"]["y"]["value"]["expr"] for layer in spec["layer"] if layer["mark"]["type"] == "text"]
    assert [re.findall(r"scale\('y', ([\d.]+)\)", level)[0] for level in levels] == ["85", "80", "75"]
    points = re.findall(r'translate\(([\d.]+),[\d.]+\)" d="M', charts.to_svg(spec))
    assert len(points) == 5  # and the square
    assert all(x > float(point) + 6 for x, _y, _text in found for point in points)


@pytest.mark.parametrize(
    "last",
    [
        Limits(centre=50, low=49.9, high=50.1),
        Limits(centre=50, low=50, high=50),
        Limits(centre=0.1, low=0, high=60),
        Limits(centre=99.9, low=40, high=100),
    ],
)
def test_names_of_lines_close_to_each_other_do_not_cover_each_other(last):
    levels = [y for _x, y, _text in names_of(last, last, last)]
    assert len(levels) == 3
    assert all(below - above >= 2 * 13 for above, below in pairwise(levels))
    assert -13 <= levels[0] <= levels[-1] <= 260 + 13


def test_where_there_were_no_limits_yet_nothing_is_drawn():
    spec = spec_of(None, None, LATER, LATER)
    assert drawn(spec, "line") == [[None, None, 80, 80], [None, None, 75, 75], [None, None, 85, 85]]
    assert charts.to_svg(spec).startswith("<svg")


def test_points_that_tell_of_a_change_are_marked():
    (marks,) = [layer for layer in spec_of(NARROW, NARROW)["layer"] if layer["mark"].get("shape") == "square"]
    assert marks["data"]["values"] == [{"x": "2026-01-05", "value": 50.0}]
