from datetime import timedelta
from random import Random

import pytest
from django.db.models import Q

from kpiproject.lib.periods import Grain
from metrics import dirty, rollups, targets
from metrics.models import DirtyDay, Rollup, Ticket, TicketEvent
from metrics.queries import CATALOGUE, Question, figures
from tests.factories import CalendarFactory, ServiceTargetFactory, TicketFactory
from tests.metrics import scattered
from tests.metrics.figures import compute, day, organisation, stored

pytestmark = pytest.mark.django_db
ANY = Q()


@pytest.fixture
def facts():
    """Everything at once, where summer time ends in the middle, computed."""
    organisation(time_zone="Europe/Berlin", pause_statuses=["Pending"])
    CalendarFactory(time_zone="Europe/Berlin")
    ServiceTargetFactory(priority="high", seconds=8 * 3600, clock="business")
    random = Random(11)
    scattered.tickets(random, 120)
    scattered.answers(random, 80)
    targets.apply_all()
    compute()
    return random


def test_nothing_gives_no_rollups():
    assert compute() == rollups.Done(0, 0)
    assert not Rollup.objects.exists()


def test_second_run_leaves_the_same_rows(facts):
    before = stored()
    assert len(before) > 1000
    compute()
    assert stored() == before
    assert not DirtyDay.objects.exists()


def test_other_order_leaves_the_same_rows(facts):
    before = stored()
    Rollup.objects.all().delete()
    start, end = day("2025-10-01"), day("2025-12-31")
    days = [start + timedelta(days=n) for n in range((end - start).days)]
    Random(3).shuffle(days)
    for frame in reversed(dirty.FRAMES):
        for first in range(0, len(days), 9):  # days that lie anywhere, a few at a time
            dirty.mark(frame, days[first : first + 9])
            rollups.recompute()
    assert stored() == before


def test_changes_leave_the_same_rows_as_computing_everything_anew(facts):
    tickets = list(Ticket.objects.order_by("pk"))
    for _ in range(6):
        some = facts.sample(tickets, 9)
        ids = [ticket.pk for ticket in some]
        dirty.mark_tickets(ids)
        change(facts, some)
        dirty.mark_tickets(ids)
        targets.apply(ids)
        rollups.recompute()
        step_by_step = stored()
        compute()
        assert stored() == step_by_step


def change(random, tickets):
    """New values for some, new events for others, and one that was only named so far."""
    members = {
        name: list({getattr(ticket, name) for ticket in tickets})
        for name in ("channel", "category", "type", "priority", "team", "agent", "customer")
    }
    for number, ticket in enumerate(tickets):
        if number % 3 == 0:
            TicketEvent.objects.filter(ticket=ticket).delete()
            TicketEvent.objects.bulk_create(scattered.events(random, ticket))
        else:
            Ticket.objects.filter(pk=ticket.pk).update(is_stub=number == 1, **scattered.ticket_values(random, members))


def test_days_add_up_to_periods_and_members_to_the_whole(facts):
    start, end = day("2025-10-13"), day("2025-12-01")
    for code, kpi in CATALOGUE.items():
        # Of levels and of what does not add up, test_laws tells what must hold.
        if kpi.is_stock or kpi.needs_dimension or not kpi.adds_up:
            continue
        (whole,) = figures(Question(code=code, start=start, end=end)).points
        for grain in (Grain.DAY, Grain.WEEK, Grain.MONTH):
            pieces = figures(Question(code=code, start=start, end=end, grain=grain)).points
            assert added(pieces) == added([whole]), (code, grain)
        for dimension in kpi.dimensions:
            pieces = figures(Question(code=code, start=start, end=end, by=dimension)).points
            assert added(pieces) == added([whole]), (code, dimension)


def added(points):
    excluded: dict[str, int] = {}
    for point in points:
        for reason, count in point.excluded.items():
            excluded[reason] = excluded.get(reason, 0) + count
    return sum(point.n for point in points), sum(point.part or 0 for point in points), excluded


def test_day_marked_again_while_it_is_computed_is_not_taken():
    TicketFactory(created_at="2026-03-01T10:00Z")
    TicketFactory(created_at="2026-03-02T10:00Z")
    dirty.mark(dirty.TICKETS, [day("2026-03-01"), day("2026-03-02")])
    batch = rollups.claim(ANY)
    rows = rollups.compute(batch)
    late = TicketFactory(created_at="2026-03-02T11:00Z")
    dirty.mark_tickets([late.pk])
    assert rollups.store(batch, rows).days == 1
    assert list(DirtyDay.objects.values_list("day", "generation", "claimed_until")) == [(day("2026-03-02"), 2, None)]
    assert volume() == {day("2026-03-01"): 1}
    rollups.recompute()
    assert volume() == {day("2026-03-01"): 1, day("2026-03-02"): 2}


def volume():
    rows = Rollup.objects.filter(kpi="ticket_volume", dimension="")
    return dict(rows.values_list("day", "whole"))


