"""A change counts from its instant on: tickets from before keep what was promised to them."""

import random

import pytest

from metrics import targets
from metrics.models import EarlierTarget, ServiceTarget, Ticket
from tests.factories import CustomerFactory, ServiceTargetFactory, TicketFactory
from tests.metrics.figures import at

pytestmark = pytest.mark.django_db


def changed(target, when, **values):
    found = ServiceTarget.objects.get(pk=target.pk)
    for name, value in values.items():
        setattr(found, name, value)
    targets.change(found, at=when and at(when))
    return ServiceTarget.objects.get(pk=target.pk)


def applied():
    """Version and seconds of every ticket, in the order in which they came in."""
    targets.apply_all()
    rows = Ticket.objects.order_by("created_at")
    return [(one.resolution_version, one.target_due_at and f"{one.target_due_at:%d %H:%M}") for one in rows]


@pytest.fixture
def tickets():
    return [TicketFactory(created_at=f"2026-03-0{day}T10:00Z") for day in (2, 4, 6)]


def test_tickets_have_the_version_of_the_day_they_came_in(tickets):
    target = ServiceTargetFactory(seconds=3600)
    assert applied() == [(1, "02 11:00"), (1, "04 11:00"), (1, "06 11:00")]
    target = changed(target, "2026-03-04 10:00", seconds=7200)
    assert (target.version, target.valid_from) == (2, at("2026-03-04 10:00"))
    assert applied() == [(1, "02 11:00"), (2, "04 12:00"), (2, "06 12:00")]
    changed(target, "2026-03-05 00:00", seconds=60)
    assert applied() == [(1, "02 11:00"), (2, "04 12:00"), (3, "06 10:01")]
    assert [str(one) for one in EarlierTarget.objects.all()] == [f"{target.pk}.1", f"{target.pk}.2"]


def test_another_name_is_no_other_promise(tickets):
    target = changed(ServiceTargetFactory(seconds=3600), "2026-03-04 10:00", name="Better name")
    assert (target.name, target.version, EarlierTarget.objects.count()) == ("Better name", 1, 0)


def test_a_correction_counts_for_everything(tickets):
    target = changed(ServiceTargetFactory(seconds=3600), "2026-03-03 10:00", seconds=7200)
    changed(target, None, seconds=60)
    assert [due for _, due in applied()] == ["02 10:01", "04 10:01", "06 10:01"]


def test_switching_off_keeps_the_past_and_a_new_one_begins_when_it_is_told(tickets):
    changed(ServiceTargetFactory(seconds=3600), "2026-03-03 10:00", is_active=False)
    new = ServiceTarget(name="New", metric="resolution", seconds=60, clock="calendar")
    targets.change(new, at=at("2026-03-05 10:00"))
    assert applied() == [(1, "02 11:00"), (None, None), (1, "06 10:01")]


def test_a_target_that_was_applied_to_something_closed_is_only_switched_off():
    target = ServiceTargetFactory(seconds=3600)
    TicketFactory(created_at="2026-03-02T10:00Z", solved_at="2026-03-02T11:00Z")
    TicketFactory(created_at="2026-03-04T10:00Z")
    targets.apply_all()
    assert not targets.delete(target, at=at("2026-03-03 00:00"))
    assert applied() == [(1, "02 11:00"), (None, None)]


def test_a_target_that_judged_nothing_is_deleted(tickets):
    target = ServiceTargetFactory()
    targets.apply_all()
    assert targets.delete(target, at=at("2026-03-03 00:00"))
    assert applied() == [(None, None)] * 3


def test_order_and_repetition_change_nothing(tickets):
    """The same decisions and facts, applied in any order, in parts and again, give the same."""
    gold = CustomerFactory(tier="gold")
    tickets += [TicketFactory(created_at=f"2026-03-0{day}T09:00Z", customer=gold, priority="high") for day in (2, 5)]
    target = ServiceTargetFactory(seconds=3600, position=2)
    ServiceTargetFactory(seconds=60, tier="gold", position=1)
    changed(target, "2026-03-05 00:00", seconds=7200)
    expected = applied()
    for seed in range(3):
        Ticket.objects.update(target_due_at=None, resolution_target=None, resolution_version=None, resolution_tier=None)
        ids = [ticket.pk for ticket in tickets]
        random.Random(seed).shuffle(ids)
        for part in (ids[:2], ids[2:], ids[:3]):
            targets.apply(part)
        rows = Ticket.objects.order_by("created_at")
        assert [(one.resolution_version, f"{one.target_due_at:%d %H:%M}") for one in rows] == expected


def test_how_many_open_tickets_a_change_moves(tickets):
    target = ServiceTargetFactory(seconds=3600)
    TicketFactory(solved_at="2026-03-02T11:00Z")
    TicketFactory(created_at="2026-03-01T10:00Z")
    targets.apply_all()
    assert targets.moved() == 0
    changed(target, "2026-03-02 00:00", seconds=7200)
    assert targets.moved() == 3
    targets.apply_all()
    assert targets.moved() == 0
