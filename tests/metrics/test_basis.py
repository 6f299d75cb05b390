import pytest

from kpiproject.lib.periods import Grain
from metrics import basis, dirty, rollups, targets
from metrics.catalogue import CATALOGUE
from metrics.models import Basis, DirtyDay, Rollup, Ticket
from metrics.queries import Question, figures
from tests.factories import (
    AgentFactory,
    CalendarFactory,
    ServiceTargetFactory,
    TeamFactory,
    TicketEventFactory,
    TicketFactory,
)
from tests.measure_factories import CustomKpiFactory, OrderFactory
from tests.metrics.figures import compute, day, organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def facts():
    """Two computed tickets and a basis that everything agrees with."""
    team = TeamFactory(name="Support")
    TicketFactory(created_at="2026-03-02T10:00Z", solved_at="2026-03-03T10:00Z", team=team)
    TicketFactory(created_at="2026-03-05T10:00Z", agent=AgentFactory(), channel="phone")
    compute()
    assert not DirtyDay.objects.exists()
    return team


def dirty_days():
    return [str(one) for one in DirtyDay.objects.filter(frame="tickets").order_by("day").values_list("day", flat=True)]


def test_nothing_new_marks_nothing(facts):
    assert not basis.renew()
    assert dirty_days() == []


@pytest.mark.parametrize(
    "decide",
    [
        lambda: organisation(time_zone="Asia/Tokyo"),
        lambda: organisation(pause_statuses=["Pending"]),
        CalendarFactory,
        lambda: CalendarFactory(is_default=True).holidays.create(date=day("2026-03-03"), name="Day off"),
        ServiceTargetFactory,
        lambda: ServiceTargetFactory(metric="first_response"),
        lambda: CalendarFactory(is_default=False).uses.create(channel="chat"),
        lambda: CalendarFactory().earlier.create(until=day("2026-01-01"), week={}, time_zone="UTC"),
        lambda: CalendarFactory().special_days.create(date=day("2026-03-03"), intervals=[["09:00", "12:00"]]),
        lambda: organisation(schedule_at_end=True),
        lambda: TicketEventFactory(ticket=Ticket.objects.get(channel="phone"), kind="escalate"),
    ],
)
def test_a_decision_marks_every_day_once(facts, decide):
    decide()
    assert basis.renew()
    assert dirty_days() == ["2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05"]
    assert not basis.renew()


@pytest.mark.parametrize(
    "decide",
    [
        lambda: organisation(name="Other", week_start=6),
        lambda: CalendarFactory(is_default=False),
        lambda: ServiceTargetFactory(is_active=False),
        lambda: CalendarFactory(is_default=False).holidays.create(date=day("2026-03-03"), name="Day off"),
        TeamFactory,
        AgentFactory,
        lambda: TicketEventFactory(ticket=Ticket.objects.get(channel="phone"), kind="reopen"),
    ],
)
def test_what_no_figure_rests_on_marks_nothing(facts, decide):
    decide()
    assert not basis.renew()
    assert dirty_days() == []


def test_another_definition_marks_everything(facts, monkeypatch):
    changed = {code: kpi for code, kpi in CATALOGUE.items() if code != "nps"}
    monkeypatch.setattr(basis, "CATALOGUE", changed)
    assert basis.renew()


def test_a_definition_of_our_own_marks_the_days_of_its_frame_only(facts):
    OrderFactory(placed_at="2026-03-03T10:00Z")
    kpi = CustomKpiFactory(frame="orders", at="placed_at")
    assert basis.is_current()
    assert not basis.renew()
    assert {(one.frame, str(one.day)) for one in DirtyDay.objects.all()} == {("orders", "2026-03-03")}
    rollups.sweep(seconds=60)
    assert figures(Question(code=kpi.code)).points[0].n == 1


def test_a_definition_that_means_something_else_is_computed_anew_and_one_that_is_gone_leaves_no_figure(facts):
    kpi = CustomKpiFactory(frame="tickets", at="created_at")
    rollups.sweep(seconds=60)
    kpi.filters = [{"column": "team", "operator": "equals", "value": "support"}]
    kpi.save()
    rollups.sweep(seconds=60)
    found = figures(Question(code=kpi.code))
    assert (found.kpi.revision, found.points[0].n) == (2, 1)
    kpi.is_active = False
    kpi.save()
    basis.renew()
    assert not Rollup.objects.filter(kpi=kpi.code).exists()


