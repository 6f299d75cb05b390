"""A goal that all checks pass, and what is known about it."""

from datetime import date
from typing import Any

from goals import kinds
from goals.models import Goal
from goals.smart import Check, Facts, Sheet, sheet
from kpiproject.models import User
from metrics.catalogue import CATALOGUE

TODAY = date(2026, 6, 1)
OWNER, REVIEWER = User(pk=1, name="Greta", email="greta@x.example"), User(pk=2, name="Mara", email="mara@x.example")
STABLE = (86, 88, 85, 87, 89, 86, 84, 88, 87, 86, 88, 85, 87)
"""Mean 86.6, standard deviation 2.0, the best 89."""


def goal(**fields: Any) -> Goal:
    usual = {
        "statement": "Nine of ten customers are satisfied",
        "kpi": "csat",
        "grain": "week",
        "direction": "higher",
        "target": 89.0,
        "baseline": 86.6,
        "baseline_low": 85.0,
        "baseline_high": 88.0,
        "baseline_n": 26000,
        "baseline_start": date(2026, 3, 2),
        "baseline_end": TODAY,
        "start": TODAY,
        "due": date(2026, 12, 27),
        "check_in_cadence": "weekly",
        "review_cadence": "monthly",
        "state": "draft",
    }
    return Goal(**(usual | fields))


def facts(known: dict[str, Any] | None = None, **fields: Any) -> Facts:
    """`known` is about the goal's surroundings, the fields are its own."""
    found = goal(**fields)
    kpi = CATALOGUE.get(found.kpi)
    usual: dict[str, Any] = {
        "kpi": kpi,
        "owner": OWNER,
        "reviewer": REVIEWER,
        "target": found.target,
        "target_high": found.target_high,
        "start": found.start,
        "due": found.due,
        "kind": kinds.of(found) if found.target is not None else kinds.Kind.REACH,
        "values": STABLE,
        "counts": (5000,) * 13,
        "ahead": 30,
        "period_ends": (date(2026, 12, 27), date(2027, 1, 3)),
        "objective": "Loyal customers",
        "guardrail": CATALOGUE.get(found.guardrail),
    }
    return Facts(goal=found, today=TODAY, **(usual | (known or {})))


def checked(known: dict[str, Any] | None = None, **fields: Any) -> dict[str, Check]:
    """Every check by its code."""
    return {check.code: check for group in told(known, **fields).groups for check in group.checks}


def told(known: dict[str, Any] | None = None, **fields: Any) -> Sheet:
    return sheet(facts(known, **fields))
