from surveys import lots


def test_the_same_names_always_draw_the_same():
    assert lots.lot(1, "ticket:1") == lots.lot(1, "ticket:1")
    assert lots.lot(1, "ticket:1") != lots.lot(2, "ticket:1")


def test_a_sample_has_its_share():
    drawn = sum(lots.is_drawn(30, 7, number) for number in range(10_000))
    assert 2800 < drawn < 3200
    assert all(lots.is_drawn(100, number) for number in range(1000))


def test_a_larger_sample_contains_the_smaller_one():
    small, large = ({n for n in range(2000) if lots.is_drawn(percent, "rule", n)} for percent in (10, 40))
    assert small < large


def test_groups_are_of_one_size_and_everybody_is_in_one():
    groups = [lots.group(3, "rule", number) for number in range(9000)]
    assert set(groups) == {0, 1, 2}
    assert all(2800 < groups.count(number) < 3200 for number in range(3))
