"""How customers and the company get on, by hand."""

import pytest

from tests.metrics.catalogue.customers import answers, customers, figure, month, orders, records, subscriptions

JUNE = month("2025-06")


def left_out(found):
    return {reason: int(rows.sum()) for reason, rows in found.excluded.items() if rows.sum()}


def of_kind(kind, *rows):
    return records(*[{"kind": kind, "started_at": "2025-06-10", **row} for row in rows])


def signed_up(*gone):
    """Four customers, some of whom have left."""
    rows = [{"customer_id": pk, "signed_up_at": "2024-01-01"} for pk in range(4)]
    return customers(
        *rows, *[{"customer_id": pk, "signed_up_at": "2024-01-01", "left_at": "2025-05-01"} for pk in gone]
    )


def renewals(*rows):
    """So many contracts, each with (due, renewed)."""
    due = [{"renewal_due_at": due, "renewed_at": renewed} for n, due, renewed in rows for _one in range(n)]
    return subscriptions(*[{"started_at": "2024-06-20", **one} for one in due])


def test_nobody_knows_of_renewals_of_which_no_source_ever_tells():
    found = figure("renewal_rate", renewals((3, "2025-06-20", None)), window=month("2025-06", now="2026-01-01"))
    assert (found.value, int(found.whole.sum())) == (None, 0)
    assert found.excluded["renewal_unknown"].tolist() == [True, True, True]


def test_renewals_count_when_they_are_due():
    # v181: of 20 due 15 are renewed on the day, 2 early, 1 late and 2 not at all.
    found = figure(
        "renewal_rate",
        renewals(
            (15, "2025-06-20", "2025-06-20"),
            (2, "2025-06-20", "2025-04-10"),
            (1, "2025-06-20", "2025-07-05"),
            (2, "2025-06-20", None),
            (4, "2025-07-20", "2025-06-20"),  # signed in the period, and due in the next
            (1, "2025-05-20", "2025-06-03"),
        ),
        window=JUNE,
    )
    assert (found.value, found.part, found.base, found.beside) == (90, 18, 20, {"on_time_percent": 85})


@pytest.mark.parametrize(("now", "expected"), [("2025-07-19", (100, 1)), ("2025-07-21", (50, 2))])
def test_who_may_still_renew_is_not_lost(now, expected):
    contracts = renewals((1, "2025-06-20", "2025-06-20"), (1, "2025-06-20", None))
    found = figure("renewal_rate", contracts, window=month("2025-06", now=now))
    assert (found.value, found.base) == expected


def test_engagement_is_by_month_and_active_customer():
    met = records(
        *[
            {"kind": kind, "customer_id": pk, "channel": channel, "started_at": at}
            for kind, pk, channel, at in (
                ("touchpoint", 0, "mail", "2025-07-01"),
                ("touchpoint", 0, "phone", "2025-07-02"),
                ("outreach", 1, "mail", "2025-07-31"),
                ("touchpoint", 2, "chatbot", "2025-07-02"),
                ("touchpoint", 2, "mail", "2025-08-01"),
                ("complaint", 3, "mail", "2025-07-02"),
            )
        ]
    )
    found = figure("engagement_frequency", met, signed_up(9), subscriptions(), orders(), window=month("2025-07"))
    # 3 of 4 customers in 31 of 30.4375 days
    assert (round(found.value, 5), found.part, left_out(found)) == (0.73639, 3, {"bot": 1})
    assert found.beside == {"active_customers": 4, "percent_with_any": 50}


def outreach(reached, control):
    """Of (successes, failures) each."""
    groups = (("", reached), ("control", control))
    return of_kind(
        "outreach",
        *[
            {"group": group, "outcome": outcome}
            for group, counts in groups
            for outcome, n in zip(("replied", "nothing"), counts, strict=True)
            for _one in range(n)
        ],
        {"outcome": "pending"},
    )


def test_outreach_does_better_than_none():
    found = figure("outreach_effect", outreach((12, 3), (3, 12)), window=JUNE)
    assert (found.value, round(found.low, 1), round(found.high, 1)) == (pytest.approx(60), 24.4, 78.3)
    assert found.beside == {"reached": 15, "reached_percent": 80, "control": 15, "control_percent": 20}
    assert (left_out(found), found.notes) == ({"undecided": 1}, ())


def test_outreach_without_a_control_group_says_so():
    found = figure("outreach_effect", outreach((8, 2), (0, 0)), window=JUNE)
    assert (found.value, round(found.low, 2), round(found.high, 2)) == (80, 49.02, 94.33)
    assert found.notes == (
        "Uncontrolled: nobody comparable was left out, so nobody knows what would have happened anyway.",
    )


