"""What may happen to a draft of the manual until it is published and replaced: states, steps, and nothing stored.

             submit             approve              publish               supersede
draft ─────────────▶ in review ─────────▶ approved ─────────▶ published ─────────────▶ superseded
  ▲                     │  ▲                 │
  │  withdraw or edit   │  │ submit          │ ask for changes
  ├─────────────────────┤  └── changes asked ◀┘
  └── edit (approved) ──┘ask for changes ▶ (changes asked)
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class State(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    CHANGES_ASKED = "changes_asked"
    APPROVED = "approved"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"


class Step(StrEnum):
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    ASK = "ask"
    APPROVE = "approve"
    EDIT = "edit"
    PUBLISH = "publish"
    SUPERSEDE = "supersede"


OPEN: Final = frozenset({State.DRAFT, State.IN_REVIEW, State.CHANGES_ASKED, State.APPROVED})
"""What still may become an edition."""

_AFTER: Final[Mapping[tuple[State, Step], State]] = {
    (State.DRAFT, Step.SUBMIT): State.IN_REVIEW,
    (State.DRAFT, Step.EDIT): State.DRAFT,
    (State.IN_REVIEW, Step.WITHDRAW): State.DRAFT,
    # Nobody approves a text that has moved under their eyes.
    (State.IN_REVIEW, Step.EDIT): State.DRAFT,
    (State.IN_REVIEW, Step.ASK): State.CHANGES_ASKED,
    (State.IN_REVIEW, Step.APPROVE): State.APPROVED,
    (State.CHANGES_ASKED, Step.EDIT): State.CHANGES_ASKED,
    (State.CHANGES_ASKED, Step.SUBMIT): State.IN_REVIEW,
    (State.APPROVED, Step.ASK): State.CHANGES_ASKED,
    (State.APPROVED, Step.WITHDRAW): State.DRAFT,
    (State.APPROVED, Step.EDIT): State.DRAFT,
    (State.APPROVED, Step.PUBLISH): State.PUBLISHED,
    (State.PUBLISHED, Step.SUPERSEDE): State.SUPERSEDED,
}


class NotNowError(ValueError):
    """The step is not possible in this state."""

    def __init__(self, state: State, step: Step) -> None:
        super().__init__(f"{step} is not possible while the draft is {state}.")
        self.state, self.step = state, step


def after(state: State, step: Step) -> State:
    """The state that the step leads to. Raises NotNowError."""
    found = _AFTER.get((state, step))
    if found is None:
        raise NotNowError(state, step)
    return found


def possible(state: State) -> frozenset[Step]:
    """The steps that may follow."""
    return frozenset(step for before, step in _AFTER if before == state)
