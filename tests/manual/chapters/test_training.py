"""Exercises: as many answers as questions, and those of our own figures only where there are any."""

import pytest

from manual.chapters import training
from manual.chapters.context import Context
from metrics import presentation
from tests.factories import GoalFactory, ServiceTargetFactory
from tests.manual.chapters.built import AS_OF, build, lines

pytestmark = pytest.mark.django_db


def found() -> list[list[str]]:
    exercises = training.exercises(Context.at(AS_OF))
    return [["".join(_said(part) for part in side) for side in each] for each in exercises]


def _said(part) -> str:
    return part["text"] if part["is"] == "text" else "".join(map(_said, part["inlines"]))


def test_every_team_has_exercises_and_every_exercise_an_answer() -> None:
    assert len(found()) >= 4
    assert all(question and answer for question, answer in found())
    lists = [block for block in build("training").blocks if block["is"] == "list" and block["start"] == 1]
    assert len(lists) == 2
    assert len(lists[0]["items"]) == len(lists[1]["items"]) == len(found())


def test_answers_are_computed() -> None:
    told = dict(found())
    asked = "Last week 34 of 40 customers were satisfied, this week 31 of 40. Is that a reason for an alarm?"
    assert told[asked].endswith("As 0 is among them, chance may have done it.")
    assert told["Of 5 customers, 4 were satisfied. What do you tell the others?"].startswith(
        f"Nothing yet: with 5 answers the true share may be anything from {presentation.percent(37.6)} to "
        f"{presentation.percent(96.4)}."
    )


def test_goals_and_targets_of_our_own_become_exercises() -> None:
    before = len(found())
    goal = GoalFactory(created_at=AS_OF)
    ServiceTargetFactory(metric="first_response", channel="chat")
    assert len(found()) == before + 2
    answer = dict(found())["Which goal is due next, who looks after it, and how did it stand?"]
    assert answer.startswith(f"“{goal.statement}”, until ")
    assert any(line.startswith("Write your answers down before you look at ours") for line in lines("training"))
