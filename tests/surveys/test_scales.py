import pytest

from surveys import scales
from surveys.scales import BAD, GOOD, MIDDLE, Scale, ScoreOutOfScaleError


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
    ("csat", 1, 2, [1], [], [2]),  # V082, V083
    ("csat", 1, 3, [1], [2], [3]),  # V082, V083
    ("csat", 1, 4, [1], [2], [3, 4]),  # V082
    ("csat", 1, 5, [1, 2], [3], [4, 5]),  # V082, V083
    ("csat", 1, 7, [1, 2, 3], [4, 5], [6, 7]),
    ("csat", 1, 10, [1, 2, 3, 4, 5, 6], [7, 8], [9, 10]),
    ("csat", 0, 2, [0], [1], [2]),
    ("esat", 1, 5, [1, 2], [3], [4, 5]),
    ("nps", 0, 10, [0, 1, 2, 3, 4, 5, 6], [7, 8], [9, 10]),  # V064, V065, V067
    ("enps", 0, 10, [0, 1, 2, 3, 4, 5, 6], [7, 8], [9, 10]),
    ("ces", 1, 7, [1, 2, 3], [4], [5, 6, 7]),  # V079
    ("ces", 1, 5, [1, 2], [3], [4, 5]),  # V079
]


@pytest.mark.parametrize(("kind", "low", "high", "bad", "middle", "good"), GROUPS)
def test_group_of_every_score_of_a_scale(kind, low, high, bad, middle, good):
    names = scales.KINDS[kind].groups
    expected = dict.fromkeys(good, names[0]) | dict.fromkeys(middle, names[1]) | dict.fromkeys(bad, names[2])
    assert {score: Scale(kind=kind, low=low, high=high).group(score) for score in range(low, high + 1)} == expected


def test_groups_have_the_names_of_the_field():
    assert [Scale(kind="nps", low=0, high=10).group(score) for score in (0, 7, 8, 9)] == [
        "detractor",
        "passive",
        "passive",
        "promoter",
    ]
    assert [Scale(kind="csat", low=1, high=5).group(score) for score in (2, 3, 4)] == [
        "unhappy",
        "neutral",
        "satisfied",
    ]
    assert [Scale(kind="ces", low=1, high=7).group(score) for score in (3, 4, 5)] == ["effort", "neutral", "easy"]


@pytest.mark.parametrize(("kind", "low", "high"), [("csat", 1, 6), ("nps", 1, 11), ("nps", 1, 5), ("ces", 1, 10)])
def test_scale_without_agreed_thresholds_has_no_groups(kind, low, high):
    assert scales.steps(kind, low, high) is None
    assert Scale(kind=kind, low=low, high=high).group(high) == ""


@pytest.mark.parametrize(("score", "low", "high"), [(15, 1, 5), (0, 1, 5), (11, 0, 10), (-1, 0, 10), (8, 1, 7)])
def test_score_out_of_scale_is_an_error(score, low, high):
    """V056, V068"""
    with pytest.raises(ScoreOutOfScaleError) as raised:
        scales.check_score(score, low, high)
    assert str(raised.value) == f"{score} is not on this scale. Please choose a number from {low} to {high}."


def test_every_group_has_a_name_to_show():
    assert {name for kind in scales.KINDS.values() for name in kind.groups} == set(scales.GROUP_NAMES)


# Scores by group, by hand: with "how much effort …?" low scores are good.
@pytest.mark.parametrize(("high", "bad", "middle", "good"), [(5, [4, 5], [3], [1, 2]), (7, [5, 6, 7], [4], [1, 2, 3])])
def test_effort_wording_turns_the_scale_round(high, bad, middle, good):
    scale = Scale(kind="ces", low=1, high=high, lower_is_better=True)
    expected = dict.fromkeys(good, "easy") | dict.fromkeys(middle, "neutral") | dict.fromkeys(bad, "effort")
    assert {score: scale.group(score) for score in scale.scores} == expected


def test_own_thresholds_win_over_the_agreed_ones():
    scale = Scale(kind="csat", low=1, high=5, middle_from=4, good_from=5)
    assert [scale.standing(score) for score in scale.scores] == [BAD, BAD, BAD, MIDDLE, GOOD]


def test_every_look_fits_a_scale_that_some_kind_has():
    possible = {points for kind in scales.KINDS for points in scales.points_of(kind)}
    assert {points for looks in scales.LOOKS.values() for points in looks} <= possible
