"""Usual promises, one click away."""

import pytest
from django.urls import reverse

from metrics.catalogue import CATALOGUE
from metrics.models import ServiceTarget
from metrics.presets import KPIS, TARGETS, find
from metrics.target_forms import ServiceTargetForm
from metrics.target_words import promise
from tests.factories import ManagerFactory, ServiceTargetFactory, StaffFactory, TicketFactory
from tests.metrics.figures import compute

pytestmark = pytest.mark.django_db
PAGE = "/admin/metrics/servicetarget/presets/"


@pytest.fixture(autouse=True)
def manager(client):
    client.force_login(ManagerFactory())


def wanted(**members):
    found = {"seconds_per_ring": "6"}
    for code, member in members.items():
        found |= {f"{code}-wanted": "on", f"{code}-member": member}
    return found


def test_the_promises_of_the_brief_are_added(client):
    members = {
        "email_two_hours": "mail",
        "chat_sixty_seconds": "chat",
        "phone_three_rings": "phone",
        "social_one_hour": "x",
    }
    answer = client.post(PAGE, wanted(**members))
    assert answer.status_code == 302
    found = ServiceTarget.objects.order_by("pk")
    assert [(one.channel, promise(one), one.metric, one.valid_from) for one in found] == [
        ("mail", "2 h of business time", "first_response", None),
        ("chat", "1 min of business time", "first_response", None),
        ("phone", "18 s of calendar time", "first_response", None),
        ("x", "1 h of business time", "first_response", None),
    ]
    client.post(PAGE, wanted(**members))
    assert ServiceTarget.objects.count() == 4


def test_how_long_a_ring_lasts_is_an_assumption_that_can_be_changed(client):
    client.post(PAGE, wanted(phone_three_rings="phone") | {"seconds_per_ring": "5"})
    assert ServiceTarget.objects.get().seconds == 15


def test_rules_of_others_are_counted_in_their_days(client):
    members = {"cfpb_response": "complaint", "reg_e_business_days": "error", "hipaa_access": "records"}
    client.post(PAGE, wanted(**members))
    assert [promise(one) for one in ServiceTarget.objects.order_by("pk")] == [
        "15 calendar days, until the end of the last one",
        "10 business days, until the end of the last one",
        "30 calendar days, until the end of the last one",
    ]
    assert set(ServiceTarget.objects.values_list("pausing", flat=True)) == {"none"}


def test_beside_other_promises_they_count_from_now_on(client):
    ServiceTargetFactory(metric="first_response")
    client.post(PAGE, wanted(email_two_hours="mail", hipaa_access="records"))
    found = {one.metric: one.valid_from for one in ServiceTarget.objects.exclude(seconds=7200, channel="")}
    assert found["first_response"] is not None
    assert found["resolution"] is None


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (wanted(), "Choose at least one."),
        (wanted(email_two_hours=""), "Say what this channel is called in your data; "),
        (
            wanted(email_two_hours="mail") | {"seconds_per_ring": "0"},
            "Ensure this value is greater than or equal to 1",
        ),
    ],
)
def test_what_is_missing_is_said(client, values, sentence):
    answer = client.post(PAGE, values)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not ServiceTarget.objects.exists()


def test_a_channel_is_proposed_as_it_is_called_in_the_data(client):
    TicketFactory(channel="E-Mail")
    compute()
    assert 'name="email_two_hours-member" value="E-Mail"' in client.get(PAGE).content.decode()


def test_presets_are_the_managers(client):
    client.force_login(StaffFactory())
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, wanted(email_two_hours="mail")).status_code == 403
    client.logout()
    assert client.get(PAGE).status_code == 302


@pytest.mark.parametrize("preset", TARGETS, ids=lambda one: one.code)
def test_every_preset_is_a_target_that_could_be_written_by_hand(preset):
    assert find(preset.code) is preset
    terms = {"metric": preset.metric, "name": preset.name, "position": 1, preset.dimension: "x", **preset.terms}
    days = preset.terms["seconds"] // 86400
    terms["seconds"] = f"{days} d" if days else f"{preset.terms['seconds']} s"
    form = ServiceTargetForm(terms | {"is_active": "on"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["seconds"] == preset.terms["seconds"]


def test_ranges_of_kpis_are_ranges_of_the_brief():
    assert {code: (one.low, one.high) for code, one in KPIS.items()} == {
        "first_contact_resolution": (70, 80),
        "agent_utilisation": (75, 85),
    }
    assert "first_contact_resolution" in CATALOGUE


def test_the_list_of_targets_leads_to_them(client):
    page = client.get(reverse("admin:metrics_servicetarget_changelist")).content.decode()
    assert f'<a href="{PAGE}">Usual promises</a>' in page
