from datetime import date

import pytest

from goals.milestones import Written
from goals.smart import Letter, Outcome
from tests.goals.smart.written import checked, told

DAYS = (date(2026, 7, 3), date(2026, 9, 4), date(2026, 12, 4))
MEASURING = {"volume", "target", "detectable", "baseline_age", "slope", "benchmark"}


def steps(*days):
    return tuple(Written(pk=None, name=f"Step {number}", due=due) for number, due in enumerate(days, start=1))


def known(*days):
    return {"milestones": steps(*days), "kpi": None, "values": (), "counts": (), "ahead": 0, "period_ends": None}


def of(*days, **fields):
    usual = {
        "kpi": "",
        "target": float(len(days)),
        "baseline": None,
        "baseline_end": None,
        "statement": "All have read it",
    }
    return checked(known(*days), **usual | fields)


def test_a_good_list_passes_and_what_measures_does_not_apply():
    found = of(*DAYS)
    assert {code for code, check in found.items() if check.outcome is Outcome.NOT_APPLICABLE} == {
        "feed",
        "distance",
        "period_end",
    }
    assert not MEASURING & set(found)
    assert {check.outcome for check in found.values()} == {Outcome.PASS, Outcome.NOT_APPLICABLE}


def test_a_letter_about_figures_alone_is_not_passed():
    groups = told(known(DAYS[0]), kpi="", target=1.0, baseline=None).groups
    achievable = next(group for group in groups if group.letter is Letter.ACHIEVABLE)
    assert (achievable.outcome, achievable.outcome_name) == (Outcome.NOT_APPLICABLE, "does not apply")


@pytest.mark.parametrize(
    ("days", "code", "outcome", "text"),
    [
        ((), "figure", "block", "Choose a KPI: one figure must say whether the goal is reached. Or leave it empty"),
        (DAYS[:1], "milestones", "warn", "Only 1 milestone. With fewer than 3 nobody sees on the way how it goes"),
        (DAYS[:2], "milestones", "warn", "Only 2 milestones. With fewer than 3"),
        (DAYS, "milestones", "pass", "3 milestones, each of them done or not."),
        ((DAYS[0],) * 3, "apart", "warn", "All milestones are due on the same day."),
        ((*DAYS, None), "milestone_days", "block", "Say when this milestone is due: “Step 4”."),
        ((date(2026, 5, 31), *DAYS), "milestone_days", "block", "Not between the start, 1 Jun 2026, and the day on"),
        ((*DAYS, date(2026, 12, 28)), "milestone_days", "block", "Not between the start"),
        ((date(2026, 6, 1), *DAYS, date(2026, 12, 27)), "milestone_days", "pass", "Every milestone has its day"),
    ],
)
def test_a_list_that_says_on_the_way_how_it_goes(days, code, outcome, text):
    found = of(*days)[code]
    assert (found.outcome, found.text[: len(text)]) == (outcome, text)


@pytest.mark.parametrize("due", [date(2026, 12, 16), date(2026, 12, 27)])
def test_any_day_will_do(due):
    assert of(*DAYS, due=due)["period_end"].outcome is Outcome.NOT_APPLICABLE


def test_it_is_for_everybody():
    found = of(*DAYS, dimension="channel", member="chat")["figure"]
    assert (found.outcome, found.field) == ("block", "only_for")


def test_the_same_words_twice():
    found = checked(known(*DAYS) | {"twins": ("All have read it",)}, kpi="", statement="All have read it")["twin"]
    assert (found.outcome, found.text) == (
        "block",
        "“All have read it” is active already, in the same words. Change that one, or close it first.",
    )


def test_a_guardrail_may_be_set_and_needs_its_limit():
    assert of(*DAYS)["guardrail"].outcome is Outcome.PASS
    assert of(*DAYS, guardrail="csat")["guardrail"].field == "guardrail_limit"


def test_a_figure_has_no_milestones():
    found = checked({"milestones": steps(*DAYS)})["milestones"]
    assert (found.outcome, found.field) == ("block", "kpi")
    assert not {"apart", "milestone_days"} & set(checked({"milestones": steps(*DAYS)}))
