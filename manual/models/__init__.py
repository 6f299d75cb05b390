"""The manual as it is being written, as it was published, and with whom it is shared."""

from manual.models.edition import Edition, EditionSection, Share
from manual.models.section import Section, SectionReview, SectionVersion

__all__ = ["Edition", "EditionSection", "Section", "SectionReview", "SectionVersion", "Share"]
