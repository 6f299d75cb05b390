import pytest

from tests.goals.smart.written import STABLE, checked

NBSP = "\u00a0"
RISING = tuple(70.0 + week for week in range(13))
LOWER = {"kpi": "escalation_rate", "direction": "lower"}
FALLING = (40.0, 38, 41, 37, 36, 35, 36, 33, 34, 31)


@pytest.mark.parametrize(
    ("values", "fields", "outcome", "beginning"),
    [
        (STABLE, {"baseline": 84, "target": 86}, "block", f"On average 86.0{NBSP}% is met already: 86.6{NBSP}%."),
        (STABLE, {"target": 87.5}, "warn", f"87.5{NBSP}% lies within what the figure does anyway (mean 86.6{NBSP}%)"),
        (STABLE, {"target": 89}, "pass", "A stretch: 1.2 standard deviations beyond the mean"),
        (STABLE, {"target": 96}, "warn", f"96.0{NBSP}% is better than anything so far (best: 89.0{NBSP}%"),
        ((99.0, *STABLE), {"target": 96}, "warn", f"96.0{NBSP}% lies 4.7 standard deviations beyond the mean"),
        (FALLING, LOWER | {"baseline": 36, "target": 28}, "warn", f"28.0{NBSP}% is better than anything so far"),
        (FALLING, LOWER | {"baseline": 36, "target": 34}, "pass", "A stretch: 1.1 standard deviations"),
        ((90.0,) * 13, {"baseline": 90, "target": 95}, "warn", f"95.0{NBSP}% is better than anything so far"),
        ((90.0,) * 13, {"baseline": 80, "target": 85}, "block", f"On average 85.0{NBSP}% is met already: 90.0{NBSP}%."),
    ],
)
def test_neither_luck_nor_a_miracle(values, fields, outcome, beginning):
    found = checked({"values": values}, **fields)["distance"]
    assert (found.outcome, found.text[: len(beginning)]) == (outcome, beginning)


def test_of_a_range_the_nearer_end_counts():
    busy = {"kpi": "agent_utilisation", "target": 75.0, "target_high": 85.0}
    high = (93.0, 90) * 6 + (85,)
    found = checked({"values": high}, **busy, baseline=94.0, direction="lower")["distance"]
    assert (found.outcome, found.text[:16]) == ("pass", "A stretch: 2.1 s")


def test_what_is_kept_need_not_be_reached():
    assert not {"distance", "slope"} & set(checked(target=80))


def test_too_few_values_say_nothing():
    assert not {"distance", "slope"} & set(checked({"values": STABLE[:5]}))


@pytest.mark.parametrize(
    ("values", "ahead", "fields", "outcome"),
    [
        (RISING, 10, {"baseline": 72, "target": 89}, "pass"),  # 0.95 a week, and it was 1 a week
        (RISING, 9, {"baseline": 72, "target": 89}, "warn"),
        (STABLE, 30, {"target": 89}, "pass"),
        (STABLE, 4, {"target": 99}, "warn"),
        (FALLING, 10, LOWER | {"baseline": 36, "target": 26}, "pass"),
        (FALLING, 4, LOWER | {"baseline": 36, "target": 20}, "warn"),
    ],
)
def test_not_faster_than_ever(values, ahead, fields, outcome):
    assert checked({"values": values, "ahead": ahead}, **fields)["slope"].outcome == outcome


def test_how_fast_it_would_have_to_change_is_said():
    found = checked({"values": RISING, "ahead": 5}, baseline=72, target=89)["slope"]
    assert found.text.startswith(
        "It would have to change by 1.9 points in each period until it is due; over six periods it has changed by 1.0 "
    )


def test_what_never_got_better_is_said_to_have_not():
    found = checked({"values": FALLING, "ahead": 20}, baseline=36, target=45)["slope"]
    assert found.text == (
        "It would have to change by 0.5 points in each period until it is due, and over six periods it has never got "
        "better. Name what is going to change."
    )


def test_without_a_period_to_come_nothing_is_said():
    assert "slope" not in checked({"ahead": 0})
