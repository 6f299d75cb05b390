"""Goals in force, and which aims of the business they serve."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from goals import evaluation
from goals.models import Goal, Objective, Prediction
from manual.drafts import draft
from tests.factories import GoalFactory, ManagerFactory, ObjectiveFactory, ReportFactory
from tests.goal_factories import CheckInFactory, CloseOutFactory, goal_of
from tests.goals.courses import pieces
from tests.manual.chapters.built import AS_OF, build, facts, figures, lines, tables, words_in

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
    found = judged(reviewer=ManagerFactory(name="Ben Okafor"), review_cadence="monthly")
    built = build("goals")
    assert facts(built.blocks, f"goal-{found.pk}") == {
        "Aim": "Reach a level, higher is better",
        "Measured by": "Customer satisfaction (CSAT), by week",
        "Baseline": "80.0 % (400 answers; 76.0 % to 84.0 %; 29 Sep – 28 Dec 2025)",
        "Target": "90.0 %",
        "Now": "84.0 % (300 answers; 80.0 % to 87.0 %; week of 8 Jun 2026)",
        "Progress": "40 %",
        "Chance to reach it": "about 4 in 10",
        "Time": "1 Jan – 30 Jun 2026",
        "Owner": "Maren Falk",
        "Reviewer": "Ben Okafor",
        "Check-ins": "every two weeks; reviewed every month",
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
        (f"{name}.rhythm", said.format("check-ins and reviews"), "rule"),
        (f"{name}.value", said.format("value"), "value"),
        (f"{name}.status", said.format("status"), "value"),
        (f"{name}.chance", said.format("chance"), "passing"),
    ]
    assert figures("goals")[f"{name}.status"] == "at risk"


def test_goal_within_a_range_tells_both_ends() -> None:
    found = goal(target=66.0, target_high=76.0)
    sheet = facts(build("goals").blocks, f"goal-{found.pk}")
    assert (sheet["Aim"], sheet["Target"]) == (
        "Reach a level, within a range",
        "66.0 % to 76.0 %, both ends included",
    )
    assert figures("goals")[f"goal:{found.pk}.target"] == "66.0\u00a0% to 76.0\u00a0%, both ends included"
    assert "Customer satisfaction (CSAT) within 66.0 % to 76.0 % by 30 Jun 2026" in lines("business")[2]


def guarded(*, breached: bool | None, value: float | None, **more) -> Goal:
    return judged(
        guardrail="first_contact_resolution",
        guardrail_limit=70.0,
        guardrail_value=value,
        guardrail_n=40,
        guardrail_start=date(2026, 6, 8),
        guardrail_breached=breached,
        **more,
    )


@pytest.mark.parametrize(
    ("breached", "value", "said", "state"),
    [
        (False, 74.0, "74.0 % (40 tickets): it holds", "Guardrail holds"),
        (True, 64.0, "64.0 % (40 tickets): breached", "Guardrail breached"),
        (None, None, "not measured", "Guardrail not measured"),
    ],
)
def test_guardrail_stands_in_the_sheet_and_among_what_is_not_traded_away(breached, value, said, state) -> None:
    found = guarded(breached=breached, value=value)
    limit = "First contact resolution at least 70.0 %"
    assert facts(build("goals").blocks, f"goal-{found.pk}")["Guardrail"] == f"{limit}; now {said}"
    assert tables(build("business").blocks)["Goals and their guardrails"] == [
        ["Nine of ten are satisfied (Customer satisfaction (CSAT): 90.0 %)", limit, state]
    ]
    for chapter in ("goals", "business"):
        assert figures(chapter)[f"goal:{found.pk}.guardrail"].replace("\u00a0", " ") == limit


def test_win_at_the_guardrails_expense_is_called_hollow() -> None:
    guarded(breached=True, value=64.0)
    Goal.objects.update(status="on_track")
    notes = [block["tone"] for block in build("goals").blocks if block["is"] == "note"]
    assert notes == ["good", "bad"]
    assert lines("goals")[2] == (
        "Hollow win so far. Guardrail breached: First contact resolution is to be at least 70.0 % and was 64.0 % "
        "(week of 8 Jun 2026)."
    )
    assert tables(build("business").blocks)["Goals and their guardrails"][0][2] == "Hollow win so far"


def test_the_way_of_a_goal_is_drawn_and_told_in_numbers() -> None:
    course = [
        {
            "start": f"2026-06-{day:02}",
            "end": f"2026-06-{day + 7:02}",
            "value": 80.0 + day,
            "low": 78.0,
            "high": 95.0,
            "n": 40,
        }
        for day in (1, 8)
    ]
    found = judged(course=course)
    charts = [block for block in build("goals").blocks if block["is"] == "chart"]
    assert [chart["title"] for chart in charts] == ["The way of “Nine of ten are satisfied”"]
    assert tables(build("goals").blocks)["The way of “Nine of ten are satisfied”, in numbers"] == [
        ["week of 1 Jun 2026", "81.0 % (78.0 % to 95.0 %)", "40"],
        ["week of 8 Jun 2026", "88.0 % (78.0 % to 95.0 %)", "40"],
    ]
    assert not [block for block in build("goals", AS_OF - timedelta(days=7)).blocks if block["is"] == "chart"]
    Goal.objects.filter(pk=found.pk).update(kpi="ticket_volume", target=90.0)
    numbers = tables(build("goals").blocks)["The way of “Nine of ten are satisfied”, in numbers"]
    assert numbers[0] == ["week of 1 Jun 2026", "81 per week"]


def test_of_a_long_way_the_last_quarter_is_shown_and_the_goal_keeps_all_of_it() -> None:
    judged(course=pieces([80.0 + number for number in range(20)]))
    rows = tables(build("goals").blocks)["The way of “Nine of ten are satisfied”, in numbers"]
    assert [row[1] for row in rows] == [f"{80 + number}.0 %" for number in range(7, 20)]
    assert len(Goal.objects.get().course) == 20


def test_money_on_a_goal_is_told_with_goodharts_law() -> None:
    found = goal(has_incentive=True)
    (note,) = [block for block in build("goals").blocks if block["is"] == "note"]
    (paragraph,) = note["blocks"]
    assert paragraph["is"] == "paragraph"
    assert words_in(paragraph["inlines"]).startswith("Money or praise depends on this goal. Once money")
    assert figures("goals")[f"goal:{found.pk}.incentive"] == "depends on it"


def test_every_move_of_a_target_is_told_with_its_reason() -> None:
    found = goal()
    for days, before, after, why in ((30, 95.0, 92.0, "We moved."), (10, 92.0, 90.0, ""), (-1, 90.0, 80.0, "Later")):
        found.target_changes.create(before=before, after=after, reason=why, at=AS_OF - timedelta(days=days))
    assert tables(build("goals").blocks)["How the target of “Nine of ten are satisfied” was moved"] == [
        ["5 Jun 2026", "92.0 %", "90.0 %", "no reason was given"],
        ["16 May 2026", "95.0 %", "92.0 %", "We moved."],
    ]


def test_last_check_ins_are_told_without_their_words_and_without_who_said_them() -> None:
    found = judged()
    author = ManagerFactory(name="Ann Author")
    for day in (50, 40, 30, 20, -1):
        CheckInFactory(
            goal=found,
            by=author,
            at=AS_OF - timedelta(days=day),
            confidence="off_track",
            status="at_risk",
            value=80.0 + day,
            what_changed="Mrs Secret complained.",
            next_step="Call Mrs Secret.",
            difference="Because of Mrs Secret.",
        )
    built = build("goals")
    assert tables(built.blocks)["The last check-ins of “Nine of ten are satisfied”"] == [
        ["26 May 2026", "off track", "at risk", "100.0 %"],
        ["16 May 2026", "off track", "at risk", "110.0 %"],
        ["6 May 2026", "off track", "at risk", "120.0 %"],
    ]
    assert figures("goals")[f"goal:{found.pk}.view"] == "off track"
    said = str(built)
    assert [word for word in ("Secret", "Ann Author") if word in said] == []


def test_goal_without_a_check_in_says_so() -> None:
    goal(start=date(2026, 6, 1), created_at=AS_OF - timedelta(days=40))
    Goal.objects.update(check_in_cadence="weekly")
    assert lines("goals")[-1] == "Check-ins are missing: no check-in in its first 14 days."


def test_goal_without_a_kpi_keeps_its_sheet() -> None:
    found = goal(kpi="", baseline=None)
    built = build("goals")
    sheet = facts(built.blocks, f"goal-{found.pk}")
    assert (sheet["Measured by"], "Baseline" in sheet, sheet["Owner"]) == (
        "milestones that are done",
        False,
        "Maren Falk",
    )
    assert built.figures[f"goal:{found.pk}.due"]["label"] == (
        "Milestones, due date of the goal “Nine of ten are satisfied”"
    )
    assert "Nine of ten are satisfied: all milestones by 30 Jun 2026" in lines("business")


# --- What has ended -----------------------------------------------------------------------------------------------
def ended(outcome: str, **more) -> None:
    of_goal = {"value": 91.0, "statement": f"It is {outcome}", "state": "closed"} | more.pop("of_goal", {})
    CloseOutFactory(
        **{"goal": goal(**of_goal), "outcome": outcome, "value": 91.0, "at": AS_OF - timedelta(days=5)} | more
    )


def test_goals_that_have_ended_are_told_so_that_nobody_fools_themselves() -> None:
    ended("achieved", certainty="met_clearly", is_within_normal=False)
    ended("hollow", certainty="too_close_to_call", is_within_normal=True, at=AS_OF - timedelta(days=9))
    ended("missed", certainty="missed_clearly", at=AS_OF - timedelta(days=182))
    ended("missed", at=AS_OF - timedelta(days=184))
    ended("achieved", at=AS_OF + timedelta(days=1))
    ended("cancelled")
    ended("achieved", of_goal={"dimension": "agent", "member": "7", "statement": "Ann answers faster"})
    built = build("goals")
    assert [[row[0], *row[2:]] for row in tables(built.blocks)["Goals that ended in the last six months"]] == [
        ["It is achieved", "90.0 %", "91.0 %", "Achieved; met clearly; outside normal variation"],
        ["It is hollow", "90.0 %", "91.0 %", "Hollow win; too close to call; inside normal variation"],
        ["It is missed", "90.0 %", "91.0 %", "Missed clearly"],
    ]
    assert "Ann answers faster" not in str(built)
    assert sorted(name.split(":")[0] for name in built.figures) == ["close-out"] * 3


def test_record_of_the_forecasts_is_told_once_there_is_one() -> None:
    assert "Do the forecasts come true?" not in lines("goals")
    Prediction.objects.create(
        goal=goal(), period_end=date(2026, 6, 1), p=0.7, horizon=4, method=1, target=90.0, due=date(2026, 6, 30)
    )
    assert "Do the forecasts come true?" in lines("goals")
    assert figures("goals")["goals:forecasts"].startswith("So far 0 forecasts of 0 goals")


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
    sheet = facts(build("goals").blocks, f"goal-{found.pk}")
    assert sheet["Measured by"] == "retired, which is no longer measured, by week"


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
        found = guarded(breached=False, value=74.0)
        CheckInFactory(goal=found, at=AS_OF)
        found.target_changes.create(before=95.0, after=90.0, reason="We moved.", at=AS_OF)
        ended("achieved")
        with CaptureQueriesContext(connection) as asked:
            build("goals")
            build("business")
        counts.append(len(asked))
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
    said = facts(built.blocks, f"goal-{found.pk}")
    assert [said[name] for name in ("Aim", "Measured by", "Target", "Now", "Progress", "Chance to reach it")] == [
        "Complete milestones",
        "milestones that are done",
        "all 2 milestones",
        "1 of 2 milestones",
        "50 %",
        "Milestones have no forecast: whether the next one is done in time is up to people, not to chance.",
    ]
    assert {"Written: done on 1 Mar 2026", "Read: due on 29 Jun 2026"} <= set(lines("goals"))
    assert [name.partition(".")[2] for name in built.figures] == [
        "target",
        "start",
        "due",
        "owner",
        "rhythm",
        "value",
        "status",
    ]
    assert "The manual is in use: all 2 milestones by 30 Jun 2026" in lines("business")
