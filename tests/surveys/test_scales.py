import pytest

from surveys import scales
from surveys.scales import ScoreOutOfScaleError


@pytest.mark.parametrize(
    ("kind", "low", "high"), [("csat", 1, 5), ("nps", 0, 10), ("ces", 1, 7), ("esat", 1, 5), ("enps", 0, 10)]
)
def test_kinds_have_the_scales_of_the_field(kind, low, high):
    assert (scales.KINDS[kind].low, scales.KINDS[kind].high) == (low, high)


@pytest.mark.parametrize(
    ("kind", "question"),
    [
        ("csat", "How satisfied were you with the service you received today?"),
        ("nps", "How likely are you to recommend [Company] to a friend or colleague?"),
        ("ces", "How easy was it to get your issue resolved today?"),
    ],
)
def test_kinds_ask_in_the_words_of_the_field(kind, question):
    assert str(scales.KINDS[kind].question) == question


# Scores by group, by hand: bad, middle, good.
GROUPS = [
    ("csat", 1, 2, [1], [], [2]),
    ("csat", 1, 3, [1], [2], [3]),
    ("csat", 1, 4, [1], [2], [3, 4]),
    ("csat", 1, 5, [1, 2], [3], [4, 5]),
    ("csat", 1, 7, [1, 2, 3], [4, 5], [6, 7]),
    ("csat", 1, 10, [1, 2, 3, 4, 5, 6], [7, 8], [9, 10]),
    ("csat", 0, 2, [0], [1], [2]),
    ("esat", 1, 5, [1, 2], [3], [4, 5]),
    ("nps", 0, 10, [0, 1, 2, 3, 4, 5, 6], [7, 8], [9, 10]),
    ("enps", 0, 10, [0, 1, 2, 3, 4, 5, 6], [7, 8], [9, 10]),
    ("ces", 1, 7, [1, 2, 3], [4], [5, 6, 7]),
    ("ces", 1, 5, [1, 2], [3], [4, 5]),
]


@pytest.mark.parametrize(("kind", "low", "high", "bad", "middle", "good"), GROUPS)
def test_group_of_every_score_of_a_scale(kind, low, high, bad, middle, good):
    names = scales.KINDS[kind].groups
    expected = dict.fromkeys(good, names[0]) | dict.fromkeys(middle, names[1]) | dict.fromkeys(bad, names[2])
    assert {score: scales.group(kind, score, low, high) for score in range(low, high + 1)} == expected


def test_groups_have_the_names_of_the_field():
    assert [scales.group("nps", score, 0, 10) for score in (0, 7, 8, 9)] == [
        "detractor",
        "passive",
        "passive",
        "promoter",
    ]
    assert [scales.group("csat", score, 1, 5) for score in (2, 3, 4)] == ["unhappy", "neutral", "satisfied"]
    assert [scales.group("ces", score, 1, 7) for score in (3, 4, 5)] == ["effort", "neutral", "easy"]


@pytest.mark.parametrize(("kind", "low", "high"), [("csat", 1, 6), ("nps", 1, 11), ("nps", 1, 5), ("ces", 1, 10)])
def test_scale_without_agreed_thresholds_has_no_groups(kind, low, high):
    assert scales.steps(kind, low, high) is None
    assert scales.group(kind, high, low, high) == ""


@pytest.mark.parametrize(("score", "low", "high"), [(15, 1, 5), (0, 1, 5), (11, 0, 10), (-1, 0, 10), (8, 1, 7)])
def test_score_out_of_scale_is_an_error(score, low, high):
    with pytest.raises(ScoreOutOfScaleError) as raised:
        scales.check_score(score, low, high)
    assert str(raised.value) == f"{score} is not on this scale. Please choose a number from {low} to {high}."


def test_every_group_has_a_name_to_show():
    assert {name for kind in scales.KINDS.values() for name in kind.groups} == set(scales.GROUP_NAMES)
