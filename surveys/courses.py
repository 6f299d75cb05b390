"""How far somebody came through the further questions. Imports no model."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from surveys.content import Further

# Names of the sums of a tally in which each state is counted.
ANSWERED, PASSED_OVER, LEFT = "good", "middle", "bad"


def of(
    questions: Sequence[Further],
    standing: int | None,
    *,
    chosen: Mapping[int, Iterable[str]],
    answered: Collection[int],
) -> dict[int, str]:
    """Of every question that was seen: ANSWERED, PASSED_OVER or LEFT.

    A question that branching skips was not seen. Who answers nothing from some question on left at the first of those;
    the questions after it were not seen, so that everybody leaves at one question at most.
    """
    asked = [question.id for question in questions if question.applies(standing, chosen)]
    last = max((place for place, question_id in enumerate(asked) if question_id in answered), default=-1)
    seen = {question_id: ANSWERED if question_id in answered else PASSED_OVER for question_id in asked[: last + 1]}
    return seen | dict.fromkeys(asked[last + 1 : last + 2], LEFT)
