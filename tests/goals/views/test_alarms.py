"""The alert centre, the page of one alarm, and the link out of a mail."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.test import Client

from goals.alarms import actions, keeping, links, telling
from goals.models import Alarm, AlarmEvent, AlertRule
from kpiproject.logs import without_tokens
from kpiproject.models import User
from tests.alarm_factories import AlarmFactory, AlertRuleFactory, EscalationChainFactory
from tests.factories import GoalFactory, ManagerFactory, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _monday() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def manager(client: Client) -> User:
    person: User = ManagerFactory(name="Mara", email="mara@example.org")
    client.force_login(person)
    return person


def told(owner: User, **fields: Any) -> Alarm:
    """An alarm of which its owner was told."""
    alarm: Alarm = AlarmFactory(rule=AlertRuleFactory(owner=owner, **fields), opened_at=NOW - timedelta(hours=5))
    telling.tell(NOW)
    alarm.refresh_from_db()
    return alarm


def text(answer: Any) -> str:
    found: str = answer.content.decode()
    return found


# --- The centre ---------------------------------------------------------------------------------------------------
def test_nothing_yet(client: Client, manager: User) -> None:
    page = text(client.get("/alerts/"))
    assert "No alarm at the moment" in page
    assert 'href="/admin/goals/alertrule/add/"' in page


def test_what_fires(client: Client, manager: User) -> None:
    alarm = told(manager, name="<b>Satisfaction</b>", severity="serious")
    answer = client.get("/alerts/")
    page = text(answer)
    assert f'<a href="/alerts/{alarm.pk}/">&lt;b&gt;Satisfaction&lt;/b&gt;</a>' in page
    words = ["80.0\xa0% in the week of 25 May 2026", "for 5 hours", "serious", "100 answers"]
    assert [word for word in words if word not in page] == []
    assert [count for name, _text, count in answer.context["shelves"] if name == "open"] == [1]


@pytest.mark.parametrize(
    ("shelf", "name"),
    [("pending", "Waits"), ("snoozed", "Sleeps"), ("trouble", "Fails"), ("quiet", "Calm")],
)
def test_shelves(client: Client, manager: User, shelf: str, name: str) -> None:
    AlertRuleFactory(name="Waits", state="pending", of=2)
    AlertRuleFactory(name="Sleeps", state="snoozed", snoozed_until=NOW + timedelta(days=1))
    AlertRuleFactory(name="Fails", state="errored", problem="kpi_retired", kpi="gone")
    AlertRuleFactory(name="Calm", value=93, value_start="2026-05-25")
    AlertRuleFactory(name="Off", is_active=False)
    answer = client.get(f"/alerts/?shelf={shelf}")
    assert [line.rule.name for line in answer.context["rules"]] == [name]
    assert answer.status_code == 200


def test_why_a_rule_cannot_be_checked(client: Client, manager: User) -> None:
    AlertRuleFactory(state="errored", problem="kpi_retired", kpi="gone")
    assert "The KPI “gone” no longer exists; choose another one, or delete the rule." in text(
        client.get("/alerts/?shelf=trouble")
    )


def test_history(client: Client, manager: User) -> None:
    alarm = told(manager)
    keeping.close(alarm, Alarm.End.RECOVERED, NOW)
    page = text(client.get("/alerts/?shelf=history"))
    assert "It was there for 5 hours; at worst it was 80.0\xa0%." in page
    assert ">recovered</span>" in page


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("severity=warning", ["Small"]),
        ("about=no_data", ["Silence"]),
        ("owner={other}", ["Small"]),
        ("severity=serious&about=threshold", ["Great"]),
    ],
)
def test_filters(client: Client, manager: User, asked: str, names: list[str]) -> None:
    other = ManagerFactory()
    told(manager, name="Great")
    told(other, name="Small", severity="warning")
    told(manager, name="Silence", kind="no_data")
    found = client.get("/alerts/?" + asked.format(other=other.pk)).context["lines"]
    assert [line.alarm.title for line in found] == names


@pytest.mark.parametrize("asked", ["shelf=nonsense", "severity=x", "about=x", "owner=x"])
def test_filters_that_make_no_sense(client: Client, manager: User, asked: str) -> None:
    told(manager)
    answer = client.get(f"/alerts/?{asked}")
    assert (answer.status_code, "This cannot be shown:" in text(answer)) == (422, True)


def test_staff_may_not_look(client: Client) -> None:
    client.force_login(StaffFactory())
    alarm = AlarmFactory()
    assert [client.get(path).status_code for path in ("/alerts/", f"/alerts/{alarm.pk}/")] == [403, 403]


def test_who_may_only_see_what_was_left_lying(client: Client) -> None:
    person = UserFactory()
    person.user_permissions.add(Permission.objects.get(codename="view_alert"))
    client.force_login(person)
    AlarmFactory(rule=AlertRuleFactory(name="Secret"))
    page = text(client.get("/alerts/"))
    assert ("Secret" in page, "Nothing was left lying" in page) == (False, True)


@pytest.mark.parametrize("shelf", ["open", "history", "quiet"])
def test_queries_do_not_grow(client: Client, manager: User, shelf: str, django_assert_max_num_queries: Any) -> None:
    def more() -> None:
        told(manager)
        keeping.close(told(manager), Alarm.End.RECOVERED, NOW)
        AlertRuleFactory(owner=ManagerFactory())

    more()
    client.get(f"/alerts/?shelf={shelf}")
    with django_assert_max_num_queries(40) as one:
        client.get(f"/alerts/?shelf={shelf}")
    more()
    more()
    with django_assert_max_num_queries(len(one)):
        client.get(f"/alerts/?shelf={shelf}")


# --- One alarm ----------------------------------------------------------------------------------------------------
def test_the_page_of_an_alarm(client: Client, manager: User) -> None:
    alarm = told(manager, name="Satisfaction", advice="Read the comments.\nThen call.")
    page = text(client.get(f"/alerts/{alarm.pk}/"))
    words = [
        "Satisfaction",
        "below 85.0\xa0%",
        "Read the comments.",
        "Mara",
        "People were told",
        "/kpis/csat/?from=2026-05-25",
    ]
    assert [word for word in words if word not in page] == []


def test_who_is_told_next(client: Client, manager: User) -> None:
    alarm = told(manager, chain=EscalationChainFactory())
    sentence = "If nobody acknowledges it, the next to be told at 1 Jun 2026, 10:00: all managers."
    assert sentence in text(client.get(f"/alerts/{alarm.pk}/"))
    actions.acknowledge(alarm.pk, manager, until=NOW + timedelta(hours=4), now=NOW)
    assert "the next to be told" not in text(client.get(f"/alerts/{alarm.pk}/"))


def test_the_owner_is_next_whoever_else_a_step_was_frozen_with(client: Client, manager: User) -> None:
    alarm = told(manager, chain=EscalationChainFactory())
    alarm.chain["steps"][1] |= {"role": "owner", "people": [UserFactory(name="Zoe").pk]}
    alarm.save()
    page = text(client.get(f"/alerts/{alarm.pk}/"))
    assert "the next to be told at 1 Jun 2026, 10:00: Mara." in page
    assert "Zoe" not in page


def test_quiet_hours_are_explained(client: Client, manager: User) -> None:
    rule = AlertRuleFactory(owner=manager, quiet_windows=[["08:00", "18:00"]], time_zone="UTC")
    alarm = AlarmFactory(rule=rule, opened_at=NOW)
    page = text(client.get(f"/alerts/{alarm.pk}/"))
    assert "Quiet hours: people are told at 1 Jun 2026, 18:00, if it is still true then." in page
    assert "Nobody yet." in page


def test_the_pause_after_an_alarm_is_explained(client: Client, manager: User) -> None:
    alarm = AlarmFactory(rule=AlertRuleFactory(owner=manager), opened_at=NOW)
    known = replace(keeping.memory(alarm.rule), alarmed_at=NOW - timedelta(hours=2))
    keeping.keep(alarm.rule, known, NOW)
    alarm.rule.save()
    said = "They are told again at 2 Jun 2026, 07:00, if it is still true then."
    assert f"People were told of this rule a short time ago. {said}" in text(client.get(f"/alerts/{alarm.pk}/"))


def test_an_alarm_whose_rule_and_goal_are_gone(client: Client, manager: User) -> None:
    goal = GoalFactory(status="off_track")
    rule = AlertRuleFactory(kind="goal", goal=goal, kpi="")
    facts = {"status": "off_track", "statement": "Nine of ten", "goal": goal.pk, "at_start": "", "at_value": None}
    alarm = AlarmFactory(rule=rule, goal=goal, kpi="csat", facts=facts)
    rule.delete()
    goal.delete()
    page = text(client.get(f"/alerts/{alarm.pk}/"))
    assert "The goal “Nine of ten” is off track." in page
    assert "Open the goal" not in page


def test_acknowledge(client: Client, manager: User) -> None:
    alarm = told(manager)
    given = {"action": "acknowledge", "span": "1d", "text": "Calling them"}
    answer = client.post(f"/alerts/{alarm.pk}/answer/", given, follow=True)
    alarm.refresh_from_db()
    assert (alarm.acknowledged_by, alarm.acknowledged_until) == (manager, NOW + timedelta(days=1))
    assert answer.redirect_chain == [(f"/alerts/{alarm.pk}/", 303)]
    assert "Calling them" in text(answer)
    assert AlertRule.objects.get().state == "acknowledged"


def test_snooze_and_wake(client: Client, manager: User) -> None:
    alarm = told(manager)
    client.post(f"/alerts/{alarm.pk}/answer/", {"action": "snooze", "span": "4h"})
    assert AlertRule.objects.get().snoozed_until == NOW + timedelta(hours=4)
    client.post(f"/alerts/{alarm.pk}/answer/", {"action": "wake"})
    assert AlertRule.objects.get().snoozed_until is None
    assert [event.kind for event in AlarmEvent.objects.all()] == ["told", "snoozed", "woken"]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"action": "acknowledge"}, "Choose for how long."),
        ({"action": "acknowledge", "span": "9y"}, "Select a valid choice. 9y is not one of the available choices."),
        ({}, "This field is required."),
    ],
)
def test_answers_that_make_no_sense(client: Client, manager: User, given: dict[str, str], sentence: str) -> None:
    alarm = told(manager)
    answer = client.post(f"/alerts/{alarm.pk}/answer/", given)
    assert (answer.status_code, sentence in text(answer)) == (422, True)


def test_what_is_over_cannot_be_answered(client: Client, manager: User) -> None:
    alarm = told(manager)
    keeping.close(alarm, Alarm.End.RECOVERED, NOW)
    answer = client.post(f"/alerts/{alarm.pk}/answer/", {"action": "acknowledge", "span": "1d"}, follow=True)
    assert "This alarm is over already; there is nothing left to acknowledge." in text(answer)


def test_staff_may_not_answer(client: Client) -> None:
    client.force_login(StaffFactory())
    alarm = AlarmFactory()
    given = {"action": "acknowledge", "span": "1d"}
    paths = (f"/alerts/{alarm.pk}/answer/", f"/alerts/rules/{alarm.rule_id}/answer/")
    assert [client.post(path, given).status_code for path in paths] == [403, 403]


# --- One rule -----------------------------------------------------------------------------------------------------
def test_a_rule_is_snoozed_and_woken(client: Client, manager: User) -> None:
    rule = AlertRuleFactory()
    client.post(f"/alerts/rules/{rule.pk}/answer/", {"action": "snooze", "span": "1w"})
    rule.refresh_from_db()
    assert (rule.state, rule.snoozed_until) == ("snoozed", NOW + timedelta(weeks=1))
    client.post(f"/alerts/rules/{rule.pk}/answer/", {"action": "wake"})
    rule.refresh_from_db()
    assert (rule.state, rule.snoozed_until) == ("quiet", None)


def test_a_rule_that_failed_is_checked_again(client: Client, manager: User) -> None:
    rule = AlertRuleFactory(problem="failed", memory={"failures": 5, "is_broken": True}, state="broken")
    answer = client.post(f"/alerts/rules/{rule.pk}/answer/", {"action": "reset"}, follow=True)
    rule.refresh_from_db()
    assert (rule.state, rule.problem, rule.next_check_at) == ("quiet", "", NOW)
    assert "is checked again within a minute." in text(answer)


def test_a_rule_is_not_snoozed_for_ever(client: Client, manager: User) -> None:
    rule = AlertRuleFactory()
    answer = client.post(f"/alerts/rules/{rule.pk}/answer/", {"action": "snooze"}, follow=True)
    assert "Choose for how long." in text(answer)
    rule.refresh_from_db()
    assert rule.snoozed_until is None


# --- Out of a mail ------------------------------------------------------------------------------------------------
@pytest.fixture
def owner() -> User:
    person: User = StaffFactory(name="Sam", email="sam@example.org", time_zone="UTC")
    return person


def link(alarm: Alarm, person: User) -> str:
    return "/" + links.url(alarm, person).split("/", 3)[3]


def test_a_link_shows_and_changes_nothing(client: Client, owner: User) -> None:
    alarm = told(owner, name="Satisfaction", advice="<i>Read</i>")
    answer = client.get(link(alarm, owner))
    page = text(answer)
    words = ["Satisfaction", "&lt;i&gt;Read&lt;/i&gt;", "You are Sam; nothing happens until you press a button."]
    assert [word for word in words if word not in page] == []
    alarm.refresh_from_db()
    assert (answer.status_code, alarm.acknowledged_by, answer.cookies) == (200, None, {})


def test_a_press_acts(client: Client, owner: User) -> None:
    alarm = told(owner)
    answer = client.post(link(alarm, owner), {"action": "acknowledge", "span": "3d"}, follow=True)
    alarm.refresh_from_db()
    assert (alarm.acknowledged_by, alarm.acknowledged_until) == (owner, NOW + timedelta(days=3))
    assert "Sam works on it until 4 Jun 2026, 09:00." in text(answer)
    client.post(link(alarm, owner), {"action": "snooze", "span": "4h"})
    assert AlertRule.objects.get().snoozed_until == NOW + timedelta(hours=4)


def test_a_press_that_makes_no_sense(client: Client, owner: User) -> None:
    alarm = told(owner)
    answer = client.post(link(alarm, owner), {"action": "acknowledge"})
    assert (answer.status_code, "Choose for how long." in text(answer)) == (422, True)


def test_a_link_to_what_is_over(client: Client, owner: User) -> None:
    alarm = told(owner)
    keeping.close(alarm, Alarm.End.RECOVERED, NOW)
    assert "there is nothing left to do." in text(client.get(link(alarm, owner)))
    assert client.post(link(alarm, owner), {"action": "acknowledge", "span": "4h"}).status_code == 409


def test_only_for_who_was_told_and_may_log_in(client: Client, owner: User) -> None:
    alarm = told(owner)
    assert client.get(link(alarm, ManagerFactory())).status_code == 404
    User.objects.filter(pk=owner.pk).update(is_active=False)
    assert "This link does not lead anywhere" in text(client.get(link(alarm, owner)))


def test_a_link_that_was_changed_or_is_old(client: Client, owner: User) -> None:
    alarm = told(owner)
    path = link(alarm, owner)
    assert client.get(path[:-3] + "xx/").status_code == 404
    with time_machine.travel(NOW + links.LINKS.lives_for + timedelta(days=1), tick=False):
        assert client.get(path).status_code == 404


def test_a_link_is_cut_in_the_log(owner: User) -> None:
    path = link(told(owner), owner)
    assert without_tokens(path) == path[: len("/alerts/mail/") + 4] + "…/"
