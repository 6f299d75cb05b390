from datetime import UTC, date, datetime, timedelta

import pytest

from goals import paths
from goals.models import TargetChange
from goals.paths import Outlook, Row
from kpiproject.lib.goal_chart import Step
from tests.factories import GoalFactory

pytestmark = pytest.mark.django_db
START = date(2026, 1, 5)


def piece(number, value=80.0, **other):
    start = START + timedelta(days=7 * number)
    found = {"start": start.isoformat(), "end": (start + timedelta(days=7)).isoformat()}
    return found | {"value": value, "low": value - 5, "high": value + 5, "n": 40} | other


def band(number):
    low = {"low": 70.0, "middle": 81.0, "high": 93.5}
    start = START + timedelta(days=7 * number)
    return {"start": start.isoformat(), "end": (start + timedelta(days=7)).isoformat()} | low


def goal(**other):
    given = {"start": START, "due": date(2026, 3, 2), "course": [piece(0), piece(1, 82.0)], "status": "on_track"}
    return GoalFactory(**given | other)


def data(spec, number):
    """The rows that a layer draws by itself."""
    return [layer["data"]["values"] for layer in spec["layer"] if "data" in layer][number]


def spec(found, changes=()):
    return paths.spec(found, changes, zone="UTC", title="CSAT")


def test_rows_say_what_was_measured_and_where_the_straight_way_is():
    """Ten weeks from 80 to 90: one point a week."""
    assert paths.rows(goal(due=date(2026, 3, 16)))[0] == Row(
        label="week of 5 Jan 2026",
        value="80.0\u00a0%",
        interval="75.0\u00a0% to 85.0\u00a0%",
        n="40",
        way="81.0\u00a0%",
    )
    assert paths.rows(goal(start=date(2026, 2, 1)))[0].way == ""
    assert paths.rows(goal(baseline=None))[0].way == ""


def test_the_outlook_ends_with_the_goal():
    found = goal(outlook={"fan": [band(2)]})
    assert paths.outlook(found) == [
        Outlook(label="week of 19 Jan 2026", middle="81.0\u00a0%", bounds="70.0\u00a0% to 93.5\u00a0%")
    ]
    found.status = "achieved"
    assert paths.outlook(found) == []
    found.status, found.state = "on_track", "cancelled"
    assert paths.outlook(found) == []


def test_a_week_without_data_leaves_a_gap():
    found = goal(course=[piece(0), piece(1, 82.0), piece(3, 84.0)])
    assert paths.trend(found) == [80.0, 82.0, None, 84.0]
    assert [(row["x"], row["value"]) for row in spec(found)["data"]["values"]] == [
        ("2026-01-12", 80.0), ("2026-01-19", 82.0), ("2026-01-26", None), ("2026-02-02", 84.0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "steps"),
    [
        ([], [("2026-01-05", 90.0)]),
        ([("2026-01-20T10:00", 95.0, 90.0)], [("2026-01-05", 95.0), ("2026-01-20", 90.0)]),
        ([("2025-12-20T10:00", 95.0, 90.0)], [("2026-01-05", 90.0)]),
        ([("2026-04-01T10:00", 95.0, 90.0)], [("2026-01-05", 95.0), ("2026-03-02", 90.0)]),
        # In Berlin it is the next day already; and of one day, the last counts.
        (
            [("2026-01-19T23:30", 95.0, 92.0), ("2026-01-20T10:00", 92.0, 90.0)],
            [("2026-01-05", 95.0), ("2026-01-20", 90.0)],
        ),
    ],
)
def test_a_target_that_was_moved_is_drawn_in_steps(changes, steps):
    found = goal()
    made = [
        TargetChange.objects.create(
            goal=found, before=before, after=after, reason="x", at=datetime.fromisoformat(at).replace(tzinfo=UTC)
        )
        for at, before, after in changes
    ]
    assert paths.targets(found, made[::-1], zone="Europe/Berlin") == [
        Step(start=date.fromisoformat(day), value=value) for day, value in steps
    ]


def test_both_ends_of_a_range_are_drawn_in_steps():
    found = goal(target=75.0, target_high=85.0, baseline=60.0)
    assert paths.upper_ends(goal(), [], zone="UTC") == []
    change = TargetChange.objects.create(
        goal=found,
        before=70.0,
        after=75.0,
        before_high=80.0,
        after_high=85.0,
        reason="x",
        at=datetime(2026, 1, 20, 10, tzinfo=UTC),
    )
    days = (START, date(2026, 1, 20))
    assert [step.value for step in paths.targets(found, [change], zone="UTC")] == [70.0, 75.0]
    assert paths.upper_ends(found, [change], zone="UTC") == [
        Step(start=day, value=value) for day, value in zip(days, (80.0, 85.0), strict=True)
    ]
    assert "target 75.0\u00a0% to 85.0\u00a0%" in str(spec(found)).replace("\\xa0", "\u00a0")
    assert paths.rows(found)[0].way == "61.9\u00a0%"
    assert paths.rows(goal(target=75.0, target_high=85.0, baseline=80.0))[0].way == ""
    assert paths.rows(goal(target=75.0, baseline=80.0))[0].way == ""  # what is kept need not be reached


def test_the_fan_opens_at_the_last_point():
    fan = data(spec(goal(outlook={"fan": [band(2), band(3)]})), 0)
    assert [(row["x"], row["low"], row["value"], row["high"]) for row in fan] == [
        ("2026-01-19", 82.0, 82.0, 82.0),
        ("2026-01-26", 70.0, 81.0, 93.5),
        ("2026-02-02", 70.0, 81.0, 93.5),
    ]


def test_durations_are_drawn_in_the_unit_of_their_longest():
    """Seconds as hours, the target as well."""
    found = goal(
        kpi="first_response_time", clock="calendar", direction="lower", baseline=14400.0, target=7200.0,
        course=[piece(0, 10800.0), piece(1, 9000.0)],
    )  # fmt: skip
    drawn = spec(found)
    assert drawn["layer"][0]["encoding"]["y"]["title"] == "hours"
    assert [row["value"] for row in drawn["data"]["values"]] == [3.0, 2.5]
    assert [row["value"] for row in data(drawn, 0)] == [4.0, 2.0]


def test_the_goal_of_a_retired_kpi_is_drawn_as_numbers():
    found = goal(kpi="no_longer_there", outlook={"fan": [band(2)]})
    drawn = paths.drawing(found, [], zone="UTC", title="?")
    assert drawn is not None
    assert "<svg" in str(drawn["svg"])
    assert paths.rows(found)[0].value == "80"


def test_nothing_measured_is_not_drawn():
    assert paths.drawing(goal(course=[]), [], zone="UTC", title="CSAT") is None


def test_a_name_cannot_break_the_drawing():
    found = goal(outlook={"member_name": "</script><b>"}, dimension="channel", member="x")
    drawn = paths.drawing(found, [], zone="UTC", title="</script><b>&")
    assert "</script>" not in str(drawn["svg"])
