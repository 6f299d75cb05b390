"""From which threshold on who is told, within what time and how."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from goals.models import AlertRule, EscalationChain
from kpiproject.documents import markdown
from kpiproject.models import WebhookTarget
from manual import starter
from manual.chapters.escalation import WRITTEN
from tests.alarm_factories import AlertRuleFactory
from tests.factories import CalendarFactory, GoalFactory, ManagerFactory
from tests.manual.chapters.built import AS_OF, build, figures, lines, tables

pytestmark = pytest.mark.django_db
TOLD = "Thresholds, and who is told when nobody acknowledges the alarm"
LIMIT = "Customer satisfaction (CSAT) is below 85.0 %"


def rule(**values) -> AlertRule:
    values = {"name": "Satisfaction", "created_at": AS_OF, **values}
    if "owner" not in values:
        values["owner"] = ManagerFactory(name="Ann")
    made: AlertRule = AlertRuleFactory(**values)
    return made


def chain(*steps: dict[str, Any], calendar=None, name: str = "First Ann") -> EscalationChain:
    made = EscalationChain.objects.create(name=name, calendar=calendar)
    for position, step in enumerate(steps, start=1):
        people = step.pop("people", [])
        made.steps.create(position=position, **step).people.set(people)
    return made


def told() -> list[list[str]]:
    return tables(build("escalation").blocks)[TOLD]


def test_rule_without_a_chain_tells_its_owner_at_once() -> None:
    rule()
    assert told() == [["Satisfaction", f"{LIMIT} (serious)", "Ann", "at once", "by mail"]]


def test_every_step_of_a_chain_has_its_row() -> None:
    people = [ManagerFactory(name="Cem"), ManagerFactory(name="Ben"), ManagerFactory(name="Gone", is_active=False)]
    steps = chain(
        {"role": "owner", "wait_minutes": 45},
        {"role": "managers", "wait_minutes": 90},
        {"role": "people", "people": people, "wait_minutes": 240, "by_hours": True},
        {"role": "managers", "wait_minutes": 0},
        calendar=CalendarFactory(name="Shop", is_default=False),
    )
    found = rule(chain=steps, severity="warning")
    again = "Nobody has acknowledged it"
    assert told() == [
        ["Satisfaction", f"{LIMIT} (warning)", "Ann", "at once", "by mail"],
        ["Satisfaction", again, "all managers", "1 h 30 min later", "by mail"],
        ["Satisfaction", again, "Ben, Cem", "4 h of opening time later (Shop)", "by mail"],
        ["Satisfaction", again, "all managers", "at the same time", "by mail"],
    ]
    said = figures("escalation")
    assert said[f"alarm:{found.pk}.chain"] == "First Ann"
    assert said[f"chain:{steps.pk}"] == (
        "1. the owner of the rule at once; 2. all managers 1 h 30 min later; "
        "3. Ben, Cem 4 h of opening time later (Shop); 4. all managers at the same time"
    )


def test_opening_hours_without_a_calendar_are_the_clock_and_else_the_default_ones() -> None:
    rule(chain=chain({"role": "owner"}, {"role": "managers", "wait_minutes": 60, "by_hours": True}))
    assert told()[1][3] == "1 h later"
    CalendarFactory(name="Desk")
    assert told()[1][3] == "1 h of opening time later (Desk)"


def test_whoever_has_left_is_replaced_by_all_managers() -> None:
    gone = ManagerFactory(name="Gone", is_active=False)
    rule(owner=gone, chain=chain({"role": "owner"}, {"role": "people", "people": [gone]}))
    assert [row[2] for row in told()] == [
        "all managers, because the owner has left",
        "all managers, because those chosen have left",
    ]
    assert "Gone" not in str(build("escalation"))


def test_other_systems_are_named_without_their_address() -> None:
    values = {"url": "https://chat.example.com/secret-path"}
    targets = [
        WebhookTarget.objects.create(name="Team chat", **values),
        WebhookTarget.objects.create(name="Off", is_active=False, **values),
    ]
    rule(webhooks=targets)
    assert told()[0][4] == "by mail, and to “Team chat”"
    assert "secret-path" not in str(build("escalation"))


@pytest.mark.parametrize(
    ("grain", "said"), [("day", "on 2 of 3 days"), ("week", "in 2 of 3 weeks"), ("month", "in 2 of 3 months")]
)
def test_threshold_says_in_how_many_periods(grain: str, said: str) -> None:
    rule(grain=grain, breaches=2, of=3)
    assert told()[0][1] == f"{LIMIT}, {said} (serious)"


def test_serious_alarms_come_first() -> None:
    rule(name="A", severity="warning")
    rule(name="B")
    assert [row[0] for row in told()] == ["B", "A"]


def test_what_is_off_comes_later_or_watches_single_people_is_left_out() -> None:
    rule(is_active=False)
    rule(created_at=AS_OF + timedelta(seconds=1))
    rule(kpi="first_response_time", dimension="agent", member="7")
    rule(kind="goal", goal=GoalFactory(dimension="agent", member="7", statement="Ann is faster"))
    built = build("escalation")
    assert lines("escalation")[:2] == [
        "From when on who is told",
        "No alert rule is active, so that no figure alarms anybody by itself.",
    ]
    assert (built.is_empty, built.figures) == (True, {})


def test_quiet_hours_are_told_by_what_they_are() -> None:
    night = [["22:00", "07:00"], ["12:00", "13:00"]]
    rule(name="A", quiet_windows=night, has_quiet_weekend=True)
    rule(name="B", quiet_windows=night, has_quiet_weekend=True)
    rule(name="C", has_quiet_weekend=True, time_zone="Asia/Tokyo")
    rule(name="D")
    assert tables(build("escalation").blocks)["Quiet hours of the alarms"] == [
        ["22:00–07:00, 12:00–13:00, whole weekends (UTC)", "“A”, “B”"],
        ["whole weekends (Asia/Tokyo)", "“C”"],
        ["never quiet", "“D”"],
    ]


def test_what_to_do_is_told_for_every_kind_and_by_the_rules_themselves() -> None:
    rule(advice="Read the last\ncomments.")
    rule(name="Import", kind="import", kpi="")
    rows = tables(build("escalation").blocks)["What to do for each kind of alarm"]
    assert [row[0].lower() for row in rows] == [str(kind.label) for kind in AlertRule.Kind]
    assert [row[1] for row in rows] == ["1", "0", "0", "0", "0", "1", "0"]
    assert lines("escalation")[-1] == "Satisfaction: Read the last comments."


def test_starter_prose_says_what_to_do_for_every_kind_of_alarm() -> None:
    text = (Path(starter.__file__).parent / "content" / "escalation.md").read_text(encoding="utf-8")
    blocks = markdown.parse(text, anchor_prefix="escalation")
    anchors = [block["anchor"] for block in blocks if block["is"] == "heading"]
    assert anchors == [f"escalation-{WRITTEN[kind]}" for kind in AlertRule.Kind]


def test_every_field_of_a_rule_that_decides_something_changes_its_figures() -> None:
    goal = GoalFactory(statement="Nine of ten")
    found = rule(advice="Look.", chain=chain({"role": "owner"}))
    other = chain({"role": "owner"}, name="Another")
    changes = {
        "name": "Another", "kind": "signal", "severity": "warning", "is_active": False, "kpi": "nps",
        "dimension": "channel", "side": "above", "fire_level": 80.0, "clear_level": 88.0,
        "clears": 3, "owner": ManagerFactory().pk, "chain": other.pk, "advice": "Do.",
        "quiet_windows": [["22:00", "07:00"]], "has_quiet_weekend": True, "renotify_hours": 24,
    }  # fmt: skip
    before = figures("escalation")
    for name, value in changes.items():
        kept = AlertRule.objects.filter(pk=found.pk).values().get()
        AlertRule.objects.filter(pk=found.pk).update(**{name: value})
        labels = {figure["label"] for figure in build("escalation").figures.values()}
        assert figures("escalation") != before or found.name not in str(labels), name
        AlertRule.objects.filter(pk=found.pk).update(**kept)
    together = {"grain": "month", "of": 3, "breaches": 2, "time_zone": "Asia/Tokyo", "member": "chat"}
    assert f"alarm:{found.pk}.condition" in before
    rest = {
        "goal",
        "danger",
        "source",
        "hours",
        "clock",
        "webhooks",
    }  # of other kinds of rules, told in words.condition
    bookkeeping = {
        "id", "memory", "state", "problem", "snoozed_until", "value", "value_n", "value_start", "value_end", "has_news",
        "checked_at", "next_check_at", "created_by", "created_at",
    }  # fmt: skip
    fields = {field.name for field in AlertRule._meta.get_fields() if not field.auto_created or field.name == "id"}
    assert fields == set(changes) | set(together) | rest | bookkeeping
    AlertRule.objects.filter(pk=found.pk).update(kind="goal", goal=goal, danger="at_risk")
    assert figures("escalation")[f"alarm:{found.pk}.condition"] == "“Nine of ten” is at risk or off track"


def test_figures_of_a_rule_belong_together_and_name_what_they_are() -> None:
    found = rule(clears=3, clear_level=88.0, renotify_hours=24)
    built = build("escalation")
    said = {name.partition(".")[2]: figure["words"].replace("\u00a0", " ") for name, figure in built.figures.items()}
    assert said == {
        "condition": LIMIT,
        "over": "after 3 good periods, at 88.0 %",
        "severity": "serious",
        "owner": "Ann",
        "how": "by mail",
        "quiet": "never quiet",
        "remind": "every 24 h",
    }
    assert {figure["whole"] for figure in built.figures.values()} == {"Alert rule “Satisfaction”"}
    assert built.figures[f"alarm:{found.pk}.condition"]["label"] == "Alert rule “Satisfaction”, threshold"


def test_a_goal_that_was_deleted_leaves_its_rule_in_words() -> None:
    rule(kind="goal", goal=None)
    assert told()[0][1] == "“a goal that was deleted” is off track (serious)"


def test_number_of_queries_does_not_grow_with_rules() -> None:
    CalendarFactory()
    counts = []
    for number in range(3):
        steps = chain({"role": "owner"}, {"role": "people", "people": [ManagerFactory()]}, name=f"Chain {number}")
        goal = GoalFactory(due=date(2026, 12, 27))
        rule(kind="goal", goal=goal, chain=steps, webhooks=[])
        with CaptureQueriesContext(connection) as found:
            build("escalation")
        counts.append(len(found))
    assert counts[1] == counts[2]
