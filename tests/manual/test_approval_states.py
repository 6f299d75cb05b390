"""The state machine of a draft: laws over every sequence of steps."""

from collections.abc import Iterator, Sequence
from itertools import product

import pytest

from manual.approval_states import OPEN, NotNowError, State, Step, after, possible

LENGTH = 5
ALL = [sequence for length in range(1, LENGTH + 1) for sequence in product(Step, repeat=length)]


def walked(sequence: Sequence[Step]) -> Iterator[tuple[State, Step, State]]:
    """Before, step, after; a step that is refused leaves the state."""
    state = State.DRAFT
    for step in sequence:
        before = state
        try:
            state = after(before, step)
        except NotNowError:
            continue
        yield before, step, state


def test_possible_and_after_agree_about_every_pair() -> None:
    for state, step in product(State, Step):
        if step in possible(state):
            assert after(state, step) in State
        else:
            with pytest.raises(NotNowError) as refused:
                after(state, step)
            assert (refused.value.state, refused.value.step) == (state, step)


def test_nothing_is_published_without_an_approval_of_what_was_submitted_last() -> None:
    published = 0
    for sequence in ALL:
        taken = [step for _before, step, _after in walked(sequence)]
        if Step.PUBLISH not in taken:
            continue
        published += 1
        way = taken[: taken.index(Step.PUBLISH)]
        assert way[-1] == Step.APPROVE
        assert way[-2] == Step.SUBMIT
    assert published > 20


def test_an_edit_takes_every_approval_and_every_review_away() -> None:
    for sequence in ALL:
        for before, step, state in walked(sequence):
            if step == Step.EDIT:
                assert state == (State.CHANGES_ASKED if before == State.CHANGES_ASKED else State.DRAFT)


def test_what_is_published_never_becomes_a_draft_again() -> None:
    for sequence in ALL:
        for before, _step, state in walked(sequence):
            if before not in OPEN:
                assert (before, state) == (State.PUBLISHED, State.SUPERSEDED)


def test_every_state_is_reached_and_every_open_one_can_still_be_published() -> None:
    reached = {state for sequence in ALL for _before, _step, state in walked(sequence)}
    assert reached == set(State)
    for start in OPEN:
        seen = {start}
        for _round in State:
            seen |= {after(state, step) for state in seen for step in possible(state)}
        assert State.PUBLISHED in seen
    assert possible(State.SUPERSEDED) == frozenset()
