"""Usual targets, one click away in the form of a goal."""

import re

import pytest
import time_machine
from django.urls import reverse

from goals import offers, written
from goals.models import Goal
from metrics.kpi import CALENDAR
from metrics.models import Rollup
from tests.factories import CalendarFactory, GoalFactory, ManagerFactory, StaffFactory
from tests.goals.entry import ADD, NOW, empty_inlines, values
from tests.goals.measured import rollup, weeks

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _standing_still():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def manager(client):
    found = ManagerFactory(name="Mara")
    client.force_login(found)
    return found


def filled(answer):
    assert answer.status_code == 200
    form = answer.context["adminform"].form
    assert form.errors == {}
    return {name: form[name].value() for name in form.fields if not name.startswith("milestone-")}


def test_what_is_offered():
    CalendarFactory()
    assert [(one.code, one.kpi.code, one.amount) for one in offers.offers()] == [
        ("email_two_hours", "first_response_time", "2\u00a0h"),
        ("chat_sixty_seconds", "first_response_time", "60\u00a0s"),
        ("social_one_hour", "first_response_time", "1\u00a0h"),
        ("phone_three_rings", "speed_of_answer", "18\u00a0s"),
        ("first_contact_resolution", "first_contact_resolution", "70.0\u00a0% to 80.0\u00a0%"),
        ("agent_utilisation", "agent_utilisation", "75.0\u00a0% to 85.0\u00a0%"),
    ]
    notes = {one.code: one.note for one in offers.offers()}
    assert notes["phone_three_rings"].startswith("An assumption: 3 rings of 6 seconds.")
    assert notes["first_contact_resolution"] == (
        "A range: less than 70.0\u00a0% is too little, and more than 80.0\u00a0% is not better."
    )


def test_every_offer_can_be_read_again_and_says_where_it_comes_from():
    for one in offers.offers():
        assert written.read(one.values()["target"], one.kpi, CALENDAR) == one.target
        high = one.values()["target_high"]
        assert (written.read(high, one.kpi, CALENDAR) if high else None) == one.target_high
        assert str(one.source)


def test_one_click_fills_in_and_loses_nothing(client, manager):
    for member in ("Mail", "chat"):
        rollup("first_response_time", NOW.date(), whole=1, of=("channel", member))
        rollup("ticket_volume", NOW.date(), whole=1, of=("channel", member))
    given = values(kpi="", target="", due="", grain="month")
    answer = client.post(reverse(ADD), given | {"_preset": "email_two_hours"})
    assert filled(answer) == {name: str(value) for name, value in given.items()} | {
        "kpi": "first_response_time",
        "target": "2 h",
        "only_for": "channel=Mail",
        "has_incentive": False,
    }
    assert not Goal.objects.exists()
    assert "nothing is saved yet" in answer.content.decode()


def test_an_empty_form_is_filled_in_without_complaints(client, manager):
    answer = client.post(reverse(ADD), {"_preset": "first_contact_resolution"})
    found = filled(answer)
    assert (found["kpi"], found["target"], found["target_high"]) == ("first_contact_resolution", "70", "80")
    assert found["statement"] == "First contact resolution between 70.0\u00a0% and 80.0\u00a0%"
    assert "errornote" not in answer.content.decode()


def test_without_a_channel_of_that_name_the_choice_of_the_manager_stays(client, manager):
    rollup("ticket_volume", NOW.date(), whole=1, of=("channel", "fax"))
    answer = client.post(reverse(ADD), values(only_for="channel=fax") | {"_preset": "chat_sixty_seconds"})
    assert filled(answer)["only_for"] == "channel=fax"
    assert "No channel of yours is known by a usual name for it" in answer.content.decode()


@pytest.mark.parametrize(
    ("preset", "kpi", "before", "direction"),
    [
        ("first_contact_resolution", "first_contact_resolution", 60, "higher"),
        ("agent_utilisation", "agent_utilisation", 60, "higher"),
        ("agent_utilisation", "agent_utilisation", 95, "lower"),
    ],
)
def test_what_was_filled_in_can_be_saved_and_has_its_direction(client, manager, preset, kpi, before, direction):
    weeks(kpi, [before] * 13)
    Rollup.objects.filter(kpi="agent_utilisation").update(square=100)  # of a rate, the amount it is divided by
    weeks("csat", [85] * 13)
    guarded = values(guardrail="csat", guardrail_limit="80")
    found = filled(client.post(reverse(ADD), guarded | {"_preset": preset}))
    client.post(reverse(ADD), {name: value for name, value in found.items() if value is not False})
    goal, offer = Goal.objects.get(), offers.find(preset)
    assert (goal.kpi, goal.target, goal.target_high, goal.direction) == (
        kpi,
        offer.target,
        offer.target_high,
        direction,
    )


def test_a_draft_is_filled_in_and_stays_as_it_was_until_it_is_saved(client, manager):
    goal = GoalFactory(state="draft", owner=manager)
    given = values(owner=manager.pk, state="draft") | empty_inlines() | {"_preset": "agent_utilisation"}
    answer = client.post(reverse("admin:goals_goal_change", args=[goal.pk]), given)
    assert (filled(answer)["kpi"], filled(answer)["target"]) == ("agent_utilisation", "75")
    goal.refresh_from_db()
    assert (goal.kpi, goal.target) == ("csat", 90.0)


def test_an_active_goal_is_offered_nothing(client, manager):
    goal = GoalFactory(owner=manager)
    address = reverse("admin:goals_goal_change", args=[goal.pk])
    assert "_preset" not in client.get(address).content.decode()
    client.post(address, empty_inlines() | {"_preset": "agent_utilisation", "target": "75", "why": "easier"})
    goal.refresh_from_db()
    assert goal.target == 90.0


def test_the_enter_key_saves_and_the_buttons_say_their_source(client, manager):
    page = client.get(reverse(ADD)).content.decode()
    form = page[page.index('id="goal_form"') :]
    buttons = re.findall(r'<(?:input|button) type="submit"[^>]*? name="(\w+)"', form)
    assert (buttons[0], buttons.count("_preset")) == ("_save", 6)
    assert page.count("Source:") == 6


def test_nonsense_fills_in_nothing(client, manager):
    answer = client.post(reverse(ADD), values() | {"_preset": "moon"})
    assert filled(answer)["target"] == "90"
    assert not Goal.objects.exists()


def test_whoever_sets_no_goals_is_offered_none(client):
    client.force_login(StaffFactory())
    assert client.post(reverse(ADD), values() | {"_preset": "agent_utilisation"}).status_code == 403
