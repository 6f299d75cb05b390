"""What finance and healthcare measure, by hand."""

import pytest

from tests.metrics.catalogue.customers import answers, customers, figure, month, records, tickets

JULY = month("2025-07", now="2025-07-25")
HOUR, DAY = 3600, 86400


def left_out(found):
    return {reason: int(rows.sum()) for reason, rows in found.excluded.items() if rows.sum()}


def requests(kind, *rows):
    """Of (started, due, finished, outcome) each, by the days of July 2025; a date is one of another month."""
    names = ("started_at", "due_at", "finished_at", "outcome")
    return records(
        *[
            {"kind": kind, **{name: _day(cell) for name, cell in zip(names, row, strict=False) if cell is not None}}
            for row in rows
        ]
    )


def _day(cell):
    return f"2025-07-{cell:02}" if isinstance(cell, int) else cell


def test_compliance_enquiries_count_on_the_day_they_are_due():
    found = figure(
        "compliance_enquiry_handling",
        requests(
            "compliance_enquiry",
            (1, 10, 9),
            (5, 10, 10),  # exactly when due
            (1, 10, 12),
            (1, 20),
            (1, 30),  # still to come
            (1,),  # never due
            (20, 28, 24),  # early
            (1, "2025-08-02", 2),
        ),
        window=JULY,
    )
    assert (found.value, found.part, found.base) == (60, 3, 5)
    assert left_out(found) == {"pending": 1, "no_due_time": 1}
    assert found.beside == {"median_seconds": 6.5 * DAY}  # of 8, 5, 11 and 4 days


def test_regulatory_requests_are_to_be_accepted_as_well():
    found = figure(
        "regulatory_satisfaction",
        requests(
            "regulatory_request",
            (1, 10, 9, "Accepted"),
            (1, 10, 9, "rejected"),
            (1, 10, 12, "accepted"),
            (1, 10, 9, ""),
            (1, 30),
        ),
        window=JULY,
    )
    assert (found.value, found.part, found.base, left_out(found)) == (25, 1, 4, {"pending": 1})


def test_security_incidents_are_told_within_72_hours_or_as_each_says():
    found = figure(
        "security_incident_communication",
        records(
            *[
                {"kind": "security_notice", **row}
                for row in (
                    {"started_at": "2025-07-01", "acknowledged_at": "2025-07-01 10:00"},
                    {"started_at": "2025-07-01", "finished_at": "2025-07-05 04:00"},
                    {"started_at": "2025-07-01"},
                    {"started_at": "2025-07-24"},  # not old enough
                    {"started_at": "2025-07-01", "acknowledged_at": "2025-07-01 02:00", "due_at": "2025-07-01 01:00"},
                )
            ]
        ),
        window=JULY,
    )
    assert (found.value, found.whole.sum()) == (10 * HOUR, 3)  # of 10, 100 and 2 hours
    assert found.beside == {"within_limit_percent": 25, "not_told": 2}


def test_appointments_are_counted_in_days_of_the_calendar():
    kind = {"kind": "appointment"}
    asked = {**kind, "started_at": "2025-07-04 23:30"}  # a Friday
    found = figure(
        "appointment_scheduling",
        records(
            {**asked, "offered_at": "2025-07-08 00:30", "acknowledged_at": "2025-07-05"},
            {**asked, "offered_at": "2025-07-06 00:30", "acknowledged_at": "2025-07-04 23:40"},
            {**asked, "acknowledged_at": "2025-07-09"},
            {**asked, "offered_at": "2025-07-03"},
            {**kind, "started_at": "2025-06-01", "due_at": "2025-07-02", "outcome": "No-show"},
            {**kind, "started_at": "2025-06-01", "due_at": "2025-07-02", "outcome": "completed"},
            {**kind, "started_at": "2025-06-01", "due_at": "2025-07-02"},
        ),
        window=JULY,
    )
    assert (found.value, found.whole.sum(), left_out(found)) == (3, 2, {"negative_duration": 1})  # of 4 and 2 days
    assert (found.beside, found.notes) == ({"days_until_booked": 1, "no_show_percent": 50}, ())


