"""How customers begin, by hand."""

import pytest

from tests.factories import AnswerFactory, InvitationFactory, SurveyFactory
from tests.metrics.catalogue.customers import customers, figure, month, orders, records, subscriptions, tickets
from tests.metrics.figures import point


def left_out(found):
    return {reason: int(rows.sum()) for reason, rows in found.excluded.items() if rows.sum()}


def begun(kind, *rows):
    """Of (started, finished, outcome, due) each, by the days of July 2025; a text is a day of another month."""
    names = ("started_at", "finished_at", "outcome", "due_at")
    return records(
        *[
            {
                "kind": kind,
                **{
                    name: f"2025-07-{cell:02}" if isinstance(cell, int) else cell
                    for name, cell in zip(names, row, strict=False)
                    if cell is not None
                },
            }
            for row in rows
        ]
    )


def test_onboarding_is_of_those_whose_time_is_over():
    found = figure(
        "onboarding_completion",
        begun(
            "onboarding",
            (1, 21),
            (1, "2025-08-05"),  # after 35 of 30 days
            (2, 5, "aborted"),
            (2,),
            (20, 22, "done"),  # quick, and its time is not over
            (1, 6, "", 5),  # its own time was shorter
            ("2025-06-30", 1),
        ),
        window=month("2025-07", now="2025-08-15"),
    )
    assert (found.value, found.part, found.base, left_out(found)) == (20, 1, 5, {"too_recent": 1})
    assert found.beside == {"finished_late": 2, "median_days": 20}  # of 20, 35 and 5


def test_time_to_value_counts_those_who_have_not_reached_it():
    """Of six, one has reached it after 2, 4 and 6 days, one broke off after 3, two are at it: 5/6, × 3/4, × 2/3."""
    reached = begun("first_value", (1, 3), (1, 5), (1, 7), (1, 4, "aborted"), (1,), (1,), (9, 8))
    found = figure("time_to_value", reached, window=month("2025-07", now="2025-07-31"))
    assert (found.value, found.whole.sum(), left_out(found)) == (6, 6, {"negative_duration": 1})
    assert found.beside == {"reached": 3, "not_reached": 3}


def test_time_to_value_is_unknown_while_most_have_not_reached_it():
    found = figure("time_to_value", begun("onboarding", (1, 3), (1,), (1,)), window=month("2025-07", now="2025-07-31"))
    assert (found.value, found.whole.sum()) == (None, 3)


def test_adoption_is_of_new_customers():
    new = customers(
        {"customer_id": 1, "signed_up_at": "2025-03-01"},
        {"customer_id": 2, "signed_up_at": "2025-03-10"},
        {"customer_id": 3, "signed_up_at": "2025-03-10"},
        {"customer_id": 4, "signed_up_at": "2025-03-10"},
        {"customer_id": 5, "signed_up_at": "2025-03-20"},
        {"customer_id": 6, "signed_up_at": "2025-02-20"},
    )
    adopted = [(1, "2025-03-02"), (2, "2025-06-08"), (3, "2025-06-09"), (5, "2025-03-21"), (6, "2025-02-21")]
    told = [{"kind": "adoption", "customer_id": pk, "finished_at": at} for pk, at in adopted]
    told += [
        {"kind": "adoption", "customer_id": 4, "finished_at": "2025-03-11", "outcome": "failed"},
        {"kind": "onboarding", "customer_id": 4, "finished_at": "2025-03-11"},
    ]
    asked = tickets(
        *[{"customer_id": 1, "created_at": f"2025-{day}"} for day in ("01-20", "02-20", "03-05", "03-31", "04-01")],
        {"customer_id": 2, "created_at": "2025-03-05"},
    )
    frames = (new, subscriptions(), orders(), records(*told), asked)
    found = figure("adoption_rate", *frames, window=month("2025-03", now="2025-06-15"))
    assert (found.value, found.part, found.base, left_out(found)) == (50, 2, 4, {"too_recent": 1})
    assert found.beside == {"tickets_before": 1, "tickets_after": 2}


def test_adoption_that_no_source_tells_of_is_unknown():
    new = customers({"customer_id": 1, "signed_up_at": "2025-03-01"}, {"customer_id": 2, "signed_up_at": "2025-03-30"})
    march = month("2025-03", now="2025-06-15")
    for kind, expected in (
        ("complaint", (None, 0, {"too_recent": 1, "adoption_unknown": 1})),
        ("onboarding", (0, 1, {"too_recent": 1})),
        ("Adoption", (0, 1, {"too_recent": 1})),
    ):
        told = records({"kind": kind, "customer_id": 9, "finished_at": "2024-03-11"})
        found = figure("adoption_rate", new, subscriptions(), orders(), told, tickets(), window=march)
        assert (found.value, found.base, left_out(found)) == expected


@pytest.mark.django_db
def test_onboarding_satisfaction_is_of_surveys_about_it():
    for purpose, scores in (("onboarding", (5, 4, 4, 2)), ("service", (1, 1))):
        survey = SurveyFactory(purpose=purpose)
        for score in scores:
            AnswerFactory(survey=survey, invitation=InvitationFactory(survey=survey), score=score)
    found = point("onboarding_satisfaction")
    assert (found.value, found.part, found.whole) == (75, 3, 4)
