import pytest

from metrics import targets
from metrics.models import DirtyDay, ServiceTarget, Ticket
from metrics.targets import applying
from tests.factories import CalendarFactory, ServiceTargetFactory, TicketEventFactory, TicketFactory
from tests.metrics.figures import at, organisation

pytestmark = pytest.mark.django_db


def due(ticket):
    return Ticket.objects.get(pk=ticket.pk).target_due_at


def dirty_days():
    return [str(one) for one in DirtyDay.objects.order_by("day").values_list("day", flat=True)]


def test_due_time_is_stored_and_its_day_marked():
    ServiceTargetFactory(seconds=26 * 3600)
    ticket, other = TicketFactory(created_at="2026-03-02T10:00Z"), TicketFactory()
    targets.apply([ticket.pk])
    assert (due(ticket), due(other)) == (at("2026-03-03 12:00"), None)
    assert dirty_days() == ["2026-03-03"]


def test_the_same_again_marks_nothing():
    ServiceTargetFactory()
    ticket = TicketFactory()
    targets.apply([ticket.pk])
    DirtyDay.objects.all().delete()
    targets.apply([ticket.pk])
    assert dirty_days() == []


def test_a_later_due_time_marks_the_old_and_the_new_day():
    target = ServiceTargetFactory(seconds=3600)
    ticket = TicketFactory(created_at="2026-03-02T10:00Z")
    targets.apply_all()
    DirtyDay.objects.all().delete()
    ServiceTarget.objects.filter(pk=target.pk).update(seconds=3 * 24 * 3600)
    targets.apply_all()
    assert due(ticket) == at("2026-03-05 10:00")
    assert dirty_days() == ["2026-03-02", "2026-03-05"]


def test_without_targets_nothing_is_due_any_more():
    target = ServiceTargetFactory()
    ticket = TicketFactory()
    targets.apply_all()
    target.delete()
    targets.apply_all()
    assert due(ticket) is None


@pytest.mark.parametrize("values", [{"metric": "first_response"}, {"is_active": False}, {"priority": "low"}])
def test_targets_that_do_not_fit_do_not_count(values):
    ServiceTargetFactory(**values)
    ticket = TicketFactory(priority="high")
    targets.apply([ticket.pk])
    assert due(ticket) is None


def test_business_time_is_that_of_the_calendar_or_calendar_time_without_one():
    ServiceTargetFactory(seconds=2 * 3600, clock="business")
    ticket = TicketFactory(created_at="2026-03-06T16:00Z")  # Friday
    targets.apply_all()
    assert due(ticket) == at("2026-03-06 18:00")
    CalendarFactory()
    targets.apply_all()
    assert due(ticket) == at("2026-03-09 10:00")


def test_time_that_a_status_stops_pushes_the_due_time():
    organisation(pause_statuses=["Pending"])
    ServiceTargetFactory(seconds=2 * 3600)
    ticket = TicketFactory(created_at="2026-03-02T10:00Z")
    TicketEventFactory(ticket=ticket, at="2026-03-02T11:00Z", from_value="Open", to_value="Pending")
    targets.apply([ticket.pk])
    assert due(ticket) is None  # not while it stands still
    TicketEventFactory(ticket=ticket, at="2026-03-02T14:00Z", from_value="Pending", to_value="Open")
    targets.apply([ticket.pk])
    assert due(ticket) == at("2026-03-02 15:00")


def test_all_tickets_are_reached_in_batches(monkeypatch):
    monkeypatch.setattr(applying, "_BATCH", 2)
    ServiceTargetFactory()
    TicketFactory.create_batch(5)
    targets.apply_all()
    assert Ticket.objects.filter(target_due_at=None).count() == 0


def test_nothing_to_apply():
    targets.apply([])
    targets.apply_all()
    assert dirty_days() == []
