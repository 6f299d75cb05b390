import pytest

from surveys import looks
from surveys.content import Content, Further, Prompt, Wording
from surveys.scales import Scale

WORDS = Wording(question="?", low_label="Awful", high_label="Great")


def content(look: str, *, kind: str = "csat", low: int = 1, high: int = 5, lower_is_better: bool = False) -> Content:
    scale = Scale(kind=kind, low=low, high=high, lower_is_better=lower_is_better)
    return Content(scale=scale, look=look, language="en", wordings={"en": WORDS})


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        (
            content("numbers", kind="nps", low=0, high=10),
            {0: "0 out of 10, Awful", 9: "9 out of 10", 10: "10 out of 10, Great"},
        ),
        (content("stars"), {1: "1 out of 5 stars, Awful", 4: "4 out of 5 stars", 5: "5 out of 5 stars, Great"}),
        (content("smileys"), {1: "1 out of 5, Awful", 2: "2 out of 5, unhappy", 4: "4 out of 5, happy"}),
        (content("smileys", high=7), {2: "2 out of 7, unhappy", 4: "4 out of 7, neither happy nor unhappy"}),
        (content("thumbs", high=2), {1: "thumb down, Awful", 2: "thumb up, Great"}),
        (content("smileys", kind="ces", lower_is_better=True), {2: "2 out of 5, happy", 4: "4 out of 5, unhappy"}),
    ],
)
def test_what_a_screen_reader_calls_a_score(asked, names):
    cells = {cell.score: cell.name for cell in looks.cells(asked, WORDS, None)}
    assert {score: cells[score] for score in names} == names
    assert list(cells) == list(asked.scale.scores)


@pytest.mark.parametrize("points", [2, 3, 4, 5, 7])
def test_every_smiley_looks_and_is_called_differently(points):
    plain = Wording(question="?")
    cells = looks.cells(content("smileys", high=points), plain, None)
    assert len({cell.mouth for cell in cells}) == points
    assert len({cell.name.partition(", ")[2] for cell in cells}) == points


def test_smileys_of_a_scale_where_low_is_good_smile_at_its_low_end():
    usual = [cell.mouth for cell in looks.cells(content("smileys"), WORDS, None)]
    turned = [cell.mouth for cell in looks.cells(content("smileys", kind="ces", lower_is_better=True), WORDS, None)]
    assert turned == usual[::-1]


def test_cells_know_what_is_chosen_and_which_group_it_belongs_to():
    cells = looks.cells(content("numbers"), WORDS, 4)
    assert [cell.is_chosen for cell in cells] == [False, False, False, True, False]
    assert [cell.standing for cell in cells] == [-1, -1, 0, 1, 1]


def test_cells_of_a_further_question():
    prompt = Prompt(prompt="?", low_label="No", high_label="Yes")
    question = Further(id=1, kind="scale", low=1, high=3, prompts={"en": prompt})
    cells = looks.scale_cells(question, prompt, 2)
    assert [(cell.name, cell.is_chosen) for cell in cells] == [
        ("1 out of 3, No", False),
        ("2 out of 3", True),
        ("3 out of 3, Yes", False),
    ]
