"""What is packed by member and day comes out again, by whatever it is asked for."""

import json

import numpy as np
import pytest

from metrics import spreads
from metrics.packing import pack, unpack
from metrics.queries.unpacking import Row, add_up
from metrics.spreads import Spread
from metrics.sums import Groups, Sum

# Day 0: chat with 1 and 3 s, mail with 2 s. Day 1: mail with 5 s, and one that is left out.
GROUPS = Groups(
    buckets=np.array([0, 0, 1]),
    members=np.array([0, 1, 1]),
    whole=np.array([2, 1, 1]),
    part=np.array([4.0, 2.0, 5.0]),
    square=np.array([10.0, 4.0, 25.0]),
    excluded={"spam": np.array([0, 0, 1])},
    score=np.array([0.0, 0.0, 0.0]),
    scales=[],
    values=np.array([1, 3, 2, 5], dtype=np.int32),
    ends=np.array([0, 2, 3, 4]),
)


def rows(groups: Groups = GROUPS, places: tuple[int, ...] = (0, 1)) -> list[Row]:
    found = pack(groups, ["chat", "mail"])
    return [Row(place, one.members, one.extra, one.packed) for place, one in zip(places, found, strict=True)]


def plainly(found: list[tuple[int, str, Sum]]) -> list[tuple[int, str, int, float, dict[str, int], list[float]]]:
    return [
        (place, member, one.whole, one.part, one.excluded, list(Spread(one.exact, one.stored)))
        for place, member, one in found
    ]


def test_a_day_is_one_row_with_its_members() -> None:
    first, second = pack(GROUPS, ["chat", "mail"])
    assert (first.bucket, first.whole, json.loads(first.members), first.extra) == (0, 3, ["chat", "mail"], "{}")
    assert (second.bucket, second.whole, json.loads(second.members)) == (1, 1, ["mail"])
    assert json.loads(second.extra) == {"excluded": {"spam": [1]}}
    sums, counts, values = unpack(first.packed, 2)
    assert sums.tolist() == [[2, 1], [4, 2], [10, 4], [0, 0]]
    assert (counts.tolist(), values.tolist()) == ([2, 1], [1, 3, 2])


@pytest.mark.parametrize(
    ("places", "by", "wanted", "expected"),
    [
        (
            (0, 1), True, None,
            [(0, "chat", 2, 4.0, {}, [1, 3]), (0, "mail", 1, 2.0, {}, [2]), (1, "mail", 1, 5.0, {"spam": 1}, [5])],
        ),
        ((0, 0), True, None, [(0, "chat", 2, 4.0, {}, [1, 3]), (0, "mail", 2, 7.0, {"spam": 1}, [2, 5])]),
        ((0, 0), False, None, [(0, "", 4, 11.0, {"spam": 1}, [1, 2, 3, 5])]),
        ((0, 0), False, {"mail"}, [(0, "", 2, 7.0, {"spam": 1}, [2, 5])]),
        ((3, 7), True, {"mail"}, [(3, "mail", 1, 2.0, {}, [2]), (7, "mail", 1, 5.0, {"spam": 1}, [5])]),
        ((0, 1), True, {"phone"}, []),
    ],
)  # fmt: skip
def test_rows_add_up_to_what_is_asked_for(places, by, wanted, expected) -> None:
    assert plainly(list(add_up(rows(places=places), by=by, wanted=wanted))) == expected


def test_scales_and_scores_come_along() -> None:
    groups = Groups(
        buckets=np.array([0, 0]), members=np.array([0, 1]), whole=np.array([2, 1]), part=np.zeros(2),
        square=np.zeros(2), excluded={}, score=np.array([7.0, 4.0]), scales=[["1-5"], ["1-7"]],
        values=np.zeros(0, dtype=np.int32), ends=np.zeros(0, dtype=np.int64),
    )  # fmt: skip
    ((_, _, both),) = add_up(rows(groups, (0,)), by=False, wanted=None)
    assert (both.score, both.scales, both.exact, both.stored) == (11.0, {"1-5", "1-7"}, [], [])
    assert [(member, one.scales) for _, member, one in add_up(rows(groups, (0,)), by=True, wanted=None)] == [
        ("chat", {"1-5"}),
        ("mail", {"1-7"}),
    ]


def test_many_values_become_a_histogram_that_is_right_within_two_percent() -> None:
    many = np.sort(np.random.default_rng(5).lognormal(8, 1.5, 3 * spreads.EXACT_LIMIT)).astype(np.int32)
    groups = Groups(
        buckets=np.array([0, 0]), members=np.array([0, 1]), whole=np.array([len(many), 1]), part=np.zeros(2),
        square=np.zeros(2), excluded={}, score=np.zeros(2), scales=[],
        values=np.append(many, np.int32(7)), ends=np.array([0, len(many), len(many) + 1]),
    )  # fmt: skip
    (_, _, chat), (_, _, mail) = add_up(rows(groups, (0,)), by=True, wanted=None)
    assert list(Spread(mail.exact, mail.stored)) == [7]
    spread = Spread(chat.exact, chat.stored)
    assert (len(spread), spread.is_exact) == (len(many), False)
    for share in (0.1, 0.5, 0.9):
        assert spread.quantile(share) == pytest.approx(float(np.quantile(many, share)), rel=0.02)
