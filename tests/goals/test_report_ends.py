"""What a report tells of goals that have ended: everything once, and no win that is none."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from time_machine import travel

from goals import report_content, report_ends, report_mail
from goals.models import CloseOut, Goal, Report, ReportRun, StatusChange
from goals.report_mail import Recipient
from kpiproject.lib.periods import Period
from tests.factories import GoalFactory, ReportFactory
from tests.goal_factories import CloseOutFactory
from tests.goals.courses import pieces, week

pytestmark = pytest.mark.django_db
WEEK = Period(date(2026, 3, 16), date(2026, 3, 23), "UTC")
NOW = datetime(2026, 3, 23, 8, tzinfo=UTC)
BEFORE = [80, 82, 81, 80, 82, 81, 80, 82]
"""A mean of 81 with steps of 1.43: from 77.2 to 84.8 all is chance."""


@pytest.fixture(autouse=True)
def _on_monday() -> Iterator[None]:
    with travel(NOW, tick=False):
        yield


@pytest.fixture
def report() -> Report:
    return ReportFactory(name="Service", includes_goals=True)


def reached(at: datetime = NOW - timedelta(hours=7), **more: object) -> Goal:
    values = {
        "statement": "Nine of ten are satisfied",
        "course": pieces([*BEFORE, 90, 92]),
        "start": week(8),
        "due": week(10) - timedelta(days=1),
        "status": "achieved",
        "value": 92.0,
    }
    goal: Goal = GoalFactory(**values | more)
    StatusChange.objects.create(goal=goal, before="on_track", after=goal.status, at=at)
    return goal


def told(report: Report) -> report_content.Content:
    return report_content.freeze(report, WEEK)


def words(report: Report) -> list[str]:
    return [
        f"{one['statement']}: {one['words']}".replace("\u00a0", " ") for one in report_mail.milestones(told(report))
    ]


def test_milestone_is_told_with_where_it_began(report: Report) -> None:
    reached()
    assert words(report) == ["Nine of ten are satisfied: From 80.0 % to 92.0 % on 15 Mar 2026; the target was 90.0 %."]


def test_milestone_without_a_baseline_and_one_without_a_kpi_are_told_all_the_same(report: Report) -> None:
    reached(baseline=None)
    Goal.objects.update(statement="No baseline")
    found = report_ends.milestones(NOW - timedelta(days=7), NOW, "UTC")
    assert report_mail.milestones({"milestones": found})[0]["words"].replace("\u00a0", " ") == (
        "92.0 % on 15 Mar 2026; the target was 90.0 %."
    )
    assert report_mail.milestones({"milestones": [found[0] | {"value": ""}]})[0]["words"] == "Reached on 15 Mar 2026."


@pytest.mark.parametrize(
    "more",
    [
        {"guardrail": "nps", "guardrail_limit": 1.0, "guardrail_breached": True},
        {"value": 82.0, "course": pieces([*BEFORE, 81, 82])},
        {"dimension": "agent", "member": "7"},
        {"status": "missed"},
    ],
    ids=["hollow", "by chance", "of one person", "missed"],
)
def test_what_is_no_win_of_the_team_is_not_told(report: Report, more: dict[str, object]) -> None:
    reached(**more)
    assert words(report) == []


def test_everything_is_told_once_from_one_report_to_the_next(report: Report) -> None:
    """What was judged after the report of its week stands in the next one; nothing twice, nothing never."""
    instants = [NOW + timedelta(days=days, hours=-1) for days in range(-9, 15)]
    for number, at in enumerate(instants):
        reached(at, statement=f"Goal {number}")
    seen: list[str] = []
    for weeks in range(3):
        later = timedelta(days=7 * weeks)
        period = Period(WEEK.start + later, WEEK.end + later, "UTC")
        with travel(NOW + later, tick=False):
            content = report_content.freeze(report, period)
            ReportRun.objects.create(report=report, start=period.start, end=period.end, content=content)
        seen += [one["statement"] for one in content["milestones"]]
    assert len(seen) == len(set(seen))
    # The first report begins with its own week.
    assert set(seen) == {f"Goal {number}" for number, at in enumerate(instants) if at > WEEK.start_at}


def test_report_that_has_rested_looks_back_four_weeks(report: Report) -> None:
    old = WEEK.start - timedelta(days=140)
    ReportRun.objects.create(
        report=report, start=old, end=old + timedelta(days=7), content={}, at=NOW - timedelta(days=140)
    )
    assert report_ends.since(report, WEEK) == WEEK.start_at - timedelta(days=28)


def test_preview_of_a_week_that_was_told_says_the_same_again(report: Report) -> None:
    reached()
    content = told(report)
    ReportRun.objects.create(report=report, start=WEEK.start, end=WEEK.end, content=content)
    assert told(report)["milestones"] == content["milestones"] != []


def test_goals_that_were_closed_say_how_they_ended_but_not_what_people_wrote(report: Report) -> None:
    def closed(outcome: str, hours: int, **more: object) -> None:
        goal = GoalFactory(statement=f"It is {outcome}", state="closed", value=91.0, value_start=date(2026, 3, 9))
        at = NOW - timedelta(hours=hours)
        CloseOutFactory(goal=goal, outcome=outcome, at=at, worked="Mrs Secret", reason="", **more)

    closed("hollow", 3, certainty="met_clearly", is_guardrail_breached=True)
    closed("cancelled", 2, certainty="")
    closed("achieved", 200)
    closed("missed", -1, certainty="missed_clearly")
    content = told(report)
    assert [(one["statement"], one["name"], one["tone"]) for one in content["closed"]] == [
        ("It is hollow", "hollow win", "warn"),
        ("It is cancelled", "cancelled", ""),
    ]
    assert content["closed"][0]["sentences"][1] == (
        "A hollow win: the target was met, but its guardrail was breached on the way. It does not count."
    )
    assert "Secret" not in str(content)
    assert CloseOut.objects.count() == 4


def test_report_without_goals_tells_nothing_of_them() -> None:
    reached()
    content = told(ReportFactory(includes_goals=False))
    assert ("milestones" in content, "closed" in content) == (False, False)
    assert (report_mail.milestones(content), report_mail.closed(content)) == ([], [])


def test_outsiders_hear_of_no_single_person(report: Report) -> None:
    for dimension in ("agent", "customer", "channel"):
        goal = GoalFactory(dimension=dimension, member="7", state="closed")
        CloseOutFactory(goal=goal, at=NOW)
    content = told(report)
    assert [one["is_personal"] for one in content["closed"]] == [True, True, False]
    assert len(report_content.for_outsiders(content)["closed"]) == 1


def test_text_and_page_of_the_mail_say_the_same(report: Report) -> None:
    reached()
    CloseOutFactory(goal=GoalFactory(statement="It is over", state="closed", value=91.0), at=NOW)
    hollow = GoalFactory(
        statement="Faster", status="on_track", guardrail="nps", guardrail_limit=30.0, guardrail_breached=True,
        guardrail_value=20.0, guardrail_start=date(2026, 3, 9), target=66.0, target_high=76.0, value=70.0,
    )  # fmt: skip
    letters = report_mail.drafts(told(report), [Recipient("ann@example.org")], report=report)
    letter = letters["ann@example.org"]
    text = letter["text"].replace("\u00a0", " ")
    html = letter["html"].replace("\u00a0", " ").replace("&nbsp;", " ")
    for said in (
        "From 80.0 % to 92.0 % on 15 Mar 2026; the target was 90.0 %.",
        "It is over",
        hollow.statement,
        "Hollow win so far: Net Promoter Score (NPS) at least +30.0, now +20.0",
        "now 70.0 %; to lie within 66.0 % to 76.0 % by 30 Jun 2026",
    ):
        assert (said in text, said in html) == (True, True), said
    assert "Faster: on track, hollow win so far" in text
