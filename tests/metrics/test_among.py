import pytest
from django.db.models import Q

from metrics.models import Among, Ticket, TicketEvent
from tests.factories import TicketFactory

pytestmark = pytest.mark.django_db

NAMES = ("plain", 'with "quotes" and \\', "{a,b}", "Zoë, Łódź", "", "100 %s")


def test_among_finds_what_in_finds() -> None:
    ids = [TicketFactory(external_id=name).pk for name in NAMES]
    for some in ([], ids[:1], ids[1:4], [*ids, 10**12]):
        assert set(Ticket.objects.filter(Among("pk", some))) == set(Ticket.objects.filter(pk__in=some))
    for names in ([], list(NAMES[:1]), list(NAMES[1:]), ["nobody"]):
        expected = set(Ticket.objects.filter(external_id__in=names))
        assert set(Ticket.objects.filter(Among("external_id", names))) == expected


def test_among_goes_into_other_conditions_and_other_queries() -> None:
    one, other = TicketFactory(), TicketFactory()
    event = TicketEvent.objects.create(ticket=one, key="a", at="2026-03-02T10:00Z", kind="note")
    which = Q(Among("pk", [one.pk]))
    assert list(Ticket.objects.filter(which | Q(pk=other.pk)).order_by("pk")) == [one, other]
    assert list(Ticket.objects.filter(~which)) == [other]
    assert list(TicketEvent.objects.filter(ticket__in=Ticket.objects.filter(which).values("pk"))) == [event]
    assert list(TicketEvent.objects.filter(Among("ticket_id", [one.pk]))) == [event]