def test_offers_count_when_they_are_decided():
    found = figure(
        "cross_sell_rate",
        of_kind(
            "cross_sell",
            {"customer_id": 1, "outcome": "won", "finished_at": "2025-06-20"},
            {"customer_id": 1, "outcome": "Sold", "finished_at": "2025-06-20"},
            {"customer_id": 2, "outcome": "won", "started_at": "2025-03-10", "finished_at": "2025-06-01"},
            {"customer_id": 3, "outcome": "lost"},
            {"customer_id": 4, "outcome": "offered"},
            {"customer_id": 5, "outcome": "won", "finished_at": "2025-07-01"},
        ),
        window=JUNE,
    )
    assert (found.value, found.part, found.base, left_out(found)) == (75, 3, 4, {"undecided": 1})
    assert found.beside == {"offered_in_period": 5, "customers_won": 2}


def test_referrals_are_of_every_hundred_active_customers():
    told = of_kind(
        "referral",
        *[
            {"customer_id": 1, "outcome": outcome}
            for outcome in ("converted", "lost", "", "duplicate", "Self-referral")
        ],
        {"outcome": "converted", "started_at": "2025-05-31"},
    )
    found = figure("referral_rate", told, signed_up(9), subscriptions(), orders(), window=JUNE)
    assert (found.value, found.part, found.base) == (75, 3, 4)
    assert left_out(found) == {"duplicate": 1, "self_referral": 1}
    assert found.beside == {"active_customers": 4, "converted_percent": 50}


def test_advocates_spoke_up_within_a_year():
    told = records(
        {"kind": "review", "customer_id": 0, "started_at": "2024-09-01"},
        {"kind": "referral", "customer_id": 1, "started_at": "2024-06-29"},  # a year before
        {"kind": "touchpoint", "customer_id": 3, "started_at": "2025-06-01"},
    )
    said = answers(
        {"kind": "nps", "customer_id": 0, "score": 9, "answered_at": "2025-06-01"},
        {"kind": "nps", "customer_id": 2, "score": 10, "answered_at": "2025-01-01"},
        {"kind": "nps", "customer_id": 1, "score": 3, "answered_at": "2025-06-01"},
        {"kind": "csat", "customer_id": 3, "score": 5, "answered_at": "2025-06-01"},
        {"kind": "nps", "customer_id": 9, "score": 9, "answered_at": "2025-06-01"},  # has left
    )
    found = figure("advocacy_rate", signed_up(9), subscriptions(), orders(), told, said, window=JUNE)
    assert (found.value, found.part, found.base) == (50, 2, 4)
    assert found.beside == {"referred_or_reviewed": 1, "rated_9_or_10": 2}


def test_what_no_source_ever_told_of_is_not_0():
    people, nothing = signed_up(9), (subscriptions(), orders())
    told = of_kind("complaint", {"customer_id": 1})
    for code in ("engagement_frequency", "referral_rate"):
        found = figure(code, told, people, *nothing, window=JUNE)
        assert (found.value, found.part, found.base, found.whole.sum()) == (None, None, None, 0)
        assert found.notes[-1] == "No source has ever told of it, so nobody knows whether it is 0."
    found = figure("advocacy_rate", people, *nothing, told, answers(), window=JUNE)
    assert (found.value, found.whole.sum(), left_out(found)) == (None, 0, {"advocacy_unknown": 4})


def test_what_was_told_of_at_another_time_is_0():
    people, nothing = signed_up(9), (subscriptions(), orders())
    for code, kind in (("engagement_frequency", "outreach"), ("referral_rate", "Referral")):
        found = figure(
            code, of_kind(kind, {"customer_id": 1, "started_at": "2023-05-01"}), people, *nothing, window=JUNE
        )
        assert (found.value, found.base > 0, len(found.notes)) == (0, True, 1)
    told = of_kind("review", {"customer_id": 1, "started_at": "2023-05-01"})
    found = figure("advocacy_rate", people, *nothing, told, answers(), window=JUNE)
    assert (found.value, found.base) == (0, 4)


def test_nobody_is_an_advocate_only_where_somebody_known_was_asked():
    def asked(**answer):
        said = answers({"kind": "nps", "score": 3, "answered_at": "2025-06-01", **answer})
        found = figure("advocacy_rate", signed_up(9), subscriptions(), orders(), records(), said, window=JUNE)
        return found.value, found.base

    assert asked(customer_id=1) == (0, 4)
    assert asked() == (None, 0)
    assert asked(customer_id=1, answered_at="2024-06-01") == (None, 0)
    assert asked(customer_id=1, kind="csat") == (None, 0)


def test_premium_that_no_source_tells_of_is_unknown():
    plain = [{"customer_id": pk, "started_at": "2025-01-01"} for pk in range(3)]
    found = figure("premium_adoption", signed_up(), subscriptions(*plain), window=JUNE)
    assert (found.value, found.base, left_out(found), found.beside) == (None, 0, {"premium_unknown": 3}, {})
    gone = {"customer_id": 3, "started_at": "2024-01-01", "ended_at": "2024-06-01", "is_premium": 1}
    found = figure("premium_adoption", signed_up(), subscriptions(*plain, gone), window=JUNE)
    assert (found.value, found.base, left_out(found)) == (0, 3, {})
