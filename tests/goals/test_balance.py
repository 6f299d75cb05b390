from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goals.balance import Aim, Outdated, findings, is_quality, is_speed
from metrics.catalogue import CATALOGUE

BALANCED = ("first_response_time", "csat", "ces")


def aim(code, owner="Mara", **other):
    return Aim(kpi=CATALOGUE.get(code), owner=owner, **other)


def found(*aims, outdated=()):
    return [finding.code for finding in findings(aims, outdated)]


def test_a_balanced_set_has_nothing_to_say():
    assert found(*(aim(code) for code in BALANCED)) == []


def test_without_goals_nothing_is_out_of_balance():
    assert found(outdated=[Outdated(kpi_name="CSAT", as_of=date(2020, 1, 1))]) == []


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (["first_response_time", "ces"], []),  # effort is a quality
        (["first_response_time"], ["speed", "effort"]),
        (["average_handling_time"], ["speed", "effort"]),  # a time, though it belongs to workload
        (["first_response_within_target", "ticket_volume"], ["speed", "effort"]),
        (["first_response_time", "reopen_rate"], ["effort"]),
        (["csat"], ["effort"]),
        (["ces"], []),
        (["gone", "ces"], []),
        (["gone"], ["effort"]),
    ],
)
def test_speed_without_quality_and_no_effort(codes, expected):
    assert found(*(aim(code) for code in codes)) == expected


def test_what_counts_as_speed_and_as_quality():
    assert {code for code, kpi in CATALOGUE.items() if is_speed(kpi)} >= {
        "first_response_time",
        "resolution_time",
        "average_handling_time",
        "return_processing_time",
    }
    quality = {code for code, kpi in CATALOGUE.items() if is_quality(kpi)}
    assert quality >= {"csat", "nps", "ces", "first_contact_resolution", "reopen_rate"}
    assert not any(is_speed(CATALOGUE[code]) for code in quality)


@pytest.mark.parametrize(
    ("scopes", "expected"),
    [
        ([("channel", "chat"), ("channel", "chat")], ["channel"]),
        ([("channel", "chat"), ("channel", "email")], []),
        ([("channel", "chat"), ("", "")], []),
        ([("channel", "chat"), ("team", "chat")], []),
        ([("team", "Billing")], []),
    ],
)
def test_one_channel_only(scopes, expected):
    aims = [aim("ces", dimension=dimension, member=member) for dimension, member in scopes]
    assert found(*aims) == expected
    if expected:
        assert findings(aims)[0].what == "All goals are about one channel: chat."


def test_more_than_five_goals_of_a_person_or_a_team():
    assert found(aim("ces", count=5)) == []
    assert found(aim("ces", count=5), aim("csat")) == ["owner"]
    spread = [aim("ces", owner=f"Owner {n}", dimension="team", member="Billing") for n in range(6)]
    assert found(*spread) == ["team"]
    assert findings(spread)[0].what == "The team “Billing” has 6 running goals."
    both = findings([aim("ces", owner="Mara", count=7), aim("ces", owner="Jon", count=8)])
    assert [finding.what for finding in both] == ["Jon owns 8 running goals.", "Mara owns 7 running goals."]


def test_benchmarks_that_are_too_old_are_named_with_their_day():
    old = [Outdated(kpi_name="CSAT", as_of=date(2024, 3, 1)), Outdated(kpi_name="NPS", as_of=date(2025, 1, 2))]
    (finding,) = findings([aim("ces")], old)
    assert finding.what == "Benchmarks are older than 12 months: CSAT (of 1 Mar 2024), NPS (of 2 Jan 2025)."
    (finding,) = findings([aim("ces")], old[:1])
    assert finding.what == "A benchmark is older than 12 months: CSAT (of 1 Mar 2024)."


@given(st.lists(st.sampled_from(sorted(CATALOGUE)), min_size=1, max_size=5), st.permutations(range(5)))
def test_the_order_of_goals_does_not_matter(codes, order):
    shuffled = [codes[n] for n in order if n < len(codes)]
    assert found(*map(aim, codes)) == found(*map(aim, shuffled))


@given(st.lists(st.sampled_from(sorted(CATALOGUE)), max_size=5))
def test_adding_a_quality_and_an_effort_goal_ends_both_warnings(codes):
    assert not {"speed", "effort"} & set(found(*map(aim, [*codes, "csat", "ces"])))


def milestones(**other):
    return Aim(kpi=None, owner="Mara", is_measured=False, **other)


@pytest.mark.parametrize(
    ("aims", "expected"),
    [
        ([milestones()], ["measured"]),
        ([milestones(), aim("csat")], ["effort"]),
        ([milestones(), aim("ces")], []),
        ([milestones(), aim("ces", dimension="channel", member="chat")], ["channel"]),  # a list covers no channel
        ([milestones(count=6)], ["measured", "owner"]),
    ],
)
def test_milestones_measure_nothing(aims, expected):
    assert found(*aims) == expected
