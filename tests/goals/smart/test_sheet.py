import pytest

from goals import smart
from goals.smart import Letter, Outcome
from tests.goals.smart.written import checked, told

FEW = {"values": (), "counts": (), "ahead": 0}


def test_a_good_goal_passes_everything():
    found = told()
    assert (found.blocks, found.warnings) == ([], [])
    assert [(group.letter, group.outcome) for group in found.groups] == [(one, Outcome.PASS) for one in "SMART"]
    assert len(checked()) >= 18


def test_a_letter_is_as_good_as_its_worst_check():
    found = told({"reviewer": None, "twins": ("Another",)})
    specific = next(group for group in found.groups if group.letter is Letter.SPECIFIC)
    assert specific.outcome is Outcome.BLOCK
    assert str(specific.outcome_name) == "blocks"
    assert [check.code for check in found.blocks] == ["twin"]
    assert [check.code for check in found.warnings] == ["reviewer"]


def test_what_cannot_be_checked_yet_is_left_out():
    found = told(FEW | {"kpi": None, "target": None, "start": None, "due": None}, kpi="", target=None)
    achievable = next(group for group in found.groups if group.letter is Letter.ACHIEVABLE)
    assert (achievable.checks, achievable.outcome) == ((), None)
    assert str(achievable.outcome_name) == "not checked yet"
    assert [check.field for check in found.blocks] == ["kpi", "start"]


@pytest.mark.parametrize("letter", list(Letter))
def test_every_letter_has_a_name_and_checks(letter):
    assert smart.CHECKS[letter]
    assert str(smart.NAMES[letter])[0] == letter


def test_every_check_says_what_to_do_and_where():
    """What is wrong is more than one word, and a block names a field of the form."""
    fields = {"kpi", "only_for", "statement", "owner", "state", "target", "target_high", "objective", "guardrail"}
    fields |= {"guardrail_limit", "start", "due", "review_cadence"}
    bad = told(FEW | {"owner": None, "reviewer": None, "objective": "", "companions": 9}, review_cadence="", target=200)
    assert {check.field for check in bad.blocks} <= fields
    assert all(len(check.text.split()) > 5 for check in [*bad.blocks, *bad.warnings])
