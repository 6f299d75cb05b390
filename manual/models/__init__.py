"""The manual as it is written, approved and published, with whom it is shared, and who has read it."""

from manual.models.acknowledgement import (
    Acknowledgement,
    Audience,
    AudienceDeadline,
    AudienceReader,
    CheckQuestion,
    ReadingQuestion,
    ReadingReminder,
)
from manual.models.approval import Approval, ApprovalComment, ApprovalEvent, ContradictionAnswer
from manual.models.edition import Edition, EditionSection, Share
from manual.models.feedback import Feedback
from manual.models.section import Section, SectionReminder, SectionReview, SectionVersion

__all__ = [
    "Acknowledgement", "Approval", "ApprovalComment", "ApprovalEvent", "Audience", "AudienceDeadline",
    "AudienceReader", "CheckQuestion", "ContradictionAnswer", "Edition", "EditionSection", "Feedback",
    "ReadingQuestion", "ReadingReminder", "Section", "SectionReminder", "SectionReview", "SectionVersion", "Share",
]  # fmt: skip
