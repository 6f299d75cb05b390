"""Alarms in words, for every kind, both directions, and while they last and afterwards."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from goals.alarms import words
from goals.models import Alarm
from tests.alarm_factories import AlarmFactory, AlertRuleFactory
from tests.factories import GoalFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
AT = {"at_value": 80.0, "at_n": 40, "at_start": "2026-05-25"}


def alarm(**fields: Any) -> Alarm:
    found: Alarm = AlarmFactory(**{"opened_at": NOW} | fields)
    return found


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (
            {"facts": AT},
            (
                "Customer satisfaction (CSAT): 80.0\xa0% in the week of 25 May 2026; "
                "it is an alarm when it is below 85.0\xa0%."
            ),
        ),
        (
            {"facts": AT, "low": 65.0, "high": 90.0},
            (
                "Customer satisfaction (CSAT): 80.0\xa0% in the week of 25 May 2026; "
                "it is an alarm when it is below 85.0\xa0%. That may be chance: the limit lies within the interval."
            ),
        ),
        (
            {
                "kpi": "first_response_time",
                "clock": "calendar",
                "side": "above",
                "limit": 7200.0,
                "dimension": "channel",
                "member": "chat",
                "facts": AT | {"at_value": 9000.0},
            },
            (
                "First response time, channel: chat: 2\xa0h\xa030\xa0min in the week of 25 May 2026; "
                "it is an alarm when it is above 2\xa0h."
            ),
        ),
        (
            {
                "kpi": "ticket_volume",
                "side": "above",
                "limit": 100.0,
                "grain": "day",
                "facts": AT | {"at_value": 120.0},
            },
            "Ticket volume: 120 per day on 25 May 2026; it is an alarm when it is above 100 per day.",
        ),
        (
            {"kind": "signal", "facts": AT | {"low": 82.0, "high": 92.0, "centre": 87.0, "signal": "beyond"}},
            (
                "Customer satisfaction (CSAT): 80.0\xa0% in the week of 25 May 2026, "
                "outside of its normal range from 82.0\xa0% to 92.0\xa0%."
            ),
        ),
        (
            {"kind": "signal", "facts": AT | {"low": 82.0, "high": 92.0, "centre": 87.0, "signal": "shift"}},
            (
                "Customer satisfaction (CSAT): 80.0\xa0% in the week of 25 May 2026, "
                "the 8th period in a row on the bad side of its mean, 87.0\xa0%."
            ),
        ),
        (
            {"kind": "budget", "limit": 90.0, "facts": AT | {"bad": 9, "short_bad": 4, "short_n": 8}},
            (
                "Customer satisfaction (CSAT): of the last 40, 9 were bad, and 4 of the last 8. "
                "That is more than chance, if it is to be at least 90.0\xa0%."
            ),
        ),
        (
            {"kind": "budget", "limit": 90.0, "facts": AT | {"bad": 9, "short_bad": 4, "short_n": 8, "rate": 2.25}},
            (
                "Customer satisfaction (CSAT): of the last 40, 9 were bad, and 4 of the last 8. "
                "That is more than chance, if it is to be at least 90.0\xa0%. "
                "At this rate, what may go wrong in 30 days is used up in about 13 days."
            ),
        ),
        (
            {"kind": "no_data", "facts": AT},
            "Customer satisfaction (CSAT): nothing was measured in the week of 25 May 2026.",
        ),
        (
            {"kind": "import", "facts": {"source": "zendesk", "kind": "tickets", "error": "No column “id”."}},
            "The import of tickets from “zendesk” failed: No column “id”.",
        ),
        (
            {"kind": "import", "facts": {"source": "", "since": "2026-05-30T08:00:00+00:00"}},
            "Nothing was imported from any source since 30 May 2026, 08:00.",
        ),
        (
            {"kind": "answer", "facts": {"at_n": 2, "survey": "After support"}},
            "2 customers were unhappy within 24 hours; the last one answered “After support”.",
        ),
        (
            {"kind": "goal", "facts": {"status": "at_risk", "statement": "Nine of ten"}},
            "The goal “Nine of ten” is at risk.",
        ),
    ],
)
def test_what_is_wrong(fields: dict[str, Any], sentence: str) -> None:
    assert words.what(alarm(**fields)) == sentence


@pytest.mark.parametrize(
    ("because", "kind", "sentence"),
    [
        ("recovered", "threshold", "It was there for 3 days; at worst it was 80.0\xa0%."),
        ("recovered", "no_data", "It was there for 3 days."),
        ("recovered", "goal", "It was there for 3 days; at worst it was 80.0\xa0%."),
        ("gone", "goal", "What was watched no longer exists; the alarm had been there for 3 days."),
        ("changed", "threshold", "Its rule was changed; the alarm had been there for 3 days."),
        ("off", "threshold", "Its rule was switched off; the alarm had been there for 3 days."),
    ],
)
def test_how_it_ended(because: str, kind: str, sentence: str) -> None:
    found = alarm(kind=kind, ended_at=NOW + timedelta(days=3), ended_because=because)
    assert words.over(found) == sentence


@pytest.mark.parametrize(
    ("minutes", "text"),
    [
        (0, "1 minute"),
        (1, "1 minute"),
        (90, "90 minutes"),
        (120, "2 hours"),
        (47 * 60, "47 hours"),
        (48 * 60, "2 days"),
    ],
)
def test_how_long(minutes: int, text: str) -> None:
    assert words.lasted(NOW, NOW + timedelta(minutes=minutes)) == text


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({}, "/kpis/csat/?from=2026-05-25&to=2026-06-01"),
        (
            {"dimension": "channel", "member": "chat"},
            "/kpis/csat/?from=2026-05-25&to=2026-06-01&where=channel%3Dchat",
        ),
        ({"kpi": "gone"}, ""),
        ({"kind": "import", "facts": {"run": 7}}, "/data/imports/7/"),
        ({"kind": "import", "facts": {}}, "/data/"),
        ({"kind": "goal"}, ""),
    ],
)
def test_where_to_look(fields: dict[str, Any], path: str) -> None:
    assert words.path(alarm(**fields)) == path


def test_what_a_rule_watches() -> None:
    goal = GoalFactory(statement="Nine of ten")
    rules = [
        AlertRuleFactory(kind="goal", goal=goal),
        AlertRuleFactory(kind="import", source="zendesk", hours=30),
        AlertRuleFactory(kind="import"),
        AlertRuleFactory(kind="budget", kpi="reopen_rate", side="above", fire_level=5),
        AlertRuleFactory(kind="answer"),
        AlertRuleFactory(kind="no_data"),
    ]
    assert [words.condition(rule) for rule in rules] == [
        "“Nine of ten” is off track",
        "an import from zendesk failed, or none came for 30 h",
        "an import from any source failed",
        "Reopen rate: too many bad ones among the last 40, to be at most 5.0\xa0%",
        "Customer satisfaction (CSAT): a single bad answer",
        "Customer satisfaction (CSAT) is not measured any more",
    ]
