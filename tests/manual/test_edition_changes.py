"""What two editions tell of decisions between them: targets, guardrails, thresholds, chains."""

from datetime import UTC, datetime

import pytest
import time_machine

from goals.models import AlertRule, EscalationChain, EscalationStep, Goal
from manual import editions
from manual.difference import compare
from tests.alarm_factories import AlertRuleFactory
from tests.factories import GoalFactory

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.mark.django_db
@time_machine.travel(NOON, tick=False)
def test_difference_tells_changed_targets_guardrails_and_chains_in_words_and_numbers() -> None:
    goal = GoalFactory(
        statement="Nine of ten", created_at=NOON, target=85.0, guardrail="nps", guardrail_limit=30.0, value=80.0
    )
    chain = EscalationChain.objects.create(name="First Ann")
    chain.steps.create(position=1, role="owner")
    step = chain.steps.create(position=2, role="managers", wait_minutes=240)
    found = AlertRuleFactory(name="Satisfaction", chain=chain, created_at=NOON, quiet_windows=[["22:00", "07:00"]])
    old = editions.publish(by=None, number=1)
    frozen = (old.content, old.figures, old.digest)
    goal.target_changes.create(before=85.0, after=88.0, reason="It was too easy.", at=NOON)
    Goal.objects.update(target=88.0, guardrail_limit=35.0)
    EscalationStep.objects.filter(pk=step.pk).update(wait_minutes=60)
    AlertRule.objects.filter(pk=found.pk).update(fire_level=80.0, quiet_windows=[])
    new = editions.publish(by=None, number=2)
    said = [change.sentence.replace("\u00a0", " ") for change in compare(old, new).rules]
    csat = "Customer satisfaction (CSAT), {} of the goal “Nine of ten”"
    nps = "Net Promoter Score (NPS) at least"
    before, after = (f"1. the owner of the rule at once; 2. all managers {hours} h later" for hours in (4, 1))
    promised = "{:.1f} % by 30 Jun 2026"
    assert said == [
        f"{csat[:28]}, target: {promised.format(85)} → {promised.format(88)}",
        f"{csat[:28]}, guardrail: {nps} +30.0 → {nps} +35.0",
        f"{csat.format('target')}: 85.0 % → 88.0 %",
        f"{csat.format('guardrail')}: {nps} +30.0 → {nps} +35.0",
        f"Alert rule “Satisfaction”, threshold: {csat[:28]} is below 85.0 % → {csat[:28]} is below 80.0 %",
        "Alert rule “Satisfaction”, quiet hours: 22:00–07:00 (UTC) → never quiet",
        f"Escalation chain “First Ann”: {before} → {after}",
    ]
    old.refresh_from_db()
    assert (old.content, old.figures, old.digest) == frozen
    assert editions.verify(old)