def test_slow_worker_does_not_undo_what_another_has_done():
    TicketFactory(created_at="2026-03-02T10:00Z")
    dirty.mark(dirty.TICKETS, [day("2026-03-02")])
    slow = rollups.claim(ANY)
    old_rows = rollups.compute(slow)
    dirty.mark_tickets([TicketFactory(created_at="2026-03-02T11:00Z").pk])
    rollups.recompute()
    assert volume() == {day("2026-03-02"): 2}
    assert rollups.store(slow, old_rows) == rollups.Done(0, 0)
    assert volume() == {day("2026-03-02"): 2}


def test_slow_worker_does_not_take_a_day_marked_anew():
    """The row it has in hand is gone; the new one of the same day has the same generation."""
    TicketFactory(created_at="2026-03-02T10:00Z")
    dirty.mark(dirty.TICKETS, [day("2026-03-02")])
    slow = rollups.claim(ANY)
    old_rows = rollups.compute(slow)
    rollups.recompute()
    dirty.mark_tickets([TicketFactory(created_at="2026-03-02T11:00Z").pk])
    assert rollups.store(slow, old_rows) == rollups.Done(0, 0)
    assert DirtyDay.objects.get().generation == 1
    rollups.recompute()
    assert volume() == {day("2026-03-02"): 2}


def test_killed_worker_leaves_its_days_to_others_after_a_minute(time_machine):
    time_machine.move_to("2026-03-05T10:00Z", tick=False)
    TicketFactory(created_at="2026-03-02T10:00Z")
    rollups.sweep(seconds=5)
    dirty.mark(dirty.TICKETS, [day("2026-03-02")])
    rollups.claim(ANY)
    assert rollups.sweep(seconds=5) == rollups.Done(0, 0)
    time_machine.move_to("2026-03-05T10:01Z", tick=False)
    assert rollups.sweep(seconds=5).days == 1


def test_batches_are_adjoining_days_newest_first():
    dirty.mark(dirty.TICKETS, [day(f"2026-03-{number:02}") for number in (1, 2, 3, 5, 6)])
    found = []
    while batch := rollups.claim(Q(claimed_until=None)):
        found.append((str(batch.first), str(batch.after)))
    assert found == [("2026-03-05", "2026-03-07"), ("2026-03-01", "2026-03-04")]


def test_batches_keep_to_what_memory_can_hold(monkeypatch):
    monkeypatch.setattr(rollups, "_TICKETS_AT_ONCE", 10)
    TicketFactory.create_batch(20, created_at="2026-03-02T10:00Z")
    dirty.mark(dirty.TICKETS, [day("2026-03-01"), day("2026-03-02"), day("2026-03-03"), day("2026-03-04")])
    assert len(rollups.claim(ANY).marks) == 2
    compute()
    assert volume() == {day("2026-03-02"): 20}


def test_another_time_zone_moves_everything(facts):
    organisation(time_zone="Pacific/Auckland")
    rollups.sweep(seconds=60)
    moved = stored()
    Rollup.objects.all().delete()
    compute()
    assert stored() == moved


def test_days_without_facts_any_more_have_no_rollups():
    ticket = TicketFactory(created_at="2026-03-02T10:00Z")
    compute()
    Ticket.objects.filter(pk=ticket.pk).delete()
    rollups.mark_range(start=None, end=None, codes=["ticket_volume"])
    rollups.recompute()
    assert not Rollup.objects.exists()


def test_what_was_pending_is_missed_when_its_time_has_come(time_machine):
    time_machine.move_to("2026-03-02T11:00Z", tick=False)
    ServiceTargetFactory(seconds=3 * 24 * 3600)
    ticket = TicketFactory(created_at="2026-03-02T10:00Z")
    targets.apply([ticket.pk])
    rollups.recompute()
    question = Question(code="resolution_within_target", start=day("2026-03-05"), end=day("2026-03-06"))
    assert figures(question).points[0].excluded == {"pending": 1}
    time_machine.move_to("2026-03-09T10:00Z", tick=False)
    rollups.mark_fallen_due()
    rollups.recompute()
    point = figures(question).points[0]
    assert (point.part, point.whole, point.excluded) == (0, 1, {})


def test_today_is_marked_again_only_when_a_due_time_has_passed(time_machine):
    time_machine.move_to("2026-03-02T11:00Z", tick=False)
    ServiceTargetFactory(seconds=3600, clock="calendar")
    due = [TicketFactory(created_at=f"2026-03-02T{hour}:30Z") for hour in (12, 14)]
    TicketFactory(created_at="2026-03-02T14:30Z", is_spam=True)
    targets.apply([ticket.pk for ticket in due])
    rollups.recompute()
    assert rollups.notice() == 0
    time_machine.move_to("2026-03-02T13:29Z", tick=False)
    assert rollups.notice() == 0
    time_machine.move_to("2026-03-02T13:31Z", tick=False)
    assert rollups.notice() == 1
    rollups.recompute()
    assert rollups.notice() == 0
    time_machine.move_to("2026-03-03T01:00Z", tick=False)
    assert rollups.notice() == 1