def test_another_name_of_a_team_shows_in_its_figures(facts):
    facts.name = "Helpdesk"
    facts.save()
    rollups.sweep(seconds=60)
    found = figures(Question(code="ticket_volume", by="team")).points
    assert [(point.member, point.n) for point in found] == [("", 1), ("Helpdesk", 1)]


def test_a_team_that_is_gone_leaves_its_tickets_without_one(facts):
    facts.delete()
    rollups.sweep(seconds=60)
    found = figures(Question(code="ticket_volume", by="team")).points
    assert [(point.member, point.n) for point in found] == [("", 2)]


def test_a_new_target_is_applied_to_old_tickets(facts):
    ServiceTargetFactory(seconds=60)
    rollups.sweep(seconds=60)
    assert Ticket.objects.filter(target_due_at=None).count() == 0
    assert figures(Question(code="resolution_within_target")).points[0].whole == 2


def test_only_one_worker_takes_up_a_decision(facts, monkeypatch, time_machine):
    time_machine.move_to("2026-04-01T10:00Z", tick=False)
    ServiceTargetFactory()

    def killed():
        raise KeyboardInterrupt

    monkeypatch.setattr(targets, "apply_all", killed)
    with pytest.raises(KeyboardInterrupt):
        basis.renew()
    monkeypatch.undo()
    assert not basis.renew()
    time_machine.move_to("2026-04-01T10:10Z", tick=False)
    assert basis.renew()
    assert Basis.objects.get().lease_until is None


def test_a_zone_changed_before_the_first_figures_marks_the_days_of_the_new_zone():
    dirty.mark_tickets([TicketFactory(created_at="2026-03-02T15:00Z").pk])
    assert basis.renew()
    organisation(time_zone="Pacific/Auckland")
    compute()
    assert [str(one.start) for one in figures(Question(code="ticket_volume")).points if one.n] == ["2026-03-03"]
    assert figures(Question(code="ticket_volume")).points[0].n == 1


def escalation_rates():
    """Of every day that has one: escalated, handled, and handled without anybody knowing about escalations."""
    rollups.recompute()
    rows = Rollup.objects.filter(kpi="escalation_rate", dimension="").order_by("day")
    return {str(row.day): (row.part, row.whole, row.extra.get("excluded", {})) for row in rows}


def test_the_first_escalation_and_the_last_one_that_goes_change_the_days_of_all_others():
    for name in ("02", "03"):
        TicketFactory(created_at=f"2026-03-{name}T10:00Z", solved_at=f"2026-03-{name}T12:00Z")
    compute()
    unknown = {f"2026-03-{name}": (0, 0, {"escalations_unknown": 1}) for name in ("02", "03")}
    assert escalation_rates() == unknown
    ticket = Ticket.objects.order_by("created_at")[0]
    event = TicketEventFactory(ticket=ticket, kind="escalate", at="2026-03-02T11:00Z")
    dirty.mark_tickets([ticket.pk])  # as an import of the event does
    assert escalation_rates() == {"2026-03-02": (1, 1, {}), "2026-03-03": (0, 1, {})}
    dirty.mark_tickets([ticket.pk])
    event.delete()
    assert escalation_rates() == unknown


def test_a_mistyped_year_is_not_decades_of_days(time_machine):
    time_machine.move_to("2026-03-20T10:00Z", tick=False)
    TicketFactory(created_at="2026-03-02T10:00Z")
    TicketFactory(created_at="2099-03-02T10:00Z")
    compute()
    assert len(basis.days("tickets")) < 500
    assert not DirtyDay.objects.exists()
    points = figures(Question(code="ticket_volume", grain=Grain.DAY)).points
    assert (str(points[0].start), str(points[-1].start), sum(point.n for point in points)) == (
        "2026-03-02", "2026-03-20", 1,
    )  # fmt: skip
    late = Question(code="ticket_volume", start=day("2099-03-01"), end=day("2099-04-01"))
    assert figures(late).points[0].n == 1


def test_days_far_ahead_that_have_figures_are_computed_again(time_machine):
    time_machine.move_to("2026-03-20T10:00Z", tick=False)
    TicketFactory(created_at="2026-03-02T10:00Z")
    far = TicketFactory(created_at="2099-03-02T10:00Z")
    dirty.mark_tickets([far.pk])
    compute()
    assert day("2099-03-02") in basis.days("tickets")
