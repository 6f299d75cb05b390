import pytest

from metrics import labels


@pytest.mark.parametrize(
    ("text", "by_space", "kept"),
    [
        ("", True, ""),
        ("vip printer", True, "vip, printer"),
        ("needs review", False, "needs review"),
        ("late refund, vip", True, "late refund, vip"),
        ("vip;late refund|vip\nnew", True, "vip, late refund, new"),
        (" , vip ,, ", False, "vip"),
        ("a a b", True, "a, b"),
    ],
)
def test_labels_are_kept_with_commas_whatever_stands_between_them(text, by_space, kept):
    assert labels.kept(text, by_space=by_space) == kept
    assert labels.kept(kept, by_space=False) == kept


@pytest.mark.parametrize(
    ("text", "found"),
    [(None, ("",)), ("", ("",)), (", ", ("",)), ("vip", ("vip",)), ("vip, late refund,vip", ("vip", "late refund"))],
)
def test_each_label_is_a_member_once(text, found):
    assert labels.members(text) == found
