"""The manual as it is being written, approved and published, and with whom it is shared."""

from manual.models.approval import Approval, ApprovalComment, ApprovalEvent, ContradictionAnswer
from manual.models.edition import Edition, EditionSection, Share
from manual.models.section import Section, SectionReminder, SectionReview, SectionVersion

__all__ = [
    "Approval", "ApprovalComment", "ApprovalEvent", "ContradictionAnswer", "Edition", "EditionSection", "Section",
    "SectionReminder", "SectionReview", "SectionVersion", "Share",
]  # fmt: skip
