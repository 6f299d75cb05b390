"""Dimensions of tickets that no rollup has: figures by them follow from facts alone."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.contrib.auth.models import Permission

from metrics import dimensions
from metrics.catalogue import CATALOGUE
from metrics.dimensions import FURTHER, OVERLAPPING, TAGS, askable, further
from metrics.frames import TICKET_FRAMES
from metrics.models import Rollup, Ticket
from metrics.queries import BadQuestion, Question, figures, members, rows
from metrics.queries.called import customer_names
from tests.factories import CustomerFactory, ManagerFactory, TicketFactory, UserFactory
from tests.metrics import rich
from tests.metrics.figures import compute, day, organisation
from tests.worlds import world

pytestmark = pytest.mark.django_db
PERIOD = {"start": day("2025-10-22"), "end": day("2025-11-08")}
CODES = [code for code, one in CATALOGUE.items() if further(one)]
SPAN = {"start": day("2026-03-01"), "end": day("2026-04-01")}


@pytest.fixture(scope="module", autouse=True)
def facts(django_db_setup, django_db_blocker):
    """A little of everything, for as long as this file is tested."""
    with world(django_db_blocker):
        organisation(time_zone="Europe/Berlin", pause_statuses=["Pending"])
        rich.build(7)
        for number, ticket in enumerate(Ticket.objects.order_by("pk")):
            # By turns nothing, one, and several; none of them goes with anything else.
            ticket.tags = ", ".join(tag for n, tag in enumerate(("refund", "vip", "a b")) if number >> n & 1)
            ticket.save()
        compute()
        yield


def test_every_kpi_of_tickets_that_adds_up_has_them():
    assert {CATALOGUE[code].frame for code in CODES} == set(TICKET_FRAMES)
    assert {"ticket_volume", "backlog", "first_response_time", "resolution_time", "reopen_rate"} <= set(CODES)
    assert (
        further(CATALOGUE["csat"]) == further(CATALOGUE["solved_per_agent"]) == further(CATALOGUE["churn_rate"]) == ()
    )
    assert set(FURTHER) > dimensions.PERSONAL


@pytest.mark.parametrize("code", [code for code in CODES if not CATALOGUE[code].needs_dimension])
def test_their_members_add_up_to_the_whole(code):
    (whole,) = figures(Question(code=code, **PERIOD)).points
    for dimension in set(FURTHER) - OVERLAPPING:
        found = figures(Question(code=code, by=dimension, **PERIOD)).points
        assert sum(point.n for point in found) == whole.n, dimension
        assert sum(sum(point.excluded.values()) for point in found) == sum(whole.excluded.values()), dimension


@pytest.mark.parametrize("code", [code for code in CODES if not CATALOGUE[code].needs_dimension])
def test_a_part_by_tags_is_what_is_kept_by_that_tag(code):
    (whole,) = figures(Question(code=code, **PERIOD)).points
    parts = figures(Question(code=code, by=TAGS, **PERIOD)).points
    assert sum(part.n for part in parts) >= whole.n
    for part in parts:
        question = Question(code=code, where={TAGS: [part.member]}, **PERIOD)
        (kept,) = figures(question).points
        assert (kept.value, kept.n, kept.part, kept.excluded) == (part.value, part.n, part.part, part.excluded)
        assert rows(question, limit=0).total == len(rows(question, limit=None).rows) == kept.n
    (any_of,) = figures(Question(code=code, where={TAGS: [part.member for part in parts]}, **PERIOD)).points
    assert (any_of.value, any_of.n, any_of.excluded) == (whole.value, whole.n, whole.excluded)


@pytest.mark.parametrize("code", ["ticket_volume", "backlog", "first_response_time"])
@pytest.mark.parametrize("dimension", FURTHER)
def test_a_member_kept_is_the_same_as_its_part(code, dimension):
    parts = {point.member: point for point in figures(Question(code=code, by=dimension, **PERIOD)).points}
    assert set(parts) <= set(members(CATALOGUE[code], dimension))
    for member in list(parts)[:2]:
        question = Question(code=code, where={dimension: [member]}, **PERIOD)
        (kept,) = figures(question).points
        assert (kept.value, kept.n, kept.excluded) == (
            parts[member].value,
            parts[member].n,
            parts[member].excluded,
        )
        assert rows(question, limit=0).total == len(rows(question, limit=None).rows) == kept.n


def test_rollups_hold_none_of_them():
    for code in CODES:
        held = set(Rollup.objects.filter(kpi=code).values_list("dimension", flat=True))
        assert held <= {"", *CATALOGUE[code].dimensions}
        assert not held & set(FURTHER)


def test_a_figure_without_them_refuses_them():
    with pytest.raises(BadQuestion):
        figures(Question(code="csat", by="language", **PERIOD))


# --- On the page --------------------------------------------------------------------------------------------------
@pytest.fixture
def tickets():
    with time_machine.travel(datetime(2026, 3, 20, 12, tzinfo=UTC), tick=False):
        ada = CustomerFactory(external_id="c-ada", name="Ada Lovelace", company="Engines", country="GB")
        for language, customer in (("de", ada), ("de", None), ("", ada)):
            TicketFactory(created_at="2026-03-02T10:00Z", language=language, customer=customer)
        compute()
        yield


def by(dimension):
    found = figures(Question(code="ticket_volume", by=dimension, **SPAN)).points
    return {point.member: point.value for point in found}


def test_what_is_not_known_is_a_member_of_its_own(tickets):
    assert by("language") == {"": 1, "de": 2}
    assert by("customer") == {"": 1, "c-ada": 2}
    assert (by("company"), by("country")) == ({"": 1, "Engines": 2}, {"": 1, "GB": 2})


MARCH = "/kpis/ticket_volume/?from=2026-03-01&to=2026-04-01"


def test_they_are_offered_for_the_breakdown_and_as_filters(client, tickets):
    client.force_login(ManagerFactory())
    found = client.get(f"{MARCH}&by=customer&offer=language&where=language=de")
    assert [code for code, _name in found.context["form"].fields["by"].choices][-8:] == [*FURTHER]
    assert [(line.label, line.value) for line in found.context["parts"].lines] == [
        ("(not given)", "1"),
        ("Ada Lovelace", "1"),
    ]
    assert [(one.value, one.is_kept) for one in found.context["offered"].choices] == [
        ("language=de", True),
        ("language=", False),
    ]
    analysis = client.get(f"{MARCH.replace('/?', '/analysis/?')}&where=language=de")
    assert analysis.status_code == 200


def reader(client):
    """Somebody who sees figures, and no tickets."""
    person = UserFactory()
    person.user_permissions.set(Permission.objects.filter(codename="view_rollup"))
    client.force_login(person)
    return client


@pytest.mark.parametrize("asked", ["by=customer", "by=company", "offer=customer", "where=customer=c-ada"])
def test_who_asked_is_only_for_those_who_may_see_tickets(client, tickets, asked):
    found = reader(client).get(f"{MARCH}&{asked}")
    assert found.status_code == 422
    assert "Ada" not in found.content.decode()
    assert reader(client).get(f"{MARCH.replace('/?', '/figures.csv?')}&{asked}&members=1").status_code == 422
    assert reader(client).get(f"{MARCH}&by=language").status_code == 200


def test_a_customer_of_two_names_is_called_by_the_number():
    CustomerFactory(source="a", external_id="7", name="Ann")
    CustomerFactory(source="b", external_id="7", name="Bob")
    CustomerFactory(external_id="8", name="")
    assert customer_names(["7", "8", "9"]) == {"8": "8"}


def test_all_askable_ones_begin_with_those_of_rollups():
    for kpi in CATALOGUE.values():
        assert askable(kpi)[: len(kpi.dimensions)] == kpi.dimensions
        assert len(set(askable(kpi))) == len(askable(kpi))
