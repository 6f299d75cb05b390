"""Three questions that show whether the training page was understood: offered to whoever writes its check."""

from typing import Final, NamedTuple

from manual import queries


class Starting(NamedTuple):
    """`right` is counted from 1; `place` is the heading to read again."""

    text: str
    choices: tuple[str, ...]
    right: int
    place: str


QUESTIONS: Final = (
    Starting(
        text="Four of five customers were satisfied this week. What do you tell the others?",
        choices=(
            "Satisfaction is 80 %.",
            "Too few have answered to say; let us read what they wrote.",
            "One in five customers is unhappy with us.",
        ),
        right=2,
        place="ref-training-answers",
    ),
    Starting(
        text="We answer twice as fast as last month. What do you look at before you are glad?",
        choices=(
            "Who of us was the fastest.",
            "Nothing: faster is always better.",
            "Whether customers are still satisfied, and whether it was solved at once.",
        ),
        right=3,
        place="ref-training-answers",
    ),
    Starting(
        text="A figure looks wrong to you. What do you do?",
        choices=(
            "Say so, and look with a manager at the cases behind it.",
            "Leave it out of the report.",
            "Wait until somebody else notices.",
        ),
        right=1,
        place="ref-training-exercises",
    ),
)


def offered(slug: str) -> tuple[Starting, ...]:
    """For a section of which nobody has written any; nothing for most."""
    return QUESTIONS if slug in queries.slugs_of("training") else ()
