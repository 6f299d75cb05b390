"""What pages of KPIs say about a figure, so that nobody has to know how it is computed."""

from datetime import UTC, datetime

import pytest
from django.http import QueryDict

from metrics import requirements
from metrics.queries import CATALOGUE, Point
from metrics.queries.supply import KINDS
from metrics.shelf import shelf
from metrics.views import looks
from metrics.why import why
from tests.factories import ManagerFactory, TicketFactory
from tests.metrics.figures import compute, day

MARCH = "from=2026-03-01&to=2026-04-01"


def plain(text):
    return text.replace("\u00a0", " ")


@pytest.fixture
def manager(client):
    client.force_login(ManagerFactory())
    return client


@pytest.mark.parametrize(
    ("code", "point", "said"),
    [
        ("csat", {"part": 3, "whole": 4}, ("3", "4", True)),
        ("nps", {"part": -2, "whole": 4}, ("−2", "4", True)),
        ("cost_per_contact", {"part": 792_000, "whole": 19_241}, ("792,000 EUR", "19,241", False)),
        ("average_handling_time", {"part": 7200, "whole": 12}, ("2 h", "12", False)),
        ("agent_utilisation", {"part": 360_000, "whole": 720_000}, ("100 h", "200 h", True)),
        ("contacts_per_ticket", {"part": 5, "whole": 2}, ("5", "2", False)),
        (
            "net_revenue_retention",
            {"part": 900.5, "whole": 1800, "beside": {"mrr_at_start": 1800.0}},
            ("900.50 EUR", "1,800 EUR", True),
        ),
        ("csat", {"part": 0, "whole": 0}, ("", "", False)),
    ],
)
@pytest.mark.django_db
def test_what_was_divided_is_told_in_its_own_unit(code, point, said):
    look = looks.look(QueryDict(MARCH), code)
    found = why(look.overall(), Point(start=day("2026-03-01"), end=None, **point), look.fresh)
    assert (plain(found.part), plain(found.whole), found.is_part) == said


def test_every_frame_has_kinds_of_imports_behind_it():
    assert {frame for kpi in CATALOGUE.values() for frame in kpi.frames} - set(KINDS) == set()
    assert set(requirements.KINDS) - set(KINDS) == set()


@pytest.mark.django_db
def test_facts_without_an_import_do_not_pretend_that_there_are_none(manager):
    assert "nothing was imported for it yet" in manager.get(f"/kpis/ticket_volume/why/?{MARCH}").content.decode()
    TicketFactory(created_at=datetime(2026, 3, 2, tzinfo=UTC))
    compute()
    assert "no import of it is on record" in manager.get(f"/kpis/ticket_volume/why/?{MARCH}").content.decode()


def test_months_are_counted_in_months():
    assert looks.names("month", ["0", "1", "12", "x"]) == {
        "0": "0 months after",
        "1": "1 month after",
        "12": "12 months after",
    }


@pytest.mark.django_db
def test_the_breakdown_that_is_shown_is_the_one_that_is_chosen(manager):
    TicketFactory(category="Billing")
    compute()
    page = manager.get("/kpis/category_share/").content.decode()
    assert '<option value="category" selected>' in page
    assert '<option value="channel" selected>' not in page


@pytest.mark.django_db
def test_a_number_of_tickets_is_not_said_twice(manager):
    TicketFactory(created_at=datetime(2026, 3, 2, tzinfo=UTC))
    compute()
    look = looks.look(QueryDict(MARCH), "ticket_volume")
    entries = {
        entry.kpi.code: entry for board in shelf(look.chosen, look.fresh, words="").adopted for entry in board.entries
    }
    assert (entries["ticket_volume"].value, entries["ticket_volume"].n) == ("1 ticket", "")
    page = manager.get(f"/kpis/ticket_volume/?{MARCH}").content.decode()
    assert ">Tickets</th>" not in page


@pytest.mark.django_db
def test_rows_of_a_share_say_whether_they_are_in_it(manager):
    TicketFactory(created_at=datetime(2026, 3, 2, tzinfo=UTC), solved_at=datetime(2026, 3, 3, tzinfo=UTC))
    compute()
    assert ">In the share</th>" in manager.get(f"/kpis/reopen_rate/rows/?{MARCH}").content.decode()
    assert ">Counts as</th>" in manager.get(f"/kpis/resolution_time/rows/?{MARCH}").content.decode()


@pytest.mark.django_db
def test_rows_that_are_never_listed_are_not_called_an_unknown_kpi(manager):
    answer = manager.get("/kpis/employee_nps/rows/")
    assert (answer.status_code, "These answers are never listed" in answer.content.decode()) == (404, True)


@pytest.mark.django_db
def test_months_without_anything_are_not_listed_one_by_one(manager):
    page = manager.get(f"/kpis/time_to_value/?{MARCH}").content.decode()
    assert "There are no records in this period that count; another period may have some." in page
    assert "Nothing was measured in this period." in page
    assert "figures-long" not in page
    assert "Nothing was measured in this period." not in manager.get(f"/kpis/ticket_volume/?{MARCH}").content.decode()
