"""Figures of a real incident log (UCI 498), against those computed from it with plain pandas. See test_uci.py."""

from datetime import UTC, datetime

import pytest

from kpiproject.lib.periods import Grain
from metrics import rollups
from metrics.queries import Question, figures
from tests.metrics.importing import imported
from tests.metrics.test_uci import LOG, reference

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not LOG.is_dir(), reason="the UCI incident log is not beside the repository"),
]


def points(code, **question):
    return figures(Question(code=code, **question)).points


def hours(seconds):
    return round(seconds / 3600, 6)


def test_figures_of_the_log_are_those_of_its_reference():
    imported("tickets", LOG / "incident_event_log.csv.gz", "--tz", "UTC")
    rollups.recompute()

    months = points("ticket_volume", grain=Grain.MONTH)
    assert {f"{one.start:%Y-%m}": one.value for one in months} == reference("opened_by_month")
    channels = points("ticket_volume", by="channel")
    assert {one.member: one.value for one in channels} == reference("contact_type_counts")

    (resolution,) = points("resolution_time", clock="calendar")
    expected = reference("resolution_hours")
    assert (resolution.n, resolution.excluded) == (23_362, {"solve_time_unknown": 1_556})
    assert [hours(value) for value in (resolution.mean, resolution.median, resolution.p90)] == [
        expected[name] for name in ("mean", "median", "p90")
    ]
    by_priority = points("resolution_time", clock="calendar", by="priority")
    medians = {one.member: hours(one.value) for one in by_priority}
    assert medians == reference("resolution_median_hours_by_priority")

    (within,) = points("resolution_within_target")
    assert (round(within.value, 2), within.n) == (63.42, 24_918)
    (reopened,) = points("reopen_rate")
    assert (reopened.part, reopened.whole) == (275, 24_918)
    assert sum(one.n for one in points("solved_volume", grain=Grain.MONTH)) == 24_918
    assert points("backlog", at=datetime(2016, 4, 30, 23, 59, tzinfo=UTC))[0].value == 1_340
    levels = points("backlog", grain=Grain.MONTH)
    assert [one.value for one in levels][2] == 1_340
    assert levels[-1].value == 0
