import re
import zlib
from datetime import date, timedelta
from xml.etree import ElementTree as Xml

import pytest
import vl_convert

from kpiproject.lib import charts

SVG = "{http://www.w3.org/2000/svg}"


def series(*values, **changes):
    points = [
        charts.Point(
            start=date(2025, 1, 6) + timedelta(days=7 * n),
            value=value,
            low=None if value is None else value - 5,
            high=None if value is None else value + 5,
            is_complete=n < len(values) - 1,
            tooltip={"Week": f"week {n}", "n": "12"},
        )
        for n, value in enumerate(values)
    ]
    return charts.time_series(points, **{"title": "CSAT by week", "unit": "%"} | changes)


def parsed(svg):
    return Xml.fromstring(svg)  # noqa: S314 (our own output)


def marks(svg, role):
    """The outlines of all marks of a kind, as Vega names its groups."""
    found = parsed(svg).iter(f"{SVG}g")
    return [
        path.get("d") for group in found if role in group.get("class", "").split() for path in group.iter(f"{SVG}path")
    ]


def texts(svg):
    return [text.text for text in parsed(svg).iter(f"{SVG}text")]


def test_time_series_says_to_the_reader_what_the_caller_wrote():
    spec = series(70.0, None, 74.0)
    (told,) = (layer["encoding"]["tooltip"] for layer in spec["layer"] if layer.get("name") == "hover")
    assert told == [
        {"field": "told0", "title": "Week", "type": "nominal"},
        {"field": "told1", "title": "n", "type": "nominal"},
    ]
    assert spec["data"]["values"][1] == {
        "x": "2025-01-13", "value": None, "low": None, "high": None, "complete": True, "dot": True,
        "told0": "week 1", "told1": "12",
    }  # fmt: skip


def test_nothing_measured_leaves_a_gap():
    line = marks(charts.to_svg(series(70, 71, None, 74, 75)), "mark-line")
    assert [path.count("M") for path in line] == [2]
    assert len(marks(charts.to_svg(series(70, 71, None, 74, 75)), "mark-symbol")) == 4


def test_a_lonely_value_has_its_point_even_among_many():
    values = [None, 5, None] + [float(n) for n in range(100)]
    rows = series(*values)["data"]["values"]
    assert [n for n, row in enumerate(rows) if row["dot"]] == [1, 102]


def test_a_lonely_value_has_its_interval_where_no_band_can_be():
    lonely, band = series(None, 5, None, 7, 8), series(70, 71)
    assert [n for n, row in enumerate(lonely["data"]["values"]) if row.get("alone")] == [1]
    filters = [[step["filter"] for step in layer.get("transform", [])] for layer in lonely["layer"]]
    assert filters.count(["datum.alone"]) == 1
    assert len(lonely["layer"]) == len(band["layer"]) + 1
    assert "mark-rule" in charts.to_svg(lonely)


@pytest.mark.parametrize(
    ("days", "named"),
    [
        ([0], ["6 Jan 2025"]),
        ([0, 1], ["6 Jan", "7 Jan"]),
        ([0, 7], ["6 Jan", "7 Jan", "8 Jan", "9 Jan", "10 Jan", "11 Jan", "12 Jan", "13 Jan"]),
        ([0, 63], ["12 Jan", "19 Jan", "26 Jan", "2 Feb", "9 Feb", "16 Feb", "23 Feb", "2 Mar", "9 Mar"]),
    ],
)
def test_days_are_named_with_their_month_and_hours_not_at_all(days, named):
    points = [charts.Point(start=date(2025, 1, 6) + timedelta(days=day), value=1.0) for day in days]
    said = texts(charts.to_svg(charts.time_series(points, title="A", unit="%")))
    assert [text for text in said if text and re.search("[A-Z]", text)] == named


def test_a_break_is_marked_with_its_text():
    svg = charts.to_svg(series(70, 71, 72, breaks=[charts.Break(start=date(2025, 1, 13), text="definition 2")]))
    assert "definition 2" in texts(svg)


def test_breaks_side_by_side_are_marked_one_beneath_the_other():
    days = [charts.Break(start=date(2025, 1, 13 + n), text=f"change {n}") for n in range(4)]
    spec = series(70, 71, 72, breaks=days)
    marked = [layer for layer in spec["layer"] if layer.get("encoding", {}).get("text")]
    said = {row["text"]: layer["mark"]["dy"] for layer in marked for row in layer["data"]["values"]}
    sides = {row["text"]: layer["mark"]["align"] for layer in marked for row in layer["data"]["values"]}
    assert sides == {"change 0": "left", "change 1": "right", "change 2": "right", "change 3": "right"}
    assert said["change 0"] < said["change 1"] < said["change 2"]
    assert said["change 3"] == said["change 0"]
    assert {"change 0", "change 1", "change 2", "change 3"} <= set(texts(charts.to_svg(spec)))


