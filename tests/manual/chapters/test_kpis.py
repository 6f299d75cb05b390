"""The cards of the KPIs."""

from datetime import date

import pytest
import time_machine

from metrics import dirty
from metrics.kpi import CATALOGUE
from metrics.models import Rollup, Ticket
from tests.factories import CalendarFactory, TicketFactory
from tests.goals.measured import rollup, share, tickets
from tests.manual.chapters.built import AS_OF, beneath, build, facts, figures, lines, tables, words_in
from tests.metrics.figures import compute

pytestmark = pytest.mark.django_db


def lead(anchor: str) -> str:
    """The figure with which a card begins."""
    return words_in(beneath(build("kpis").blocks, anchor)[0]["inlines"])


def test_card_of_a_share_has_figure_interval_change_reasons_definition_chart_and_months() -> None:
    share("csat", date(2026, 4, 10), 80, n=50)
    share("csat", date(2026, 5, 10), 90, n=50)
    Rollup.objects.filter(day=date(2026, 5, 10)).update(
        extra={"excluded": {"answered_again": 2, "off_scale": 1}, "score": 220.0, "scales": ["1-5"]}
    )
    built = build("kpis")
    assert facts(built.blocks, "kpi-csat") == {
        "Change": "+10.0 points (before: 80.0 %; may be chance)",
        "Target": "none: it is watched, and nothing is promised",
        "Owner": "nobody yet",
        "What counts and what does not": " ".join(str(CATALOGUE["csat"].text).split("\n\n")[1:]),
        "Left out": "2 answered again later about the same ticket, 1 with a score that its scale does not have",
        "Mean score": "4.40",
        "How it can be gamed": str(CATALOGUE["csat"].gaming),
        "Formula": "satisfied answers ÷ answers × 100",
        "Source": "Zendesk and Delighted: 4 and 5 of 5 are satisfied",
        "Unit": "percent (0 to 100)",
        "Direction": "higher is better",
        "Broken down by": "channel, category, team, agent, survey",
        "Revision": "3",
    }
    assert [
        words_in(block["inlines"]) for block in beneath(built.blocks, "kpi-csat") if block["is"] == "paragraph"
    ] == [
        "90.0 % May 2026; 50 answers; 95 % interval 78.6 % to 95.7 %",
        "Share of satisfied customers among those who answered.",
    ]
    months = tables(built.blocks)["Customer satisfaction (CSAT) by month, in numbers"]
    assert months[-3:] == [
        ["March 2026", "no data", "–", "0"],
        ["April 2026", "80.0 %", "67.0 % to 88.8 %", "50"],
        ["May 2026", "90.0 %", "78.6 % to 95.7 %", "50"],
    ]
    charts = [block["title"] for block in built.blocks if block["is"] == "chart"]
    assert charts == ["Customer satisfaction (CSAT), by month"]
    assert figures("kpis")["kpi:csat.value"] == "90.0\u00a0% (May 2026, 50 answers)"


def test_card_of_a_duration_tells_the_longest_waits_and_the_calendar() -> None:
    CalendarFactory(name="Service hours", is_default=True)
    for number in range(40):
        replied = f"2026-05-04T{9 + number // 10:02}:30Z"
        TicketFactory(created_at="2026-05-04T09:00Z", first_agent_reply_at=replied)
    compute()
    found = facts(build("kpis").blocks, "kpi-first-response-time")
    assert lead("kpi-first-response-time") == "2 h May 2026; 40 tickets; 95 % interval 1 h 30 min to 2 h 30 min"
    assert found["Nine in ten"] == "took no longer than 3 h 30 min"
    assert found["Mean"] == "2 h"
    assert found["Measured in"] == "business time of the calendar “Service hours”"


def test_card_of_a_level_says_that_it_is_of_the_end_of_the_month() -> None:
    tickets(date(2026, 4, 1), date(2026, 5, 31))
    rollup("backlog", date(2026, 5, 10), whole=7)
    built = build("kpis")
    assert lead("kpi-backlog") == "7 At the end of May 2026"
    assert tables(built.blocks)["Backlog by month, in numbers"][-2:] == [["April 2026", "0"], ["May 2026", "7"]]


def test_empty_organisation_has_cards_without_charts_that_say_no_data() -> None:
    built = build("kpis")
    assert [block for block in built.blocks if block["is"] == "chart"] == []
    assert lead("kpi-csat") == "no data May 2026"
    assert figures("kpis")["kpi:csat.value"] == "no data (May 2026)"


def test_too_recent_rows_are_told_with_what_they_would_make() -> None:
    solved = {"created_at": "2026-05-30T09:00Z", "first_solved_at": "2026-05-30T10:00Z"}
    for day in ("2026-05-04", "2026-05-05"):
        for _number in range(20):
            TicketFactory(
                created_at=f"{day}T09:00Z", first_solved_at=f"{day}T10:00Z", solved_at=f"{day}T10:00Z", fcr=True
            )
    for _number in range(10):
        TicketFactory(**solved, solved_at="2026-05-30T10:00Z", fcr=False)
    compute()
    with time_machine.travel("2026-06-02T12:00Z", tick=False):
        found = facts(build("kpis").blocks, "kpi-first-contact-resolution")
        said = lead("kpi-first-contact-resolution")
    assert said == "100.0 % May 2026; 40 tickets; 95 % interval 91.2 % to 100.0 %"
    assert found["Left out"] == ("10 too recent to be counted for good; with the too recent ones it would be 80.0 %")


def test_waiting_figures_are_announced_only_where_a_month_is_concerned() -> None:
    warning = "Some figures were still being computed when this was written; they may have changed since."
    TicketFactory(created_at="2026-05-04T09:00Z")
    compute()
    assert warning not in lines("kpis")
    dirty.mark_tickets(list(Ticket.objects.values_list("pk", flat=True)))
    assert warning in lines("kpis")


def test_what_happened_after_the_instant_is_not_in_the_cards() -> None:
    share("csat", date(2026, 5, 10), 90, n=50)
    before = build("kpis").figures
    share("csat", AS_OF.date(), 10, n=50)
    share("csat", date(2026, 7, 1), 10, n=50)
    assert build("kpis").figures == before
