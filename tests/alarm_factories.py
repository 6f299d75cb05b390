"""Alert rules, alarms, chains and webhooks for tests."""

from datetime import date
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from goals.alarms import keeping, lifecycle
from goals.models import Alarm, AlertRule, EscalationChain, EscalationStep
from kpiproject.models import WebhookTarget
from tests.factories import ManagerFactory


class AlertRuleFactory(DjangoModelFactory):
    """Satisfaction below 85 % in one week is an alarm, unless told otherwise."""

    class Meta:
        model = AlertRule
        skip_postgeneration_save = True

    name = factory.Sequence(lambda number: f"Rule {number}")
    kind = AlertRule.Kind.THRESHOLD
    severity = AlertRule.Severity.SERIOUS
    kpi = "csat"
    side = AlertRule.Side.BELOW
    fire_level = 85.0
    owner = factory.SubFactory(ManagerFactory)

    @factory.post_generation
    def stakeholders(self: AlertRule, create: bool, extracted: Any, **kwargs: Any) -> None:
        if create:
            self.stakeholders.set(extracted or [])

    @factory.post_generation
    def webhooks(self: AlertRule, create: bool, extracted: Any, **kwargs: Any) -> None:
        if create:
            self.webhooks.set(extracted or [])


class AlarmFactory(DjangoModelFactory):
    """An open alarm of a rule that knows of it, of which nobody was told yet."""

    class Meta:
        model = Alarm
        skip_postgeneration_save = True

    rule = factory.SubFactory(AlertRuleFactory)
    title = factory.SelfAttribute("rule.name")
    kind = factory.SelfAttribute("rule.kind")
    severity = factory.SelfAttribute("rule.severity")
    kpi = factory.SelfAttribute("rule.kpi")
    side = factory.SelfAttribute("rule.side")
    grain = factory.SelfAttribute("rule.grain")
    limit = factory.SelfAttribute("rule.fire_level")
    opened_at = factory.LazyFunction(timezone.now)
    value = 80.0
    n = 100
    worst = 80.0
    period_start = date(2026, 5, 25)
    period_end = date(2026, 6, 1)
    facts = factory.LazyFunction(lambda: {"at_value": 80.0, "at_n": 100, "at_start": "2026-05-25"})

    @factory.post_generation
    def remembered(self: Alarm, create: bool, extracted: Any, **kwargs: Any) -> None:
        if self.rule is not None:
            known = lifecycle.Memory(seen=(("2026-05-25", lifecycle.Verdict.BREACH),), firing_since=self.opened_at)
            keeping.keep(self.rule, known, self.opened_at)
            self.rule.save()


class EscalationChainFactory(DjangoModelFactory):
    """The owner, and after an hour all managers."""

    class Meta:
        model = EscalationChain
        skip_postgeneration_save = True

    name = factory.Sequence(lambda number: f"Chain {number}")

    @factory.post_generation
    def steps(self: EscalationChain, create: bool, extracted: Any, **kwargs: Any) -> None:
        self.steps.create(position=1, role=EscalationStep.Role.OWNER, wait_minutes=0)
        self.steps.create(position=2, role=EscalationStep.Role.MANAGERS, wait_minutes=60)


class WebhookTargetFactory(DjangoModelFactory):
    class Meta:
        model = WebhookTarget

    name = factory.Sequence(lambda number: f"Webhook {number}")
    kind = WebhookTarget.Kind.SIGNED
    url = "https://hooks.example.com/alarms"
    secret = "a-secret"
