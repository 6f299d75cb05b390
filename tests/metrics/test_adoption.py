import pytest

from metrics import adoption, definitions, dirty
from metrics.models import Adoption
from metrics.queries import BadQuestion
from tests.factories import TicketFactory, UserFactory
from tests.measure_factories import CustomKpiFactory
from tests.metrics.figures import compute, day

pytestmark = pytest.mark.django_db
NOW = "2026-03-18T10:00Z"  # a Wednesday


@pytest.fixture(autouse=True)
def _now(time_machine):
    time_machine.move_to(NOW, tick=False)


def codes():
    return set(Adoption.objects.values_list("kpi", flat=True))


def test_the_first_change_starts_from_the_usual_ones():
    assert not definitions.has_chosen()
    adoption.set_aside(["csat"])
    assert codes() == set(definitions.STARTER) - {"csat"}


def test_adopting_twice_changes_nothing():
    adoption.choose(["csat"], owners={}, only_these=True)
    before = list(Adoption.objects.values())
    adoption.adopt(["csat"])
    assert list(Adoption.objects.values()) == before


def test_a_choice_has_owners_and_keeps_the_others_quiet():
    owner = UserFactory()
    adoption.choose(["csat", "ticket_volume"], owners={"csat": owner, "ticket_volume": None}, only_these=True)
    assert set(Adoption.objects.values_list("kpi", "owner")) == {("csat", owner.pk), ("ticket_volume", None)}


def test_a_choice_may_leave_the_others_as_they_are():
    adoption.choose(["csat"], owners={}, only_these=False)
    assert codes() == set(definitions.STARTER)


def test_the_last_one_stays():
    adoption.choose(["csat"], owners={}, only_these=True)
    with pytest.raises(adoption.LastOneError):
        adoption.set_aside(["csat"])
    assert codes() == {"csat"}


def test_a_kpi_that_does_not_exist_is_refused():
    with pytest.raises(BadQuestion):
        adoption.adopt(["happiness"])
    assert codes() == set()


def test_the_baseline_is_of_the_last_13_complete_weeks():
    for created in ("2025-12-14T23:00Z", "2025-12-15T00:00Z", "2026-03-15T23:59Z", "2026-03-16T00:00Z"):
        TicketFactory(created_at=created)
    compute()
    adoption.choose(["ticket_volume"], owners={}, only_these=True)
    assert Adoption.objects.get().baseline == {
        "value": 2, "n": 2, "low": None, "high": None, "start": "2025-12-15", "end": "2026-03-16", "revision": 1,
        "clock": "",
    }  # fmt: skip


def test_the_baseline_stays_as_it_was_until_it_is_measured_again():
    adoption.choose(["ticket_volume"], owners={}, only_these=True)
    TicketFactory(created_at="2026-03-02T10:00Z")
    compute()
    assert Adoption.objects.get().baseline["n"] == 0
    adoption.measure("ticket_volume")
    assert Adoption.objects.get().baseline["n"] == 1


def test_nothing_is_measured_while_figures_are_being_computed():
    dirty.mark("tickets", [day("2026-03-02")])
    assert adoption.baseline(definitions.kpis()["ticket_volume"]) == {}


def test_a_kpi_of_our_own_can_be_adopted_and_is_forgotten_with_it():
    kpi = CustomKpiFactory()
    adoption.adopt([kpi.code])
    assert definitions.is_adopted(kpi.code)
    adoption.forget(kpi.code)
    assert codes() == set(definitions.STARTER)


def test_describing_keeps_owner_and_purpose():
    owner = UserFactory()
    adoption.describe("csat", owner=owner, note="Whether we do well")
    found = adoption.row("csat")
    assert (found.owner, found.note) == (owner, "Whether we do well")
    assert adoption.row("unknown") is None


def test_what_is_set_aside_is_known_with_its_day_until_it_is_taken_up_again(time_machine):
    adoption.choose(["csat", "nps"], owners={}, only_these=True)
    before = adoption.retired()
    assert set(before) == set(definitions.STARTER) - {"csat", "nps"}
    adoption.set_aside(["nps"])
    time_machine.move_to("2026-03-20T10:00Z", tick=False)
    adoption.set_aside(["nps"])
    row = adoption.retired()["nps"]
    assert (row.kpi, row.name, row.at.isoformat()) == (
        "nps",
        "Net Promoter Score (NPS)",
        "2026-03-18T10:00:00+00:00",
    )
    adoption.adopt(["nps"])
    assert adoption.retired() == before


def test_a_kpi_of_our_own_is_retired_when_it_is_switched_off_or_deleted():
    own = CustomKpiFactory(name="Refunds")
    adoption.switch(own.code, own.name, is_active=False)
    assert adoption.retired() == {}
    adoption.adopt([own.code])
    adoption.switch(own.code, own.name, is_active=False)
    assert set(adoption.retired()) == {own.code}
    adoption.switch(own.code, own.name, is_active=True)
    assert adoption.retired() == {}
    adoption.forget(own.code)
    assert [row.name for row in adoption.retired().values()] == ["Refunds"]
