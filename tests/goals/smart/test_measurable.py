from datetime import date

import pytest

from tests.goals.smart.written import STABLE, checked

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("known", "fields", "outcome", "beginning"),
    [
        ({}, {}, "pass", "Measured in 13 complete weeks."),
        ({"values": STABLE[:6]}, {"grain": "month"}, "pass", "Measured in 6 complete months."),
        (
            {"values": STABLE[:5]},
            {},
            "block",
            "“Customer satisfaction (CSAT)” has enough data in 5 complete weeks; 6 are",
        ),
        (
            {"values": STABLE[:1]},
            {"grain": "month"},
            "block",
            "“Customer satisfaction (CSAT)” has enough data in 1 comp",
        ),
        ({}, {"baseline": None}, "block", "There is no baseline yet: “Customer satisfaction (CSAT)” has data in 0"),
        ({"missing": 1}, {}, "pass", "Measured in 13 complete weeks."),
        ({"missing": 2}, {}, "block", "Nothing has come in for the last 2 complete periods. Look after the source"),
        ({"is_computing": True}, {}, "block", "The figures of this KPI are just being computed."),
    ],
)
def test_a_live_feed(known, fields, outcome, beginning):
    found = checked(known, **fields)["feed"]
    assert (found.outcome, found.text[: len(beginning)], found.field) == (outcome, beginning, "state")


@pytest.mark.parametrize(
    ("counts", "grain", "outcome"),
    [((5, 5, 50), "week", "pass"), ((4, 4, 50), "week", "warn"), ((4, 4, 50), "month", "warn")],
)
def test_the_usual_number_of_rows(counts, grain, outcome):
    assert checked({"counts": counts}, grain=grain)["volume"].outcome == outcome


def test_by_the_week_too_few_the_month_is_proposed():
    assert checked({"counts": (3,)})["volume"].text == (
        "Usually only 3 answers in a week, and weeks with fewer than 5 say nothing. Judge it by month."
    )


def test_numbers_of_tickets_need_no_rows():
    assert "volume" not in checked({"counts": (1, 2)}, kpi="solved_volume", baseline=80, target=90)


@pytest.mark.parametrize(
    ("fields", "outcome", "field", "beginning"),
    [
        ({}, "pass", "state", f"From 86.6{NBSP}% to 89.0{NBSP}%."),
        ({"target": 86.6}, "block", "target", f"86.6{NBSP}% is what was measured before (2 Mar – 31 May 2026)"),
        ({"target": 120}, "block", "target", f"120.0{NBSP}% lies outside the scale"),
        ({"target": 90, "target_high": 85}, "block", "target_high", "The upper end of the range must lie above"),
        (
            {"target": 80},
            "warn",
            "smart_note",
            f"The baseline of 86.6{NBSP}% already meets 80.0{NBSP}%, so the goal is to",
        ),
        (
            {"target": 80, "target_high": 90},
            "warn",
            "smart_note",
            f"The baseline of 86.6{NBSP}% already meets 80.0{NBSP}% to 90.0{NBSP}%",
        ),
        (
            {"kpi": "escalation_rate", "direction": "lower", "baseline": 8, "target": 9},
            "warn",
            "smart_note",
            "The baseli",
        ),
        (
            {"kpi": "escalation_rate", "direction": "lower", "baseline": 8, "target": 6},
            "pass",
            "state",
            f"From 8.0{NBSP}%",
        ),
        ({"target": None}, "block", "target", "Say what is to be reached."),
    ],
)
def test_a_target_on_its_scale_and_beyond_the_baseline(fields, outcome, field, beginning):
    found = checked(**fields)["target"]
    assert (found.outcome, found.field, found.text[: len(beginning)]) == (outcome, field, beginning)


@pytest.mark.parametrize(
    ("n", "target", "outcome"),
    [(50, 89.0, "warn"), (50, 99.9, "warn"), (200, 99.0, "pass"), (5000, 89.0, "pass")],
)
def test_a_change_that_can_be_told_from_chance(n, target, outcome):
    """Of 86.6 % with 50 answers 19.1 points, with 200 answers 9.5, with 5,000 answers 1.9."""
    assert checked({"counts": (n,) * 13}, target=target)["detectable"].outcome == outcome


def test_how_large_a_change_would_have_to_be_is_said():
    assert checked({"counts": (50,) * 13})["detectable"].text.startswith(
        "You will not be able to tell: with 50 answers in a period only a change of 19.1 points can be told from "
        "chance, and this is one of 2.4 points."
    )


def test_of_a_mean_its_interval_says_how_it_varies():
    """An interval of 4 points either way from 400 answers is a deviation of 40.8; two periods of 100 then need 16.2."""
    nps = {"kpi": "nps", "baseline": 20.0, "baseline_low": 16.0, "baseline_high": 24.0, "baseline_n": 400}
    few = {"counts": (100,) * 13, "values": (20.0,) * 13}
    assert checked(few, **nps, target=35)["detectable"].outcome == "warn"
    assert checked(few, **nps, target=37)["detectable"].outcome == "pass"
    assert "detectable" not in checked(few, **(nps | {"baseline_low": None}), target=35)


def test_of_medians_and_of_what_is_kept_nothing_is_said():
    assert "detectable" not in checked(kpi="resolution_time", direction="lower", baseline=7200, target=3600)
    assert "detectable" not in checked(target=80)


@pytest.mark.parametrize(
    ("end", "outcome"), [(date(2026, 6, 1), "pass"), (date(2025, 11, 30), "pass"), (date(2025, 11, 29), "warn")]
)
def test_a_baseline_of_now(end, outcome):
    assert checked(baseline_end=end)["baseline_age"].outcome == outcome
