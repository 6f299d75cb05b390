"""What is shown of people must not tell what is not shown of them; found out by trying every possibility."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys import anonymity
from surveys.anonymity import Block

DAY = date(2026, 3, 2)


def days(*counts: int) -> dict[date, int]:
    return {DAY + timedelta(days=number): count for number, count in enumerate(counts)}


def block(first: int, last: int, n: int) -> Block:
    return Block(DAY + timedelta(days=first), DAY + timedelta(days=last), n)


# --- Groups -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("least", "counts", "hidden"),
    [
        # V104, the example of PeopleCues: two small groups hide each other.
        (3, {"Tech": 8, "Product": 7, "Content": 2, "Operations": 5, "Business": 1}, {"Content", "Business"}),
        (5, {"A": 9, "B": 8}, set()),
        (5, {}, set()),
        (5, {"A": 4}, {"A"}),
        # 20 - 11 = 9 would tell that C has 2: the smallest of the others goes too
        (5, {"A": 11, "B": 7, "C": 2}, {"B", "C"}),
        (5, {"A": 6, "B": 6, "C": 2}, {"A", "B", "C"}),  # whichever of the two was taken would tell about C
        (5, {"A": 9, "B": 3, "C": 2}, {"B", "C"}),
        (5, {"A": 9, "B": 4, "C": 4}, {"A", "B", "C"}),  # 8 of two small groups can only be 4 and 4
        (5, {"A": 9, "B": 2, "C": 2}, {"A", "B", "C"}),  # together still fewer than five
        (5, {"A": 9, "B": 0, "C": 6}, set()),
    ],
)
def test_hidden(least, counts, hidden):
    assert anonymity.hidden(counts, least) == hidden


def shown(counts: Mapping[str, int], least: int) -> tuple[tuple[tuple[str, int], ...], int]:
    """Everything a reader sees of one cut: the groups that are shown, and how many answers there are in all."""
    hidden = anonymity.hidden(counts, least)
    visible = tuple((name, count) for name, count in counts.items() if count and name not in hidden)
    return visible, sum(counts.values())


@pytest.mark.parametrize(("least", "most", "names"), [(3, 12, "AB"), (3, 16, "ABC"), (3, 14, "ABCD"), (5, 24, "ABC")])
def test_nobody_can_tell_the_size_of_a_hidden_group(least, most, names):
    """Every page is compared with all the worlds that would show the same page: in one of them the group differs."""
    worlds = defaultdict(list)
    for counts in product(range(most + 1), repeat=len(names)):
        if sum(counts) <= most:
            world = dict(zip(names, counts, strict=True))
            worlds[shown(world, least)].append(world)
    told = []
    for (visible, total), possible in worlds.items():
        for name in set(names) - dict(visible).keys():
            sizes = {world[name] for world in possible}
            if len(sizes) == 1 and sizes != {0}:
                told.append((visible, total, name, sizes))
    assert told == []


@given(st.dictionaries(st.sampled_from("ABCDEFGH"), st.integers(0, 30)))
def test_no_small_group_is_shown_and_what_is_hidden_is_many(counts):
    hidden = anonymity.hidden(counts)
    visible = {name: count for name, count in counts.items() if count and name not in hidden}
    together = sum(counts[name] for name in hidden)
    assert all(count >= anonymity.LEAST for count in visible.values())
    assert not hidden or not visible or together >= anonymity.LEAST
    assert len(hidden) != 1 or not visible


# --- Time ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("counts", "blocks"),
    [
        ((), []),
        ((4,), []),
        ((5,), [block(0, 0, 5)]),
        ((2, 0, 2, 3, 1), [block(0, 3, 7)]),
        ((0, 6, 1, 4, 9), [block(1, 1, 6), block(2, 3, 5), block(4, 4, 9)]),
    ],
)
def test_blocks(counts, blocks):
    assert anonymity.blocks(days(*counts)) == blocks


@given(st.lists(st.integers(0, 7), max_size=40), st.lists(st.integers(0, 7), max_size=10))
def test_later_answers_never_change_a_block(before, later):
    old, new = anonymity.blocks(days(*before)), anonymity.blocks(days(*before, *later))
    assert new[: len(old)] == old


@given(st.lists(st.integers(0, 7), max_size=40), st.data())
def test_any_two_views_differ_by_nobody_or_by_enough(counts, data):
    """Views are of whole blocks from one day to another; what one shows and the other does not are whole blocks too."""
    found = anonymity.blocks(days(*counts))

    def view() -> set[Block]:
        first, last = sorted((data.draw(st.integers(0, 41)), data.draw(st.integers(0, 41))))
        return {
            one for one in found if DAY + timedelta(days=first) <= one.first and one.last < DAY + timedelta(days=last)
        }

    one, other = view(), view()
    assert all(not part or sum(block.n for block in part) >= anonymity.LEAST for part in (one - other, other - one))


def test_spans_are_months_that_are_over():
    march, april = Block(date(2026, 3, 2), date(2026, 3, 9), 6), Block(date(2026, 3, 30), date(2026, 4, 2), 5)
    late = Block(date(2026, 4, 20), date(2026, 4, 20), 8)
    assert anonymity.spans([march, april, late], today=date(2026, 5, 1)) == [[march], [april, late]]
    assert anonymity.spans([march, april, late], today=date(2026, 4, 30)) == [[march]]
