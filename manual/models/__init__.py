"""The manual as it is being written, as it was published, and with whom it is shared."""

from manual.models.edition import Edition, Share
from manual.models.section import Section, SectionVersion

__all__ = ["Edition", "Section", "SectionVersion", "Share"]
