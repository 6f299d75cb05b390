import random
from collections import Counter

import numpy as np
import pytest

from metrics.sources import repeats

KEYS = [f"key {random.Random(number).randrange(40)}" for number in range(300)]


@pytest.mark.parametrize(("at_once", "in_a_part"), [(1 << 20, 1 << 21), (7, 10), (300, 299), (1, 1)])
def test_keys_in_several_parts_are_found_as_in_one(monkeypatch, at_once: int, in_a_part: int) -> None:
    monkeypatch.setattr(repeats, "_AT_ONCE", at_once)
    monkeypatch.setattr(repeats, "_IN_A_PART", in_a_part)
    last = {key: place for place, key in enumerate(KEYS)}
    assert repeats.last_ones(KEYS).tolist() == [last[key] == place for place, key in enumerate(KEYS)]
    counts = Counter(KEYS)
    assert repeats.repeated(KEYS).tolist() == [counts[key] > 1 for key in KEYS]


def test_nothing_repeats_in_an_empty_file() -> None:
    assert repeats.last_ones([]).tolist() == []
    assert repeats.repeated([]).tolist() == []


def test_flags_come_one_after_the_other() -> None:
    assert list(repeats.each(np.array([True, False, True]))) == [True, False, True]
