from datetime import date, timedelta

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
    normal = Normal(limits=limits, low="the low", centre="the mean", high="the high", marked=[FIRST])
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


def test_the_names_stand_where_the_last_process_begins():
    names = [
        layer["data"]["values"][0]
        for layer in spec_of(NARROW, NARROW, LATER, LATER)["layer"]
        if layer["mark"].get("type") == "text"
    ]
    assert {row["x"] for row in names} == {"2026-01-19"}
    assert {row["value"] for row in names} == {75, 80, 85}


def test_where_there_were_no_limits_yet_nothing_is_drawn():
    spec = spec_of(None, None, LATER, LATER)
    assert drawn(spec, "line") == [[None, None, 80, 80], [None, None, 75, 75], [None, None, 85, 85]]
    assert charts.to_svg(spec).startswith("<svg")


def test_points_that_tell_of_a_change_are_marked():
    (marks,) = [layer for layer in spec_of(NARROW, NARROW)["layer"] if layer["mark"].get("shape") == "square"]
    assert marks["data"]["values"] == [{"x": "2026-01-05", "value": 50.0}]
