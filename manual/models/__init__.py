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
from manual.models.edition import Edition, EditionSection
from manual.models.feedback import Feedback
from manual.models.passage import Passage
from manual.models.picture import Picture
from manual.models.section import Section, SectionReminder, SectionReview, SectionVersion
from manual.models.share import ExtractPrint, Follower, FormerToken, Share
from manual.models.writing import Writing

__all__ = [
    "Acknowledgement", "Approval", "ApprovalComment", "ApprovalEvent", "Audience", "AudienceDeadline",
    "AudienceReader", "CheckQuestion", "ContradictionAnswer", "Edition", "EditionSection", "ExtractPrint", "Feedback",
    "Follower", "FormerToken", "Passage", "Picture", "ReadingQuestion", "ReadingReminder", "Section", "SectionReminder",
    "SectionReview", "SectionVersion", "Share", "Writing",
]  # fmt: skip
