"""The manual as it is being written, as it was published, with whom it is shared, and who has read it."""

from manual.models.acknowledgement import (
    Acknowledgement,
    Audience,
    AudienceDeadline,
    AudienceReader,
    CheckQuestion,
    ReadingQuestion,
    ReadingReminder,
)
from manual.models.edition import Edition, EditionSection, Share
from manual.models.feedback import Feedback
from manual.models.section import Section, SectionReview, SectionVersion

__all__ = [
    "Acknowledgement",
    "Audience",
    "AudienceDeadline",
    "AudienceReader",
    "CheckQuestion",
    "Edition",
    "EditionSection",
    "Feedback",
    "ReadingQuestion",
    "ReadingReminder",
    "Section",
    "SectionReview",
    "SectionVersion",
    "Share",
]
