from datetime import date, timedelta
from xml.etree import ElementTree as Xml

import pytest

from kpiproject.lib import charts, goal_chart
from kpiproject.lib.charts import Point
from kpiproject.lib.goal_chart import Ahead, Path, Step

SVG = "{http://www.w3.org/2000/svg}"
FIRST = date(2026, 1, 12)


def path(**other):
    given = {
        "start": date(2026, 1, 5), "due": date(2026, 3, 30), "baseline": 80.0,
        "targets": [Step(start=date(2026, 1, 5), value=92.0), Step(start=date(2026, 2, 1), value=90.0)],
        "baseline_text": "baseline 80", "target_text": "target 90", "due_text": "due 30 Mar",
        "ahead": [Ahead(day=date(2026, 3, 1), low=70.0, middle=81.0, high=93.0)],
    }  # fmt: skip
    return Path(**given | other)


def spec(*values, **other):
    points = [
        Point(
            start=FIRST + timedelta(days=7 * n),
            value=value,
            low=None if value is None else value - 4,
            high=None if value is None else value + 4,
            tooltip={"Week": f"week {n}"},
        )
        for n, value in enumerate(values or [81.0, 83.0, None, 84.0])
    ]
    return goal_chart.goal_path(points, path(**other), title="CSAT & co", unit="%")


def svg(found):
    return Xml.fromstring(charts.to_svg(found))  # noqa: S314 (our own output)


def texts(found):
    return [text.text for text in svg(found).iter(f"{SVG}text")]


def test_everything_is_named_where_it_stands():
    assert {"baseline 80", "target 90", "due 30 Mar"} <= set(texts(spec()))


def test_the_drawing_fits_a_page_under_a_strict_policy():
    drawn = charts.to_svg(spec())
    assert "style" not in drawn
    assert "<script" not in drawn
    assert "<title>CSAT &amp; co</title>" in drawn


def test_only_colours_that_the_page_can_turn_dark():
    known = {charts.ACCENT, charts.INK, charts.MUTED, charts.GRID, charts.SURFACE}
    found = {
        mark.get(name)
        for mark in svg(spec()).iter()
        for name in ("fill", "stroke")
        if (mark.get(name) or "").startswith("#")
    }
    assert found <= known


@pytest.mark.parametrize(
    "other", [{"baseline": None}, {"ahead": []}, {"baseline": 95.0}, {"baseline": None, "ahead": []}]
)
def test_what_is_missing_is_left_out(other):
    found = texts(spec(**other))
    assert ("baseline 80" in found) == (other.get("baseline", 80.0) is not None)
    assert "target 90" in found


@pytest.mark.parametrize(("baseline", "way"), [(60.0, [60.0, 75.0]), (95.0, [95.0, 85.0])])
def test_a_range_has_two_lines_and_a_way_to_the_nearer_one(baseline, way):
    ends = {"targets": [Step(start=FIRST, value=75.0)], "upper": [Step(start=FIRST, value=85.0)]}
    layers = [layer for layer in spec(baseline=baseline, ahead=[], **ends)["layer"] if "data" in layer]
    drawn = [[row.get("value") for row in layer["data"]["values"]] for layer in layers]
    assert [75.0, 75.0] in drawn
    assert [85.0, 85.0] in drawn
    assert way in drawn


def test_to_what_is_kept_leads_no_way():
    drawn = [
        layer["data"]["values"] for layer in spec(baseline=95.0, ahead=[], is_kept=True)["layer"] if "data" in layer
    ]
    assert [95.0, 90.0] not in [[row.get("value") for row in rows] for rows in drawn]
    assert "baseline 80" in texts(spec(baseline=95.0, is_kept=True))


def test_a_single_point_is_drawn():
    assert len(charts.to_mail_png(spec(81.0))) > 1000


def test_what_is_told_about_points_comes_last_and_the_measured_line_above_the_band():
    layers = spec()["layer"]
    assert layers[-1]["name"] == "hover"
    kinds = [layer["mark"]["type"] for layer in layers]
    assert kinds.index("line") < kinds.index("text")
    assert layers[0]["mark"]["type"] == "area"
