"""Records that figures are measured with, beside customers and tickets."""

from datetime import date, timedelta
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from metrics.models import Benchmark, CustomKpi, ExchangeRate, Message, Order
from tests.factories import CustomerFactory, TicketFactory


class BenchmarkFactory(DjangoModelFactory):
    class Meta:
        model = Benchmark

    kpi = "csat"
    low = 70.0
    high = 80.0
    source = "A study"
    as_of = date(2026, 1, 1)


class ExchangeRateFactory(DjangoModelFactory):
    class Meta:
        model = ExchangeRate

    currency = "CHF"
    valid_from = factory.Sequence(lambda number: date(2020, 1, 1) + timedelta(days=number))
    rate = Decimal("1.05")


class OrderFactory(DjangoModelFactory):
    class Meta:
        model = Order

    source = "shop"
    external_id = factory.Sequence(lambda number: f"O-{number}")
    customer = factory.SubFactory(CustomerFactory)
    placed_at = "2026-03-02T10:00Z"
    amount = 20


class MessageFactory(DjangoModelFactory):
    """A public reply of an agent, unless told otherwise."""

    class Meta:
        model = Message

    ticket = factory.SubFactory(TicketFactory)
    key = factory.Sequence(str)
    at = "2026-03-02T11:00Z"
    author_type = "agent"


class CustomKpiFactory(DjangoModelFactory):
    """How many tickets were created, unless told otherwise."""

    class Meta:
        model = CustomKpi

    code = factory.Sequence(lambda number: f"custom_figure_{number}")
    name = factory.Sequence(lambda number: f"Figure {number}")
    frame = "tickets"
    at = "created_at"
