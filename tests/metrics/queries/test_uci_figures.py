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


def check_shares():
    for code, by, name in (
        ("channel_share", "channel", "contact_type_counts"),
        ("category_share", "category", "top_categories"),
        ("channel_share", "priority", "priority_counts"),
    ):
        parts = {one.member: one.part for one in points(code, by=by)}
        wanted = reference(name)
        assert {member: parts[member] for member in wanted} == wanted
        assert sum(one.value for one in points(code, by=by)) == pytest.approx(100)


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

    (first,) = points("first_resolution_time", clock="calendar")
    assert (first.n, hours(first.median)) == (23_362, expected["median"])

    check_shares()

    (transfers,) = points("transfer_rate")
    assert transfers.n == 24_918  # every incident has its number of reassignments

    (within,) = points("resolution_within_target")
    assert (round(within.value, 2), within.n) == (63.42, 24_918)
    (reopened,) = points("reopen_rate")
    assert (reopened.part, reopened.whole) == (275, 24_918)
    assert sum(one.n for one in points("solved_volume", grain=Grain.MONTH)) == 24_918
    assert points("backlog", at=datetime(2016, 4, 30, 23, 59, tzinfo=UTC))[0].value == 1_340
    for moment, level in reference("backlog_until_resolved").items():
        at = datetime.fromisoformat(moment).replace(tzinfo=UTC)
        assert points("backlog", at=at)[0].value == points("backlog_age", at=at)[0].n == level
    levels = points("backlog", grain=Grain.MONTH)
    assert [one.value for one in levels][2] == 1_340
    assert levels[-1].value == 0
