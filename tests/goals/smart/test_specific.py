import pytest

from goals.smart import Outcome
from kpiproject.models import User
from tests.goals.smart.written import OWNER, checked

WHAT = "Choose a KPI: one figure must say whether the goal is reached. Or leave it empty and write milestones."

GONE = User(pk=3, name="Olaf", email="olaf@x.example", is_active=False)


@pytest.mark.parametrize(
    ("known", "fields", "outcome", "text"),
    [
        ({}, {}, "pass", "One figure: Customer satisfaction (CSAT), of everything; higher is better."),
        (
            {},
            {"target": 85.0, "target_high": 95.0},
            "pass",
            "One figure: Customer satisfaction (CSAT), of everything; to lie within a range.",
        ),
        ({"kpi": None}, {"kpi": ""}, "block", WHAT),
        ({}, {"kpi": "smiles"}, "block", "The KPI “smiles” no longer exists. Choose another one."),
        (
            {"scope_fault": "It has no figures for “channel: fax”."},
            {},
            "block",
            "It has no figures for “channel: fax”.",
        ),
    ],
)
def test_one_figure(known, fields, outcome, text):
    found = checked(known, **fields)["figure"]
    assert (found.outcome, found.text) == (outcome, text)


@pytest.mark.parametrize(
    ("owner", "reviewer", "outcomes"),
    [
        (OWNER, User(pk=2, name="Mara"), ("pass", "pass")),
        (None, User(pk=2, name="Mara"), ("block", "pass")),
        (GONE, User(pk=2, name="Mara"), ("block", "pass")),
        (OWNER, None, ("pass", "warn")),
        (OWNER, OWNER, ("pass", "warn")),
        (OWNER, GONE, ("pass", "warn")),
    ],
)
def test_two_people_who_are_there(owner, reviewer, outcomes):
    found = checked({"owner": owner, "reviewer": reviewer})
    assert (found["owner"].outcome, found["reviewer"].outcome) == outcomes


def test_whoever_has_left_is_named():
    assert checked({"owner": GONE})["owner"].text == "Olaf no longer has access. Give the goal to somebody who has."


@pytest.mark.parametrize(
    ("statement", "outcome"),
    [
        ("Improve satisfaction", "warn"),
        ("Better answers", "warn"),
        ("Increase first contact resolution", "warn"),
        ("Fewer escalations, faster", "warn"),
        ("Improve satisfaction to 90 %", "pass"),
        ("Nine of ten customers get better answers", "pass"),
        ("Answers within a day", "pass"),
        ("Lessons are learned", "pass"),  # “less” is no part of another word
        ("  ", "block"),
    ],
)
def test_words_that_say_when_it_is_done(statement, outcome):
    assert checked(statement=statement)["statement"].outcome == outcome


def test_no_second_goal_for_the_same_figure():
    found = checked({"twins": ("Nine of ten",)})["twin"]
    assert found.outcome is Outcome.BLOCK
    assert found.text == "“Nine of ten” is active for the same figure. Change that one, or close it first."