def test_the_locale_reaches_the_axes():
    months = [f"month {n}" for n in range(1, 13)]
    days = ["d"] * 7
    time = {"dateTime": "%x", "date": "%x", "time": "%X", "periods": ["a", "p"], "days": days, "shortDays": days,
            "months": months, "shortMonths": months}  # fmt: skip
    number = {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", ""]}
    svg = charts.to_svg(series(*range(0, 30000, 1000), locale={"time": time, "number": number}))
    assert "month 3" in texts(svg)
    assert "10.000" in texts(svg)


def test_bars_keep_the_order_and_write_the_value_at_the_end():
    spec = charts.bars(
        [
            charts.Bar(label="email", value=71.0, text="71 %", low=60.0, high=80.0),
            charts.Bar(label="chat", value=None, text="no data"),
            charts.Bar(label="aardvark", value=-20.0, text="n 7"),
        ],
        title="CSAT by channel",
        unit="%",
    )
    svg = charts.to_svg(spec)
    assert [text for text in texts(svg) if text in {"email", "chat", "aardvark"}] == ["email", "chat", "aardvark"]
    assert [text for text in texts(svg) if text in {"71 %", "no data", "n 7"}] == ["71 %", "no data", "n 7"]
    assert [row["end"] for row in spec["data"]["values"]] == [80.0, 0.0, 0.0]


def test_svg_may_stand_in_a_page_without_inline_styles_and_scripts():
    nasty = '</svg><script>alert(1)</script>"'
    svg = charts.to_svg(series(70, None, 74, title=nasty, breaks=[charts.Break(start=date(2025, 1, 13), text=nasty)]))
    root = parsed(svg)
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    attributes = {name for element in root.iter() for name in element.attrib}
    assert tags <= {"svg", "title", "g", "path", "text", "rect", "line", "clipPath", "defs"}
    assert not {name for name in attributes if name == "style" or name.startswith("on") or "href" in name}
    assert root.get("role") == "img"
    assert root.find(f"{SVG}title").text == nasty


def test_colours_are_those_that_the_style_sheet_maps_to_the_dark_design():
    spec = series(70, None, 74, breaks=[charts.Break(start=date(2025, 1, 13), text="x")])
    bars = charts.bars([charts.Bar(label="a", value=1, text="1", low=0.5, high=2)], title="t", unit="u")
    used = set(re.findall(r'(?:fill|stroke)="(#[0-9a-f]+)"', charts.to_svg(spec) + charts.to_svg(bars)))
    assert used <= {charts.ACCENT, charts.INK, charts.MUTED, charts.GRID, charts.SURFACE, charts.WARN}


def test_nothing_is_fetched():
    spec = series(1) | {"data": {"url": "http://127.0.0.1:9/x.csv"}}
    with pytest.raises(ValueError, match="External data url not allowed"):
        charts.to_svg(spec)
    with pytest.raises(ValueError, match="External data url not allowed"):
        charts.to_mail_png(spec)


def test_what_was_never_measured_is_drawn_as_an_empty_scale():
    bars = charts.bars([charts.Bar(label="a", value=None, text="no data")], title="t", unit="%")
    for spec in (series(None, None), bars):
        svg = charts.to_svg(spec)
        assert "NaN" not in svg
        assert "1.0" in texts(svg)


def test_an_empty_chart_can_be_drawn():
    assert parsed(charts.to_svg(series())).tag == f"{SVG}svg"
    assert parsed(charts.to_svg(charts.bars([], title="t", unit="u"))).tag == f"{SVG}svg"


def test_bundle_gives_the_page_what_charts_js_calls():
    script = charts.bundle()
    assert "window.vegaEmbed" in script
    assert "import " not in script[:200]
    assert charts.bundle_version().startswith("vega ")


def test_the_picture_for_a_mail_is_small_and_as_wide_as_it_should_be():
    png = charts.to_mail_png(series(*range(60, 73)))
    assert (png[:8], png[12:16]) == (b"\x89PNG\r\n\x1a\n", b"IHDR")
    assert int.from_bytes(png[16:20]) == 880
    assert len(png) < 40_000


def test_packing_keeps_every_pixel():
    png = vl_convert.vegalite_to_png({**series(80.0, 90.0), "width": 300})
    packed = charts._packed(png)

    def pixels(picture):
        position, found = 8, b""
        while position < len(picture):
            length = int.from_bytes(picture[position : position + 4])
            kind, body = picture[position + 4 : position + 8], picture[position + 8 : position + 8 + length]
            crc = int.from_bytes(picture[position + 8 + length : position + 12 + length])
            assert crc == zlib.crc32(kind + body)
            found += body if kind == b"IDAT" else b""
            position += length + 12
        return zlib.decompress(found)

    assert pixels(packed) == pixels(png)
    assert len(packed) < len(png) / 2
    assert packed[-8:-4] == b"IEND"
