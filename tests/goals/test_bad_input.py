"""What somebody may do wrong about a goal, and what may happen under one: a clear answer each, and nothing lost.

One test for each line of what was asked for; the details have tests of their own, beside the modules.
"""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
import time_machine
from django.urls import reverse

from goals import close_out, close_out_words, evaluation, lines
from goals.alarms import watch
from goals.close_out import Ending
from goals.models import Alarm, AlertRule, CheckIn, Goal
from kpiproject.models import Organisation
from tests.alarm_factories import AlertRuleFactory
from tests.factories import GoalFactory, ManagerFactory, UserFactory
from tests.goal_factories import CheckInFactory, goal_of
from tests.goals import measured
from tests.goals.entry import ADD, NOW, OTHER, empty_inlines, errors, values

pytestmark = pytest.mark.django_db
STEPS = (("Written", date(2026, 3, 2), date(2026, 3, 1)), ("Read", date(2026, 6, 26), None))


@pytest.fixture(autouse=True)
def _standing_still():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def manager(client):
    measured.weeks("csat", [85] * 13)
    found = ManagerFactory(name="Mara")
    client.force_login(found)
    return found


def refused(client, **changed):
    """Nothing is stored, and everything that was written stays in the form."""
    answer = client.post(reverse(ADD), values(**changed))
    assert not Goal.objects.exists()
    assert answer.context["adminform"].form["statement"].value() == "Nine of ten customers are satisfied"
    return errors(answer)


