"""The manual as it is being written, as it was published, and with whom it is shared."""

from manual.models.edition import Edition
from manual.models.picture import Picture
from manual.models.section import Section, SectionVersion
from manual.models.share import Follower, FormerToken, Share
from manual.models.writing import Writing

__all__ = ["Edition", "Follower", "FormerToken", "Picture", "Section", "SectionVersion", "Share", "Writing"]
