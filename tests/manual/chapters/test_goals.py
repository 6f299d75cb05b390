"""Goals in force, and which aims of the business they serve."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from goals import evaluation
from goals.models import Goal, Objective
from manual.drafts import draft
from tests.factories import GoalFactory, ManagerFactory, ObjectiveFactory, ReportFactory
from tests.goal_factories import goal_of
from tests.manual.chapters.built import AS_OF, build, facts, figures, lines

pytestmark = pytest.mark.django_db


def goal(**values) -> Goal:
    return GoalFactory(
        **{
            "statement": "Nine of ten are satisfied",
            "objective": Objective.objects.get_or_create(name="Loyal customers", description="They come back.")[0],
            "owner": ManagerFactory(name="Maren Falk"),
            "created_at": AS_OF - timedelta(days=90),
            **values,
        }
    )


def judged(**values) -> Goal:
    return goal(
        status="at_risk",
        reason="forecast",
        probability=0.4,
        outlook={"expected": 86.0},
        value=84.0,
        value_low=80.0,
        value_high=87.0,
        value_n=300,
        value_start=date(2026, 6, 8),
        value_end=date(2026, 6, 15),
        progress=0.4,
        **values,
    )


def test_goal_has_its_sheet() -> None:
    found = judged()
    built = build("goals")
    assert facts(built.blocks, f"goal-{found.pk}") == {
        "Measured by": "Customer satisfaction (CSAT)",
        "Baseline": "80.0 % (400 answers; 76.0 % to 84.0 %; 29 Sep – 28 Dec 2025)",
        "Target": "90.0 %",
        "Now": "84.0 % (300 answers; 80.0 % to 87.0 %; week of 8 Jun 2026)",
        "Progress": "40 %",
        "From": "1 Jan 2026",
        "Due": "30 Jun 2026",
        "Owner": "Maren Falk",
        "Serves": "Loyal customers",
    }
    (note,) = [block for block in built.blocks if block["is"] == "note"]
    assert note["tone"] == "warn"
    assert lines("goals")[1] == (
        "At risk. The chance to reach 90.0 % by 30 Jun 2026 is about 4 in 10; it was 84.0 % in the week of 8 Jun 2026."
    )


def test_figures_name_the_kpi_the_goal_and_what_was_decided() -> None:
    found = judged(dimension="channel", member="chat")
    built = build("goals")
    name, said = (
        f"goal:{found.pk}",
        "Customer satisfaction (CSAT), channel: chat, {} of the goal “Nine of ten are satisfied”",
    )
    assert [(key, figure["label"], figure["kind"]) for key, figure in built.figures.items()] == [
        (f"{name}.target", said.format("target"), "rule"),
        (f"{name}.baseline", said.format("baseline"), "rule"),
        (f"{name}.start", said.format("start"), "rule"),
        (f"{name}.due", said.format("due date"), "rule"),
        (f"{name}.owner", said.format("owner"), "rule"),
        (f"{name}.value", said.format("value"), "value"),
        (f"{name}.status", said.format("status"), "value"),
    ]
    assert figures("goals")[f"{name}.status"] == "at risk"


def test_goal_that_was_judged_after_the_instant_shows_no_value() -> None:
    found = judged()
    earlier = AS_OF - timedelta(days=7)
    built = build("goals", earlier)
    sheet = facts(built.blocks, f"goal-{found.pk}")
    assert (sheet["Now"], "Progress" in sheet) == ("no data", False)
    assert [block for block in built.blocks if block["is"] == "note"] == []
    assert built.figures[f"goal:{found.pk}.value"]["words"] == "no data"


def test_goals_made_later_drafts_and_closed_ones_are_left_out() -> None:
    goal(created_at=AS_OF + timedelta(days=1))
    goal(state=Goal.State.DRAFT)
    goal(state=Goal.State.CLOSED)
    assert lines("goals") == [
        "No goal is in force. As long as there is none, the KPIs are watched and nothing is promised."
    ]


def test_goal_of_a_kpi_that_is_gone_keeps_its_sheet() -> None:
    found = goal(kpi="retired")
    assert facts(build("goals").blocks, f"goal-{found.pk}")["Measured by"] == "retired, which is no longer measured"


def test_goals_for_single_people_are_left_out_everywhere() -> None:
    goal(dimension="agent", member="7", statement="Ann answers faster")
    sentence = "Goals for single people are not part of the manual."
    assert (lines("goals"), figures("goals")) == ([sentence], {})
    assert lines("business") == ["Loyal customers", "They come back.", sentence]
    goal()
    assert lines("goals")[-1] == sentence
    found = draft(AS_OF)
    assert "Ann answers faster" not in str(found.document) + str(found.figures)
    assert sentence in str(found.document)


def test_reports_name_no_single_person() -> None:
    report = ReportFactory(name="Weekly", includes_goals=False)
    report.items.create(kpi="csat", dimension="agent", member="7")
    report.items.create(kpi="csat", dimension="channel", member="chat", position=2)
    said = "Customer satisfaction (CSAT), channel: chat; figures of single people"
    assert f"Weekly: {said}" in lines("reporting")
    assert figures("reporting")[f"report:{report.pk}.contents"] == said


def test_objectives_list_their_goals_and_say_where_there_is_none() -> None:
    goal()
    ObjectiveFactory(name="Save time")
    ObjectiveFactory(name="Forgotten", is_active=False)
    assert lines("business") == [
        "Loyal customers",
        "They come back.",
        "Nine of ten are satisfied: Customer satisfaction (CSAT) to 90.0 % by 30 Jun 2026",
        "Save time",
        "No goal of customer service serves it at present.",
    ]
    assert sorted(figures("business").values()) == ["Loyal customers: They come back.", "Save time"]


def test_no_objective_is_said_in_words() -> None:
    assert lines("business") == ["No business objective has been written down yet."]


def test_number_of_queries_does_not_grow_with_goals() -> None:
    counts = []
    for _round in range(3):
        goal()
        with CaptureQueriesContext(connection) as found:
            build("goals")
            build("business")
        counts.append(len(found))
    assert counts[1] == counts[2]


def test_goal_without_a_kpi_has_its_milestones() -> None:
    found = goal_of(
        ("Written", date(2026, 3, 2), date(2026, 3, 1)),
        ("Read", date(2026, 6, 29), None),
        statement="The manual is in use",
        owner=ManagerFactory(name="Maren Falk"),
        objective=ObjectiveFactory(name="Loyal customers"),
        created_at=AS_OF - timedelta(days=90),
    )
    evaluation.evaluate(found, now=AS_OF)
    built = build("goals")
    assert facts(built.blocks, f"goal-{found.pk}") == {
        "Measured by": "milestones, each of them done or not",
        "Target": "all 2 milestones",
        "Now": "1 of 2 milestones",
        "Forecast": "Milestones have no forecast: whether the next one is done in time is up to people, not to chance.",
        "Progress": "50 %",
        "From": "1 Jan 2026",
        "Due": "30 Jun 2026",
        "Owner": "Maren Falk",
        "Serves": "Loyal customers",
    }
    assert {"Written: done on 1 Mar 2026", "Read: due on 29 Jun 2026"} <= set(lines("goals"))
    assert [name.partition(".")[2] for name in built.figures] == ["target", "start", "due", "owner", "value", "status"]
    assert "The manual is in use: all 2 milestones by 30 Jun 2026" in lines("business")
