"""A goal without a KPI in the administration: nobody is asked for a kind, and what is half filled stays."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from goals import milestones
from goals.models import Goal
from tests.factories import GoalFactory, ManagerFactory, StaffFactory
from tests.goal_factories import goal_of
from tests.goals.entry import ADD, NOW, empty_inlines, errors, told, values
from tests.goals.measured import weeks

pytestmark = pytest.mark.django_db
STEPS = (("Written", "2026-07-03"), ("Reviewed", "2026-08-07"), ("Read by all", "2026-10-02"))


@pytest.fixture(autouse=True)
def _standing_still():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def manager(client):
    found = ManagerFactory(name="Mara")
    client.force_login(found)
    return found


def rows(*steps):
    found: dict[str, str] = {}
    for number, (name, due) in enumerate(steps, start=1):
        found |= {f"milestone-new{number}-name": name, f"milestone-new{number}-due": due}
    return found


def written(*steps, **other):
    usual = {"statement": "The manual is in use", "kpi": "", "target": "", "due": "2026-12-16", "smart_note": ""}
    return values(**usual | rows(*steps) | other)


def stored(goal):
    return [(one.name, one.due and one.due.isoformat()) for one in milestones.of(goal)]


def change(client, goal, **given):
    return client.post(reverse("admin:goals_goal_change", args=[goal.pk]), empty_inlines() | given)


def of(goal, **other):
    """What the form of an active goal sends back untouched."""
    found = {
        f"milestone-{one.pk}-{name}": getattr(one, name) or ""
        for one in milestones.of(goal)
        for name in ("name", "due")
    }
    people = {"owner": goal.owner.pk, "reviewer": "", "objective": goal.objective.pk, "statement": goal.statement}
    rhythm = {"check_in_cadence": "weekly", "review_cadence": "monthly", "smart_note": "", "state": "active", "why": ""}
    return found | people | rhythm | {"guardrail": "", "guardrail_limit": ""} | other


def test_a_goal_without_a_kpi_is_made_active_by_its_milestones(client, manager):
    answer = client.post(reverse(ADD), written(STEPS[2], STEPS[0], STEPS[1]), follow=True)
    goal = Goal.objects.get()
    assert (goal.state, goal.kpi, goal.target, goal.baseline, goal.direction) == ("active", "", 3.0, None, "higher")
    assert stored(goal) == list(STEPS)  # in the order of their days
    assert answer.redirect_chain[-1][0] == f"/goals/{goal.pk}/"
    assert told(answer) == ["The goal “The manual is in use” is saved."]
    assert goal.milestone_changes.count() == 0


def test_the_form_offers_rows_and_says_what_they_are_for(client, manager):
    page = client.get(reverse(ADD)).content.decode()
    assert page.count('name="milestone-new') == 10
    assert '<label for="id_milestone-new1-name">Milestone 1</label>' in page


def test_a_half_filled_form_keeps_everything(client, manager):
    answer = client.post(reverse(ADD), written(("Written", "soon"), ("", "2026-08-07"), ("Read", ""), owner=""))
    found = errors(answer)
    assert found["milestone-new1-due"] == ["Enter a valid date."]
    assert found["milestone-new2-name"] == ["Say what is to be done by then, or empty the day, too."]
    page = answer.content.decode()
    for text in ('value="soon"', 'value="2026-08-07"', 'value="Read"', 'value="The manual is in use"'):
        assert text in page
    assert not Goal.objects.exists()


@pytest.mark.parametrize(
    ("steps", "other", "field", "sentence"),
    [
        (
            (),
            {},
            "kpi",
            "Choose a KPI: one figure must say whether the goal is reached. Or leave it empty and write milestones.",
        ),
        (
            STEPS,
            {"target": "90"},
            "kpi",
            "Choose the KPI of this target. A goal that is reached with its milestones has no target.",
        ),
        (
            (*STEPS[:2], ("Read by all", "")),
            {},
            "milestone-new3-due",
            "Say when this milestone is due: “Read by all”.",
        ),
        (
            (*STEPS[:2], ("Read by all", "2026-12-17")),
            {},
            "milestone-new3-due",
            "Not between the start, 1 Jun 2026, and the day on which the goal is due, 16 Dec 2026: “Read by all”.",
        ),
        ((*STEPS, STEPS[0]), {}, "milestone-new4-name", "There is a milestone of this name already."),
    ],
)
def test_what_cannot_be_active_is_said(client, manager, steps, other, field, sentence):
    assert errors(client.post(reverse(ADD), written(*steps, **other)))[field] == [sentence]
    assert not Goal.objects.exists()


def test_two_milestones_need_a_sentence(client, manager):
    answer = client.post(reverse(ADD), written(*STEPS[:2]))
    assert list(errors(answer)) == ["smart_note"]
    client.post(reverse(ADD), written(*STEPS[:2], smart_note="It is a small one."))
    assert Goal.objects.get().target == 2.0


def test_a_figure_and_milestones_at_once_are_two_goals(client, manager):
    weeks("csat", [84, 86, 85, 84, 86, 85, 84, 86, 85, 84, 86, 85, 84])
    found = errors(client.post(reverse(ADD), values(**rows(*STEPS))))
    assert found["kpi"] == [
        (
            "It has a KPI and milestones. The figure says whether the goal is reached: take the milestones out, or "
            "leave the KPI empty."
        )
    ]


def test_a_draft_may_be_anything_and_becomes_the_other_kind(client, manager):
    client.post(reverse(ADD), written(("Written", ""), state="draft"))
    goal = Goal.objects.get()
    assert (goal.state, stored(goal), goal.target) == ("draft", [("Written", None)], 1.0)
    weeks("csat", [84, 86, 85, 84, 86, 85, 84, 86, 85, 84, 86, 85, 84])
    pk = goal.milestones.get().pk
    measured = values(state="active", **{f"milestone-{pk}-name": "", f"milestone-{pk}-due": ""})
    change(client, goal, **measured)
    goal.refresh_from_db()
    assert (goal.state, goal.kpi, goal.target, stored(goal)) == ("active", "csat", 90.0, [])


def test_a_draft_that_loses_its_kpi_loses_what_was_measured_of_it(client, manager):
    goal = GoalFactory(state="draft", target=90.0, outlook={"baseline_periods": 13})
    change(client, goal, **written(*STEPS, state="draft"))
    goal.refresh_from_db()
    assert (goal.kpi, goal.baseline, goal.baseline_n, goal.outlook, goal.target) == ("", None, 0, {}, 3.0)


def test_milestones_of_an_active_goal_change_for_a_reason(client, manager):
    goal = goal_of(*((name, date.fromisoformat(due), None) for name, due in STEPS), due=date(2026, 12, 16))
    moved = of(goal, **{f"milestone-{goal.milestones.first().pk}-due": "2026-07-10"})
    assert errors(change(client, goal, **moved)) == {
        "why": ["Say why the milestones change; the reason stays with the goal."]
    }
    change(client, goal, **moved | {"why": "Two of us were ill."})
    assert stored(goal)[0] == ("Written", "2026-07-10")
    found = goal.milestone_changes.get()
    assert (found.kind, found.reason, found.by) == ("moved", "Two of us were ill.", manager)


def test_an_active_goal_is_saved_without_a_reason_where_no_milestone_changes(client, manager):
    goal = goal_of(*((name, date.fromisoformat(due), None) for name, due in STEPS), due=date(2026, 12, 16))
    assert change(client, goal, **of(goal, statement="The manual is used")).status_code == 302
    goal.refresh_from_db()
    assert (goal.statement, goal.milestone_changes.count(), goal.target) == ("The manual is used", 0, 3.0)


@pytest.mark.parametrize(
    ("emptied", "sentence"),
    [
        (
            ("Written", "Reviewed", "Read by all"),
            "Choose a KPI: one figure must say whether the goal is reached. Or leave it empty and write milestones.",
        ),
        (("Read by all",), None),
    ],
)
def test_an_active_goal_keeps_at_least_one(client, manager, emptied, sentence):
    goal = goal_of(*((name, date.fromisoformat(due), None) for name, due in STEPS), due=date(2026, 12, 16))
    gone = {
        f"milestone-{one.pk}-{name}": ""
        for one in milestones.of(goal)
        if one.name in emptied
        for name in ("name", "due")
    }
    answer = change(client, goal, **of(goal, why="Nobody needs it.", **gone))
    if sentence is None:
        assert [name for name, _due in stored(goal)] == ["Written", "Reviewed"]
    else:
        assert [sentence] in errors(answer).values()


def test_what_is_done_is_not_taken_out(client, manager):
    goal = goal_of(("Written", date(2026, 7, 3), date(2026, 5, 4)), ("Read", date(2026, 8, 7), None))
    first = goal.milestones.first()
    gone = {f"milestone-{first.pk}-name": "", f"milestone-{first.pk}-due": ""}
    assert errors(change(client, goal, **of(goal, why="It was wrong.", **gone)))[f"milestone-{first.pk}-name"] == [
        "It is done. Take that back on the page of the goal before you take it out."
    ]


def test_the_checks_follow_what_is_written(client, manager):
    address = reverse("admin:goals_goal_checks")
    page = client.post(address, written(*STEPS)).content.decode()
    for text in (
        "It is complete when all of its milestones are done.",
        "Does not apply:</strong> Data, volume, target, detectable change and baseline: nothing is measured.",
        "Does not apply:</strong> End of a week or month: milestones are judged by the day.",
    ):
        assert text in page
    assert not Goal.objects.exists()


def test_a_goal_that_has_ended_shows_its_milestones_to_read(client, manager):
    goal = goal_of(("Written", date(2026, 3, 2), date(2026, 3, 1)), ("Read", date(2026, 4, 6), None), state="closed")
    page = client.get(reverse("admin:goals_goal_change", args=[goal.pk])).content.decode()
    assert "Written: done on 1 Mar 2026" in page
    assert "Read: due on 6 Apr 2026" in page
    assert 'name="milestone-' not in page


def test_who_may_not_change_goals_changes_no_milestone(client):
    client.force_login(StaffFactory())
    goal = goal_of(("Written", date(2026, 7, 3), None))
    assert change(client, goal, **of(goal)).status_code in (302, 403)
    assert stored(goal) == [("Written", "2026-07-03")]


# --- Ending an active goal ----------------------------------------------------------------------------------------
def test_an_active_goal_is_not_cancelled_in_the_form(client, manager):
    goal = goal_of(("Written", date(2026, 7, 3), None), due=date(2026, 12, 16))
    form = client.get(reverse("admin:goals_goal_change", args=[goal.pk])).context["adminform"].form
    assert [code for code, _name in form.fields["state"].choices] == ["active"]
    answer = change(client, goal, **of(goal, state="cancelled"))
    assert errors(answer)["state"] == [
        "Select a valid choice. cancelled is not one of the available choices.",
    ]
    goal.refresh_from_db()
    assert goal.state == "active"
