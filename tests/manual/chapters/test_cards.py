"""What a card says beside its figure: baseline, target and its history, guardrail, benchmark and owner."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from goals.guardrail_words import GOODHART
from goals.models import CloseOut, Goal
from manual import difference
from manual.chapters import target_history
from metrics import targets
from metrics.models import Adoption, Benchmark
from tests.factories import GoalFactory, ManagerFactory, ServiceTargetFactory
from tests.goals.measured import share
from tests.manual.chapters.built import AS_OF, beneath, build, facts, figures, tables, words_in
from tests.measure_factories import CustomKpiFactory

pytestmark = pytest.mark.django_db
BEFORE = datetime(2026, 1, 5, 12, tzinfo=UTC)
CARD = "kpi-csat"


def card(anchor: str = CARD) -> dict[str, str]:
    return facts(build("kpis").blocks, anchor)


def goal(**fields: object) -> Goal:
    return GoalFactory(**{"statement": "Nine of ten are happy", "created_at": BEFORE, **fields})


def test_goal_gives_its_frozen_baseline_its_target_and_its_owner() -> None:
    found = goal(owner=ManagerFactory(name="Ada Example"))
    said = card()
    assert said["Baseline"] == (
        "80.0 % (400 answers; 76.0 % to 84.0 %; 29 Sep – 28 Dec 2025; frozen with the goal “Nine of ten are happy”)"
    )
    assert said["Target"] == "90.0 % by 30 Jun 2026 (Nine of ten are happy)"
    assert said["Owner"] == "Ada Example (of its goals)"
    links = [part["to"] for part in _inlines("Target") if part["is"] == "link"]
    assert links == [f"#goal-{found.pk}"]


def _inlines(name: str) -> list[Any]:
    found = [block for block in beneath(build("kpis").blocks, CARD) if block["is"] == "facts"]
    return next(value for block in found for each, value in block["items"] if each == name)


def test_adoption_gives_baseline_owner_and_purpose_where_no_goal_is_for_everything() -> None:
    baseline = {"value": 75.0, "n": 120, "low": 66.5, "high": 81.9, "start": "2026-01-05", "end": "2026-04-06"}
    Adoption.objects.create(
        kpi="csat",
        owner=ManagerFactory(name="Ben Example"),
        note="Whether they are happy.",
        baseline=baseline | {"revision": 2, "clock": ""},
    )
    goal(dimension="channel", member="chat")
    said = card()
    assert said["Baseline"].endswith(
        " 75.0 % (120 answers; 66.5 % to 81.9 %; 5 Jan – 5 Apr 2026; frozen when it was adopted; "
        "by revision 2; it is 3 now)"
    )
    assert said["Baseline"].startswith("channel: chat: 80.0 % (400 answers; ")
    assert (said["Owner"], said["Why we measure it"]) == ("Ben Example", "Whether they are happy.")
    people = [part for part in _inlines("Owner") if part.get("is_person")]
    assert [part["text"] for part in people] == ["Ben Example"]


def test_goals_for_single_people_are_not_in_a_card() -> None:
    goal(dimension="agent", member="a1", guardrail="ces", guardrail_limit=80)
    said = card()
    assert (said["Target"], "Baseline" in said) == ("none: it is watched, and nothing is promised", False)
    assert "Guardrail" not in card("kpi-ces")
    assert not any(name.endswith((".target", ".baseline", ".guardrail")) for name in figures("kpis"))


def test_targets_are_told_over_time_with_the_reasons() -> None:
    found = goal(target=88.0)
    found.target_changes.create(before=85, after=88, reason="The second shift is there.", at="2026-03-02T10:00Z")
    found.target_changes.create(before=88, after=90, reason="Too late.", at="2026-07-01T10:00Z")
    rows = tables(build("kpis").blocks)["Customer satisfaction (CSAT): its targets over time"]
    assert rows == [
        ["2 Mar 2026", "88.0 %", "The second shift is there."],
        ["5 Jan 2026", "85.0 %", "set with the goal “Nine of ten are happy”, due on 30 Jun 2026"],
    ]


def test_goal_that_has_ended_and_service_targets_are_part_of_the_history() -> None:
    found = goal(kpi="resolution_time", target=7200, state="closed", direction="lower")
    CloseOut.objects.create(goal=found, outcome="missed", target=7200, at="2026-05-04T10:00Z")
    promised = ServiceTargetFactory(name="Quick")
    promised.seconds = 3600
    targets.change(promised, at=AS_OF)
    rows = tables(build("kpis").blocks)["Resolution time: its targets over time"]
    assert rows == [
        ["15 Jun 2026", "1 h of calendar time, every contact", "version 2 of the service target “Quick”"],
        ["4 May 2026", "none any more", "the goal “Nine of ten are happy” ended: missed"],
        ["5 Jan 2026", "2 h", "set with the goal “Nine of ten are happy”, due on 30 Jun 2026"],
        ["from the beginning", "2 h of calendar time, every contact", "version 1 of the service target “Quick”"],
    ]
    assert len(rows) <= target_history.MOST_LINES
    assert card("kpi-resolution-time")["Target"] == "1 h of calendar time (every contact)"


def test_guardrail_is_told_at_both_ends_and_a_breach_stands_apart() -> None:
    found = goal(
        kpi="first_response_time", target=600, direction="lower", guardrail="csat", guardrail_limit=85,
        guardrail_value=80.0, guardrail_n=50, guardrail_breached=True, guardrail_start=date(2026, 5, 25),
        value=900.0, value_end=date(2026, 6, 1), has_incentive=True,
    )  # fmt: skip
    said = card("kpi-first-response-time")
    assert said["Guardrail"] == (
        "Customer satisfaction (CSAT) at least 85.0 %; now 80.0 % (50 answers): guardrail breached"
    )
    assert card()["Guardrail"] == f"keeps honest: {found.statement} (First response time)"
    notes = [block for block in beneath(build("kpis").blocks, "kpi-first-response-time") if block["is"] == "note"]
    told = [(block["tone"], words_in(block["blocks"][0]["inlines"])) for block in notes]
    breach = "Guardrail breached: Customer satisfaction (CSAT) is to be at least 85.0 % and was 80.0 %"
    assert told == [
        ("bad", f"{breach} (week of 25 May 2026)."),
        ("warn", f"Money or praise depends on a goal for this figure. {GOODHART}"),
    ]


def test_speed_without_a_guardrail_says_that_it_needs_one() -> None:
    assert card("kpi-resolution-time")["Guardrail"] == (
        "none yet; a goal for it needs one, for speed and low cost can be had at the customers’ expense"
    )


@pytest.mark.parametrize(
    ("review_on", "is_grey", "told"),
    [
        (date(2026, 6, 15), False, "to be reviewed by 15 Jun 2026) – ours is below"),
        (date(2026, 6, 14), True, "out of date since 14 Jun 2026, not to be believed until somebody has looked it up)"),
    ],
)
def test_benchmark_has_source_and_date_and_is_grey_once_it_is_out_of_date(
    review_on: date, is_grey: bool, told: str
) -> None:
    share("csat", date(2026, 5, 10), 80, n=50)
    Benchmark.objects.create(
        kpi="csat", low=84, high=90, segment="Shops", source="Survey", link="https://example.com/",
        as_of=date(2025, 6, 14), review_on=review_on,
    )  # fmt: skip
    assert card()["Benchmark"] == f"84.0 % to 90.0 % (Shops; Survey, 14 Jun 2025; {told}"
    assert (_inlines("Benchmark")[0]["is"] == "muted") is is_grey
    said = figures("kpis")["kpi:csat.benchmark"].replace("\u00a0", " ")
    assert said == "84.0 % to 90.0 % (Shops, Survey, 14 Jun 2025)"


def test_benchmark_that_was_published_later_is_not_there_yet() -> None:
    Benchmark.objects.create(kpi="csat", low=84, source="Survey", as_of=date(2026, 6, 16))
    assert "Benchmark" not in card()


def test_own_kpi_says_how_it_can_be_gamed_or_that_nobody_has_said_it() -> None:
    own = CustomKpiFactory(code="custom_refunds", gaming="")
    Adoption.objects.create(kpi=own.code)
    assert card("kpi-custom-refunds")["How it can be gamed"] == "nobody has written that down yet"
    own.gaming = "Refunds are booked as credits."
    own.save()
    assert card("kpi-custom-refunds")["How it can be gamed"] == "Refunds are booked as credits."
    own.refresh_from_db()
    assert own.revision == 1


def test_difference_names_what_has_changed_of_a_card() -> None:
    found = goal(owner=ManagerFactory(name="Ada Example"), target=85.0)
    Adoption.objects.create(kpi="csat", owner=found.owner)
    before = build("kpis").figures
    Goal.objects.update(target=88.0)
    Adoption.objects.update(owner=ManagerFactory(name="Ben Example"))
    Benchmark.objects.create(kpi="csat", low=84, source="Survey", as_of=date(2026, 1, 1))
    changes = difference.compare(_edition(before), _edition(build("kpis").figures)).figures
    assert [(change.sentence.replace("\u00a0", " "), change.is_rule) for change in changes] == [
        ("Customer satisfaction (CSAT), target: 85.0 % by 30 Jun 2026 → 88.0 % by 30 Jun 2026", True),
        ("Customer satisfaction (CSAT), benchmark: — → 84.0 % (Survey, 1 Jan 2026)", False),
        ("Customer satisfaction (CSAT), owner: Ada Example → Ben Example", True),
    ]


def _edition(figures: dict[str, Any]) -> SimpleNamespace:
    return SimpleNamespace(content={"sections": []}, figures=figures)


def test_long_facts_and_numbers_are_folded_away_and_the_rest_is_not() -> None:
    share("csat", date(2026, 5, 10), 90, n=50)
    goal()
    blocks = beneath(build("kpis").blocks, CARD)
    assert [block["is"] + "!" * bool(block.get("folded") or block.get("is_folded")) for block in blocks] == [
        "paragraph", "paragraph", "facts", "chart", "table!", "table!", "facts!",
    ]  # fmt: skip