def test_appointments_without_offers_are_counted_until_they_are_booked():
    found = figure(
        "appointment_scheduling",
        records({"kind": "appointment", "started_at": "2025-07-04 23:30", "acknowledged_at": "2025-07-05"}),
        window=JULY,
    )
    assert (found.value, found.notes) == (
        1,
        ("No record tells the third next appointment: these are days until booking.",),
    )


def test_insurance_is_verified_before_the_visit():
    found = figure(
        "insurance_verification",
        requests(
            "insurance_verification",
            (1, 10, 9),
            (1, 10, 9, "failed"),
            (1, 10, 11),
            (1, 10, 2, "Verified"),
            (1, 30),
        ),
        window=JULY,
    )
    assert (found.value, found.part, found.base, left_out(found)) == (50, 2, 4, {"pending": 1})
    assert found.beside == {"median_seconds": 8 * DAY}  # of 8, 8, 10 and 1


def test_records_are_due_after_30_days_unless_they_say_otherwise():
    found = figure(
        "record_access",
        requests(
            "record_request",
            (1, 20, 20),
            ("2025-06-05", None, 5),  # after exactly 30 days
            ("2025-06-10", None, 11),
            ("2025-06-01", 25, 24),  # extended
            (2, 10, 3, "refused"),
            ("2025-06-28", None),
        ),
        window=JULY,
    )
    assert (found.value, found.part, found.base, left_out(found)) == (60, 3, 5, {"pending": 1})
    assert found.beside == {"median_days": 30, "extended": 1}  # of 19, 30, 31, 53 and 1


def patients(well_and_happy, well, happy, neither):
    """So many patients who were served well or not, and are happy or not: tickets in time and for good, or neither."""
    kinds = [(True, True)] * well_and_happy + [(True, False)] * well + [(False, True)] * happy
    kinds += [(False, False)] * neither
    asked = [
        {
            "customer_id": pk,
            "created_at": "2025-07-01",
            "done_at": "2025-07-02",
            "target_due_at": "2025-07-03" if is_well else "2025-07-01 12:00",
            "reopens": 0 if is_well else 1,
        }
        for pk, (is_well, _is_happy) in enumerate(kinds)
    ]
    said = [
        {"customer_id": pk, "kind": "csat", "answered_at": "2025-07-05", "score": 5 if is_happy else 1}
        for pk, (_is_well, is_happy) in enumerate(kinds)
    ]
    return customers(ids=list(range(len(kinds)))), tickets(*asked), answers(*said)


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ((12, 3, 3, 12), 0.6),  # of pairs of two values Spearman's ρ is φ: (12 × 12 − 3 × 3) ÷ (15 × 15)
        ((15, 0, 0, 15), 1.0),
        ((3, 12, 12, 3), -0.6),
        ((15, 15, 0, 0), None),  # all were served alike
        ((12, 3, 3, 11), None),  # 29 patients
    ],
)
def test_patients_who_were_served_well_are_happier(groups, expected):
    found = figure("patient_satisfaction_link", *patients(*groups), window=JULY)
    assert found.value == (None if expected is None else pytest.approx(expected))
    assert found.whole.sum() == sum(groups)


def test_patients_without_tickets_or_answers_are_not_in_it():
    people, asked, said = patients(12, 3, 3, 12)
    found = figure("patient_satisfaction_link", people, asked[1:], said[:-1], window=JULY)
    assert (found.value, found.whole.sum()) == (None, 28)


@pytest.mark.parametrize(
    "code",
    [
        "compliance_enquiry_handling",
        "regulatory_satisfaction",
        "security_incident_communication",
        "appointment_scheduling",
        "insurance_verification",
        "record_access",
    ],
)
def test_nothing_gives_no_figure(code):
    found = figure(code, records(), window=JULY)
    assert (found.value, found.whole.sum()) == (None, 0)
