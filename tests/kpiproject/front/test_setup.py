import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from metrics.catalogue import CATALOGUE
from metrics.definitions import STARTER
from metrics.models import Adoption
from metrics.packs import PACKS, PILOTS
from tests.factories import (
    ManagerFactory,
    ReportFactory,
    ReportItemFactory,
    StaffFactory,
    StakeholderFactory,
    TicketFactory,
)
from tests.metrics.figures import compute

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept():
    cache.clear()


@pytest.fixture
def manager(client: Client):
    found = ManagerFactory(name="Mara")
    client.force_login(found)
    return found


def text(response) -> str:
    return " ".join(response.content.decode().split())


def messages(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def test_staff_may_not_choose(client: Client) -> None:
    client.force_login(StaffFactory())
    assert client.get("/setup/").status_code == 403
    assert client.post("/setup/kpis/csat/adopt/").status_code == 403
    assert client.post("/setup/choose/?type=saas", {"kpi_csat": "on"}).status_code == 403
    assert not Adoption.objects.exists()
    assert "Set up" not in text(client.get("/kpis/"))


def test_the_overview_says_how_far_they_are(client: Client, manager) -> None:
    shown = text(client.get("/setup/"))
    assert "the usual KPIs are in force" in shown
    assert f"You work with {len(STARTER)} KPIs." in shown
    assert "There are no facts yet" in shown


def test_a_baseline_without_data_is_not_measured(client: Client, manager) -> None:
    nothing = {"start": "2026-01-05", "end": "2026-04-06", "revision": 1, "n": 0, "value": None, "clock": ""}
    Adoption.objects.create(kpi="csat", owner=manager, baseline=nothing)
    Adoption.objects.create(kpi="nps", owner=manager, baseline=nothing | {"n": 40, "value": 20.0})
    assert "2 of 2 owned, 1 measured" in text(client.get("/setup/"))


def test_the_kind_of_business_is_asked_first(client: Client, manager) -> None:
    assert client.get("/setup/choose/").context["pilots"] == PILOTS
    assert client.get("/setup/choose/?type=nonsense").context["pilots"] == PILOTS


@pytest.mark.parametrize("pilot", PILOTS, ids=lambda pilot: pilot.code)
def test_a_proposal_is_balanced_and_at_most_a_dozen(client: Client, manager, pilot) -> None:
    proposed = client.get(f"/setup/choose/?type={pilot.code}").context["proposed"]
    aspects = {str(one.aspect).split(":")[0] for one, _chosen, _owner in proposed}
    assert aspects >= {"Speed", "Quality", "Satisfaction", "Effort", "Workload"}
    assert len(proposed) <= 12
    assert sum(count for count, _codes in pilot.wanted.values()) == 12


def test_what_has_figures_is_proposed_first(client: Client, manager) -> None:
    TicketFactory(created_at="2026-03-02T10:00Z", solved_at="2026-03-02T11:00Z")
    compute()
    proposed = client.get("/setup/choose/?type=service").context["proposed"]
    speed = [one.line.kpi.code for one, _chosen, _owner in proposed if str(one.aspect).startswith("Speed")]
    assert speed == ["resolution_time", "first_response_time"]


def test_a_choice_is_taken_with_owners_and_baselines(client: Client, manager) -> None:
    answer = client.post(
        "/setup/choose/?type=saas",
        {"kpi_csat": "on", "owner_csat": manager.pk, "kpi_ticket_volume": "on", "only_these": "on"},
        follow=True,
    )
    assert answer.redirect_chain == [("/setup/", 302)]
    assert messages(answer) == ["You begin with 2 KPIs."]
    assert set(Adoption.objects.values_list("kpi", "owner")) == {("csat", manager.pk), ("ticket_volume", None)}
    assert all(row.baseline["n"] == 0 for row in Adoption.objects.all())


def test_an_empty_choice_and_a_stranger_as_owner_are_refused(client: Client, manager) -> None:
    empty = client.post("/setup/choose/?type=saas", {})
    assert (empty.status_code, "Choose at least one KPI." in text(empty)) == (422, True)
    stranger = client.post("/setup/choose/?type=saas", {"kpi_csat": "on", "owner_csat": 99_999})
    assert stranger.status_code == 422
    assert not Adoption.objects.exists()


def test_adopting_and_setting_aside(client: Client, manager) -> None:
    client.post("/setup/kpis/csat/set-aside/")
    assert not Adoption.objects.filter(kpi="csat").exists()
    answer = client.post("/setup/kpis/csat/adopt/", {"next": "/kpis/csat/"})
    assert answer["Location"] == "/kpis/csat/"
    assert Adoption.objects.get(kpi="csat").owner == manager
    assert client.post("/setup/kpis/csat/adopt/", {"next": "https://evil.example/"})["Location"] == "/setup/kpis/"
    assert client.post("/setup/kpis/nonsense/adopt/").status_code == 404


def test_the_last_one_cannot_be_set_aside(client: Client, manager) -> None:
    Adoption.objects.create(kpi="csat")
    answer = client.post("/setup/kpis/csat/set-aside/", follow=True)
    assert messages(answer) == ["Keep at least one KPI: adopt another one first."]


def test_owner_and_purpose_can_be_changed(client: Client, manager) -> None:
    client.post("/setup/kpis/csat/", {"owner": manager.pk, "note": "Do they like us?"})
    assert "Looked after by Mara." in text(client.get("/kpis/csat/"))
    client.post("/setup/kpis/csat/set-aside/")
    assert client.get("/setup/kpis/csat/").status_code == 404


def test_packs_are_adopted_as_far_as_they_are_there(client: Client, manager) -> None:
    for pack in PACKS:
        client.post(f"/setup/packs/{pack.code}/adopt/")
        there = {code for code in pack.kpis if code in CATALOGUE}
        assert there <= set(Adoption.objects.values_list("kpi", flat=True))
    assert client.post("/setup/packs/nonsense/adopt/").status_code == 404


def test_whoever_needs_to_know_and_is_not_told_is_seen(client: Client, manager) -> None:
    report = ReportFactory(name="Weekly", stakeholders=[StakeholderFactory(name="Ute", kpis=["csat", "nps"])])
    ReportItemFactory(report=report, kpi="csat")
    shown = text(client.get("/setup/stakeholders/"))
    assert "not told: Net Promoter Score (NPS)" in shown
    assert [kpi.code for kpi in client.get("/setup/stakeholders/").context["untold"]].count("csat") == 0


def test_the_pages_cost_the_same_for_three_as_for_one(client: Client, manager) -> None:
    def count(path: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        return len(queries)

    paths = ("/setup/", "/setup/stakeholders/", "/setup/kpis/")
    ReportFactory(stakeholders=[StakeholderFactory()])
    before = [(client.get(path), count(path))[1] for path in paths]
    ReportFactory.create_batch(2)
    StakeholderFactory.create_batch(2)
    assert [count(path) for path in paths] == before
