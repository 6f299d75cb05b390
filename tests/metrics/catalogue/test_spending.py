"""What agents' time and everything else costs, and how much of it is used."""

import pytest

from kpiproject.lib.periods import Grain
from metrics.models import AgentTime, CostEntry
from tests.factories import AgentFactory, TeamFactory, TicketEventFactory, TicketFactory
from tests.metrics.figures import day, organisation, point, points

pytestmark = pytest.mark.django_db
MARCH = {"start": day("2025-03-01"), "end": day("2025-04-01")}


def worked(agent, kind, start, end):
    AgentTime.objects.create(
        source="test", key=f"{AgentTime.objects.count()}", agent=agent, kind=kind, starts_at=start, ends_at=end
    )


def on_monday(agent, *pieces):
    """Pieces of work from "available 9 17"."""
    for piece in pieces:
        kind, start, end = piece.split()
        worked(agent, kind, f"2026-03-02T{int(start):02}:00Z", f"2026-03-02T{int(end):02}:00Z")


@pytest.mark.parametrize(
    ("pieces", "value", "workload"),
    [
        (["available 9 17", "handling 9 11"], 25.0, 25.0),
        # Three chats at once are one busy time, and three workloads.
        (["available 9 17", "handling 9 13", "handling 9 13", "related 11 13"], 50.0, 125.0),
        (["available 9 17", "break 12 13", "handling 9 12"], 300 / 7, 300 / 7),
        (["available 9 13", "available 13 17", "training 9 11", "absence 10 13", "handling 13 15"], 50.0, 50.0),
        (["available 9 17", "handling 8 18"], 100.0, 125.0),  # never more than all of it
        (["available 9 17"], 0.0, 0.0),
    ],
)
def test_utilisation_is_the_union_of_busy_time(pieces, value, workload):
    on_monday(AgentFactory(), *pieces)
    found = point("agent_utilisation")
    assert (found.value, found.n) == (pytest.approx(value), 1)
    assert found.beside["workload_percent"] == pytest.approx(workload)


def test_utilisation_of_several_agents_is_that_of_all_their_time():
    on_monday(AgentFactory(external_id="ann"), "available 9 17", "handling 9 17")
    on_monday(AgentFactory(external_id="bob"), "available 9 11")
    on_monday(AgentFactory(external_id="eve"), "handling 9 11")
    found = point("agent_utilisation")
    assert (found.value, found.part, found.whole, found.n) == (80.0, 8 * 3600, 10 * 3600, 2)
    assert found.excluded == {"availability_unknown": 1}
    assert {one.member: one.value for one in points("agent_utilisation", by="agent")} == {
        "ann": 100.0,
        "bob": 0.0,
        "eve": None,
    }


def test_utilisation_is_cut_at_local_midnight_also_when_the_clocks_change():
    organisation(time_zone="Europe/Berlin")
    agent = AgentFactory()
    worked(agent, "available", "2026-03-27T23:00Z", "2026-03-29T22:00Z")  # all of 28 and 29 March, which has 23 hours
    worked(agent, "handling", "2026-03-28T22:00Z", "2026-03-29T00:00Z")  # the last hour of one, the first of the other
    weekend = {"start": day("2026-03-28"), "end": day("2026-03-30")}
    found = points("agent_utilisation", grain=Grain.DAY, **weekend)
    assert [(str(one.start), one.part / 3600, one.whole / 3600) for one in found] == [
        ("2026-03-28", 1, 24),
        ("2026-03-29", 1, 23),
    ]


def cost(amount, category="wages", first="2025-03-01", last="2025-03-31", **values):
    CostEntry.objects.create(
        source="test", key=f"{CostEntry.objects.count()}", category=category, amount=amount, valid_from=first,
        valid_to=last, **values,
    )  # fmt: skip


def contacts(n, **values):
    TicketFactory.create_batch(n, created_at="2025-03-10T10:00Z", **values)


def test_cost_per_contact_is_v171_in_thousands():
    for category, amount in (
        ("wages", 50), ("technology", 8), ("facilities", 6), ("training", 3), ("management", 5),
    ):  # fmt: skip
        cost(amount, category)
    contacts(9)
    contacts(1, is_outbound=True)
    contacts(1, bot_involved=True, agent_replies=0)
    found = point("cost_per_contact", **MARCH)
    assert (found.value, found.n, found.part) == (8.0, 9, pytest.approx(72.0))
    assert found.beside["wages_cost"] == pytest.approx(50 / 9)
    assert sum(found.beside.values()) == pytest.approx(8.0)
    assert found.excluded == {"outbound": 1, "bot_only": 1}


def test_a_contact_is_one_whether_or_not_its_end_is_known():
    cost(60)
    contacts(1)
    contacts(2, status="Closed")
    found = point("cost_per_contact", **MARCH)
    assert (found.value, found.n, found.excluded) == (20, 3, {})


def test_a_licence_for_a_year_costs_its_days():
    cost(365, "technology", "2025-01-01", "2025-12-31")
    contacts(1)
    assert point("cost_per_contact", **MARCH).value == pytest.approx(31)


def test_costs_of_a_channel_or_team_fall_on_its_contacts():
    team = TeamFactory(name="Gold")
    contacts(2, channel="email", team=team)
    contacts(2, channel="chat")
    cost(40)  # shared: 10 for each
    cost(20, channel="email")  # 10 for each of its two
    cost(6, team=team)  # 3 for each of its two
    cost(8, channel="fax")  # has no contact: shared, 2 for each
    by_channel = {one.member: one.value for one in points("cost_per_contact", by="channel", **MARCH)}
    assert by_channel == {"chat": pytest.approx(12), "email": pytest.approx(25)}
    assert point("cost_per_contact", **MARCH).value == pytest.approx(74 / 4)
    assert point("cost_per_contact", where={"channel": ["email"]}, **MARCH).value == pytest.approx(25)


def test_a_ticket_that_comes_back_is_a_contact_again():
    cost(10)
    ticket = TicketFactory(created_at="2025-03-10T10:00Z", solved_at="2025-03-12T10:00Z")
    TicketEventFactory(ticket=ticket, at="2025-03-10T12:00Z", to_value="Solved")
    TicketEventFactory(ticket=ticket, at="2025-03-11T12:00Z", kind="reopen")
    assert (point("cost_per_contact", **MARCH).value, point("cost_per_contact", **MARCH).n) == (5.0, 2)


def test_without_costs_or_in_an_unknown_currency_there_is_no_figure():
    contacts(2)
    assert (point("cost_per_contact", **MARCH).value, point("cost_per_contact", **MARCH).n) == (None, 0)
    cost(10, currency="XYZ")
    cost(4)
    found = point("cost_per_contact", **MARCH)
    assert (found.value, found.notes) == (2.0, ("Costs in a currency without an exchange rate are left out: 1.",))
