"""What shops and software measure, by hand."""

import pytest

from tests.metrics.catalogue.customers import figure, month, orders, records, tickets

JULY = month("2025-07")
HOUR, DAY = 3600, 86400


def left_out(found):
    return {reason: int(rows.sum()) for reason, rows in found.excluded.items() if rows.sum()}


def of_kind(kind, *rows):
    return records(*[{"kind": kind, **row} for row in rows])


def test_return_processing_time_ends_with_the_money():
    found = figure(
        "return_processing_time",
        of_kind(
            "return",
            # Approved after 2 hours, back after 48 more, paid back a day later.
            {
                "started_at": "2025-07-01 10:00",
                "acknowledged_at": "2025-07-01 12:00",
                "received_at": "2025-07-03 12:00",
                "finished_at": "2025-07-04 12:00",
            },
            # Another source tells approval in a column of its own.
            {
                "started_at": "2025-07-02",
                "approved_at": "2025-07-03",
                "received_at": "2025-07-03",
                "finished_at": "2025-07-04",
            },
            {"started_at": "2025-06-21", "finished_at": "2025-07-01"},
            {"started_at": "2025-07-05", "finished_at": "2025-07-04"},
            {"started_at": "2025-07-06"},
            {"started_at": "2025-07-07", "finished_at": "2025-08-01"},
        ),
        window=JULY,
    )
    assert (found.value, found.whole.sum(), left_out(found)) == (74 * HOUR, 3, {"negative_duration": 1})
    assert found.beside == {"approval": 13 * HOUR, "receipt": DAY, "payout": DAY, "still_open": 2}


def test_a_chat_was_followed_by_an_order_if_it_says_so_or_else_within_five_days():
    chats = of_kind(
        "chat_conversion",
        {"customer_id": 1, "started_at": "2025-07-01", "outcome": "Ordered"},
        {"customer_id": 2, "started_at": "2025-07-01", "outcome": "not ordered"},
        {"customer_id": 3, "started_at": "2025-07-03"},
        {"customer_id": 4, "started_at": "2025-07-03"},
        {"customer_id": 5, "started_at": "2025-07-03"},
        {"customer_id": 6, "started_at": "2025-07-03"},
        {"started_at": "2025-07-03"},
        {"customer_id": 7, "started_at": "2025-07-31"},
        {"customer_id": 8, "started_at": "2025-07-31", "outcome": "ordered"},
        {"customer_id": 3, "started_at": "2025-06-30", "outcome": "ordered"},
    )
    bought = orders(
        {"customer_id": 2, "placed_at": "2025-07-02"},
        {"customer_id": 3, "placed_at": "2025-07-08"},
        {"customer_id": 4, "placed_at": "2025-07-08 00:01"},
        {"customer_id": 5, "placed_at": "2025-07-04", "cancelled_at": "2025-07-05"},
        {"customer_id": 6, "placed_at": "2025-07-04", "status": "returned"},
        {"placed_at": "2025-07-04"},
    )
    found = figure("live_chat_conversion", chats, bought, window=month("2025-07", now="2025-08-04"))
    assert (found.value, found.part, found.base) == (37.5, 3, 8)
    assert left_out(found) == {"too_recent": 1}
    longer = figure("live_chat_conversion", chats, bought, window=month("2025-07", options={"conversion_days": 6}))
    assert (longer.part, longer.base) == (4, 9)
    untold = figure("live_chat_conversion", chats, orders(), window=month("2025-07", now="2025-08-04"))
    assert (untold.part, untold.base, left_out(untold)) == (2, 3, {"too_recent": 1, "orders_unknown": 5})


def test_bug_reports_have_parts():
    found = figure(
        "bug_report_processing_time",
        of_kind(
            "bug",
            {
                "started_at": "2025-07-01 09:00",
                "acknowledged_at": "2025-07-01 10:00",
                "finished_at": "2025-07-02 09:00",
                "told_at": "2025-07-02 10:00",
            },
            {"started_at": "2025-07-03", "finished_at": "2025-07-03 12:00"},
            {"started_at": "2025-07-04"},
            {"started_at": "2025-06-04", "finished_at": "2025-06-05"},
        ),
        window=JULY,
    )
    assert (found.value, found.whole.sum()) == (18 * HOUR, 2)
    assert found.beside == {"sorting": HOUR, "fixing": 23 * HOUR, "telling": HOUR, "still_open": 1}