def page(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    return unescape(re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", answer.content.decode()))).replace("\u00a0", " ")


def test_target_is_the_baseline(client, manager):
    sentence = "85.0\u00a0% is what was measured before (2 Mar – 31 May 2026), so there is nothing to reach."
    assert refused(client, target="85") == {"target": [sentence + OTHER]}


@pytest.mark.parametrize("target", ["120", "-1"])
def test_target_outside_the_scale(client, manager, target):
    (sentence,) = refused(client, target=target)["target"]
    assert sentence.endswith(
        "lies outside the scale of “Customer satisfaction (CSAT)”, which goes from 0.0\u00a0% to 100.0\u00a0%."
    )


def test_target_on_the_wrong_side_of_the_baseline(client, manager):
    answer = client.post(reverse(ADD), values(target="80", smart_note=""))
    assert errors(answer) == {
        "smart_note": ["The checks warn. Say in one sentence why the goal is right nevertheless, or change it."]
    }
    (warning,) = [check.text for check in answer.context["sheet"].warnings if check.code == "target"]
    assert warning.replace("\u00a0", " ") == (
        "The baseline of 85.0 % already meets 80.0 %, so the goal is to keep a level, not to reach one. If that is not "
        "what you want, choose a target beyond the baseline."
    )


@pytest.mark.parametrize(
    "given",
    [
        {"due": "2026-05-31"},
        {
            "due": "2026-05-31",
            "kpi": "",
            "target": "",
            "milestone-new1-name": "Written",
            "milestone-new1-due": "2026-05-31",
        },
    ],
)
def test_due_before_start(client, manager, given):
    assert refused(client, **given) == {"due": ["Due on 31 May 2026, it would end before it starts on 1 Jun 2026."]}


def test_due_not_at_a_period_end(client, manager):
    assert refused(client, due="2026-12-30") == {
        "due": [
            (
                "30 Dec 2026 is in the middle of a week, whose last days would not count. Choose 27 Dec 2026 or "
                "3 Jan 2027."
            )
        ]
    }


def test_no_data_when_it_is_written(client, manager):
    (sentence,) = refused(client, kpi="nps", target="35")["state"]
    assert sentence == (
        "There is no baseline yet: “Net Promoter Score (NPS)” has data in 0 complete weeks before the start, and 3 are "
        "needed. Save the goal as a draft; make it active when there is."
    )
    client.post(reverse(ADD), values(kpi="nps", target="35", state="draft"))
    assert Goal.objects.get().state == "draft"


def test_no_data_while_it_runs(client, manager):
    goal = evaluation.evaluate(GoalFactory(kpi="nps", target=35, baseline=20))
    assert (goal.status, goal.probability) == ("gathering", None)
    assert "Too little was measured in each of the last 26 complete weeks." in page(client, f"/goals/{goal.pk}/")


def test_kpi_retired_under_a_goal(client, manager):
    goal = GoalFactory(kpi="smiles", status="on_track", value=12.5, target=20, baseline=10, due=date(2026, 5, 31))
    CheckInFactory(goal=goal)
    evaluation.evaluate(goal)
    sentence = "The KPI “smiles” no longer exists, so the goal cannot be judged any more."
    assert sentence in page(client, f"/goals/{goal.pk}/")
    assert "no longer in the catalogue" in page(client, f"/goals/{goal.pk}/")
    assert sentence in page(client, "/goals/")
    made = close_out.close(goal.pk, Ending(), by=manager, now=NOW)
    goal.refresh_from_db()
    assert (made.outcome, CheckIn.objects.count()) == ("unknown", 1)
    assert close_out_words.of_goal(goal).sentences == ["There is no figure of the last period to judge it by."]


@pytest.mark.parametrize("kind", ["measured", "milestones"])
def test_owner_deactivated(client, manager, kind):
    olaf = UserFactory(name="Olaf", is_active=False)
    goal = GoalFactory(owner=olaf) if kind == "measured" else goal_of(*STEPS, owner=olaf)
    evaluation.evaluate(goal)
    assert "Owner: Olaf (no longer has access)" in page(client, "/goals/")
    address = reverse("admin:goals_goal_change", args=[goal.pk])
    assert "Olaf no longer has access. Give the goal to somebody who has." in page(client, address)
    form = client.get(address).context["adminform"].form
    given = {name: form[name].value() or "" for name in form.fields}
    answer = client.post(address, empty_inlines() | given | {"review_cadence": "monthly", "owner": manager.pk})
    assert answer.status_code == 302
    goal.refresh_from_db()
    assert (goal.owner, goal.state) == (manager, "active")


@pytest.mark.parametrize("kind", ["measured", "milestones"])
def test_goal_deleted_with_alerts_open(client, manager, kind):
    goal = GoalFactory(statement="Nine of ten") if kind == "measured" else goal_of(*STEPS, statement="Nine of ten")
    Goal.objects.update(status="off_track", value=1.0)
    AlertRuleFactory(kind=AlertRule.Kind.GOAL, kpi="", goal=goal)
    AlertRule.objects.update(next_check_at=NOW)
    watch.check_due(NOW)
    alarm = Alarm.objects.get()
    assert (alarm.ended_at, alarm.rule.state) == (None, "firing")
    goal.delete()
    AlertRule.objects.update(next_check_at=NOW + timedelta(hours=1))
    watch.check_due(NOW + timedelta(hours=1))
    alarm.refresh_from_db()
    assert (alarm.ended_because, alarm.rule.is_active) == ("gone", False)
    assert "The goal “Nine of ten” is off track." in page(client, f"/alerts/{alarm.pk}/")


def test_time_zone_changed_in_mid_goal(client, manager):
    measured.house(time_zone="Europe/Berlin")
    goal = evaluation.evaluate(GoalFactory(target=87, outlook={"zone": "Europe/Berlin"}))
    before = goal.course
    Organisation.objects.update(time_zone="Pacific/Auckland")
    goal = evaluation.evaluate(goal)
    assert lines.reason(goal).endswith(
        "Since the baseline was measured the time zone was changed from Europe/Berlin to Pacific/Auckland, so that "
        "days begin at another hour: compare with care."
    )
    assert goal.course == before


def test_time_zone_changed_under_milestones():
    """Their days stay; what is today is told by the new zone."""
    measured.house(time_zone="UTC")
    evening = datetime(2026, 6, 26, 13, tzinfo=UTC)
    goal = evaluation.evaluate(goal_of(*STEPS), now=evening)
    assert (goal.status, goal.outlook["milestones"]["late"]) == ("on_track", 0)
    Organisation.objects.update(time_zone="Pacific/Auckland")  # there the 27th has begun
    goal = evaluation.evaluate(goal, now=evening)
    assert (goal.status, goal.outlook["milestones"]["late_days"]) == ("at_risk", 1)
