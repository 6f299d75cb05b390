from datetime import date

import pytest
from django.core.exceptions import ValidationError

from goals import scopes
from metrics.catalogue import CATALOGUE
from metrics.dirty import raise_version
from metrics.models import Subscription
from metrics.queries import members
from tests.factories import AgentFactory, CustomerFactory
from tests.goals.measured import house, rollup
from tests.metrics.importing import imported, written

pytestmark = pytest.mark.django_db
CSAT = CATALOGUE["csat"]
PLAN = ("Plan", [("plan=Basic", "Basic")])


def test_a_choice_is_one_text_and_comes_apart_again():
    for dimension, member in (("channel", "chat"), ("team", "a=b"), ("", "")):
        assert scopes.parts(scopes.code(dimension, member)) == (dimension, member)


def test_what_a_goal_was_set_for_stays_a_choice():
    rollup("ticket_volume", date(2026, 5, 1), whole=1, of=("channel", "chat"))
    rollup("ticket_volume", date(2026, 5, 1), whole=1, of=("channel", ""))  # without a channel: nothing to aim at
    assert scopes.choices("channel=fax") == [
        ("", "everything"),
        ("Channel", [("channel=chat", "chat"), ("channel=fax", "fax")]),
    ]


def test_members_are_found_for_every_kind_of_facts():
    rollup("survey_response_rate", date(2026, 5, 1), whole=1, of=("survey", "nps"))
    rollup("csat", date(2026, 5, 1), whole=1, of=("category", "Billing"))
    assert scopes.choices()[1:] == [
        ("Category", [("category=Billing", "Billing")]),
        ("Survey", [("survey=nps", "nps")]),
    ]


def test_a_customer_who_moves_to_another_tier_changes_the_choices_at_once(tmp_path):
    bought = "external_id,customer,plan,started_on,mrr"
    imported("customers", written(tmp_path, ["external_id,tier", "C1,gold"]))
    imported("subscriptions", written(tmp_path, [bought, "S1,C1,Basic,2026-05-01,9"]))
    assert scopes.choices()[1:] == [("Customer tier", [("tier=gold", "gold")]), PLAN]
    imported("customers", written(tmp_path, ["external_id,tier", "C1,silver"]))
    assert scopes.choices()[1:] == [("Customer tier", [("tier=silver", "silver")]), PLAN]
    imported("subscriptions", written(tmp_path, [bought, "S2,C1,Premium,2026-05-01,9"]))
    assert scopes.choices()[2:] == [("Plan", [PLAN[1][0], ("plan=Premium", "Premium")])]
    scopes.check(CATALOGUE["renewal_rate"], "plan", "Premium")


def test_what_is_known_of_facts_is_not_asked_again(django_assert_max_num_queries):
    customer = CustomerFactory(tier="gold")
    Subscription.objects.create(customer=customer, external_id="S-1", started_on="2026-05-01", mrr=1, plan="Basic")
    raise_version("subscriptions")
    assert members(CATALOGUE["renewal_rate"], "tier") == ["gold"]
    with django_assert_max_num_queries(1):
        assert members(CATALOGUE["renewal_rate"], "plan") == ["Basic"]


def test_choices_take_the_same_few_queries_however_much_there_is(django_assert_max_num_queries):
    house()
    for number in range(3):
        rollup("csat", date(2026, 5, 1), whole=1, of=("agent", f"a-{number}"))
        CustomerFactory(segment=f"segment {number}", tier=f"tier {number}")
        with django_assert_max_num_queries(20):
            found = scopes.choices()
    assert [len(group) for _name, group in found[1:]] == [3, 3, 3]


def test_an_unknown_member_is_told_what_there_is():
    for number in range(14):
        AgentFactory(external_id=f"a-{number:02}", name=f"Agent {number:02}")
        rollup("csat", date(2026, 5, 1), whole=1, of=("agent", f"a-{number:02}"))
    scopes.check(CSAT, "agent", "a-03")
    scopes.check(CSAT, "", "")
    names = ", ".join(f"Agent {number:02}" for number in range(12))
    with pytest.raises(ValidationError) as caught:
        scopes.check(CSAT, "agent", "a-99")
    assert caught.value.messages == [
        f"“Customer satisfaction (CSAT)” has no figures for “agent: a-99”; it has some for {names} …."
    ]
    with pytest.raises(ValidationError) as caught:
        scopes.check(CSAT, "team", "First line")
    assert caught.value.messages == [
        "“Customer satisfaction (CSAT)” has no figures for “team: First line”, nor for any other."
    ]


def test_what_no_rollup_has_is_no_scope():
    with pytest.raises(ValidationError) as caught:
        scopes.check(CATALOGUE["ticket_volume"], "tags", "refund")
    assert caught.value.messages[0] == (
        "“Ticket volume” cannot be told apart by tag; there are channel, category, type, priority, team, agent, "
        "customer tier."
    )