def test_wishes_are_acknowledged():
    found = figure(
        "feature_request_acknowledgement",
        of_kind(
            "feature_request",
            {"started_at": "2025-07-01", "acknowledged_at": "2025-07-02", "due_at": "2025-07-03"},
            {"started_at": "2025-07-01", "acknowledged_at": "2025-07-05", "due_at": "2025-07-03"},
            {"started_at": "2025-07-05", "acknowledged_at": "2025-07-08"},
            {"started_at": "2025-07-06"},
            {"started_at": "2025-07-08", "acknowledged_at": "2025-07-07"},
        ),
        window=JULY,
    )
    assert (found.value, found.whole.sum(), left_out(found)) == (3 * DAY, 3, {"negative_duration": 1})
    assert found.beside == {"within_due_percent": 50, "waiting": 1}


def test_documentation_helps_those_who_say_so_and_those_who_ask_nothing():
    views = of_kind(
        "documentation",
        {"customer_id": 1, "started_at": "2025-07-01 10:00", "outcome": "helpful"},
        {"customer_id": 2, "started_at": "2025-07-01 10:00", "outcome": "not helpful"},
        {"customer_id": 3, "started_at": "2025-07-01 10:00"},
        {"customer_id": 4, "started_at": "2025-07-01 10:00", "outcome": "viewed"},
        {"customer_id": 5, "started_at": "2025-07-01 10:00"},
        {"started_at": "2025-07-01 10:00", "outcome": "helpful"},
        {"customer_id": 6, "started_at": "2025-07-31 12:00", "outcome": "helpful"},  # a day is not over yet
    )
    asked = tickets(
        {"customer_id": 2, "created_at": "2025-07-02 10:00"},
        {"customer_id": 3, "created_at": "2025-07-02 10:01"},
        {"customer_id": 4, "created_at": "2025-07-01 09:00"},
        {"customer_id": 5, "created_at": "2025-07-01 11:00"},
        {"created_at": "2025-07-01 11:00"},
    )
    found = figure("documentation_effectiveness", views, asked, window=month("2025-07", now="2025-08-01 06:00"))
    assert (found.value, found.part, found.base) == (75, 3, 4)
    assert found.beside == {"views": 7, "no_ticket_percent": 60}


def test_outages_are_told_in_the_time_of_the_calendar():
    found = figure(
        "downtime_communication",
        of_kind(
            "downtime_notice",
            {"started_at": "2025-07-05 10:00", "acknowledged_at": "2025-07-05 10:30", "due_at": "2025-07-05 11:00"},
            {"started_at": "2025-07-06 10:00", "acknowledged_at": "2025-07-06 12:00", "due_at": "2025-07-06 11:00"},
            {"started_at": "2025-07-07 10:00"},
            {"started_at": "2025-07-08 10:00", "acknowledged_at": "2025-07-07 10:00"},
            {"started_at": "2025-07-09 10:00", "acknowledged_at": "2025-07-09 10:10"},
        ),
        window=JULY,
    )
    assert (found.value, found.whole.sum(), left_out(found)) == (1800, 3, {"negative_duration": 1})
    assert found.beside == {"within_due_percent": 50, "not_told": 1}


@pytest.mark.parametrize(
    ("code", "frames"),
    [
        ("return_processing_time", (records(),)),
        ("live_chat_conversion", (records(), orders())),
        ("bug_report_processing_time", (records(),)),
        ("feature_request_acknowledgement", (records(),)),
        ("documentation_effectiveness", (records(), tickets())),
        ("downtime_communication", (records(),)),
    ],
)
def test_nothing_gives_no_figure(code, frames):
    found = figure(code, *frames, window=JULY)
    assert (found.value, found.whole.sum()) == (None, 0)
