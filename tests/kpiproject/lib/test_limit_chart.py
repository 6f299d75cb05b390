"""A series against its limits."""

from datetime import date, timedelta
from typing import Any

import pytest

from kpiproject.lib import charts
from kpiproject.lib.limit_chart import Level, limit_chart

MONDAY = date(2026, 3, 2)


def spec(*values: float | None, levels: tuple[Level, ...] = (), **fields: Any) -> charts.Spec:
    points = [charts.Point(start=MONDAY + timedelta(weeks=n), value=value) for n, value in enumerate(values)]
    return limit_chart(points, levels, title="Satisfaction", unit="%", **fields)


def rows(found: charts.Spec) -> list[list[dict[str, Any]]]:
    return [layer["data"]["values"] for layer in found["layer"] if "data" in layer]


def test_a_line_straight_across_for_every_level() -> None:
    found = spec(90, 80, 70, levels=(Level(value=85, text="limit 85 %"), Level(value=88, text="over", is_limit=False)))
    lines = [part for part in rows(found) if len(part) == 2]
    ends = [MONDAY.isoformat(), (MONDAY + timedelta(weeks=2)).isoformat()]
    assert [[(row["x"], row["value"]) for row in part] for part in lines] == [
        [(end, 85) for end in ends], [(end, 88) for end in ends],
    ]  # fmt: skip


def test_limits_and_other_lines_are_told_apart_and_named_at_different_ends() -> None:
    svg = charts.to_svg(
        spec(90, 80, levels=(Level(value=85, text="limit"), Level(value=86, text="over", is_limit=False)))
    )
    assert (">limit</text>" in svg, ">over</text>" in svg, charts.WARN in svg) == (True, True, True)
    found = spec(90, 80, levels=(Level(value=85, text="limit"), Level(value=86, text="over", is_limit=False)))
    places = {part[0]["value"]: part[0]["x"] for part in rows(found) if len(part) == 1}
    assert places == {85: MONDAY.isoformat(), 86: (MONDAY + timedelta(weeks=1)).isoformat()}


def test_what_is_marked_and_was_measured_has_a_square() -> None:
    found = spec(90, None, 70, marked=[MONDAY + timedelta(weeks=1), MONDAY + timedelta(weeks=2)])
    assert [[row["value"] for row in part] for part in rows(found)] == [[70]]


@pytest.mark.parametrize("values", [(None, None), (81.0,), (81.0, None, 82.0)])
def test_any_series_can_be_drawn(values: tuple[float | None, ...]) -> None:
    assert "NaN" not in charts.to_svg(spec(*values, levels=(Level(value=85, text="limit"),)))
    assert len(charts.to_mail_png(spec(*values))) > 500
