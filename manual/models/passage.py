from typing import ClassVar, Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from manual.models.edition import Edition


class Passage(models.Model):
    """A part of an edition as search finds it, made of the edition by manual.passages and never by hand.

    `slug`, `number` and `title` are those of its section, `heading` is the one it stands at or below, `anchor` its
    place in the page. A line of `name_words` is one name of it; the words in it, in the text and around it are kept
    as manual.plain_words has them. PostgreSQL holds them in two columns more, SQLite in two tables beside this one.
    """

    class Kind(models.TextChoices):
        SECTION = "section", _("Section")
        KPI = "kpi", _("KPI")
        HEADING = "heading", _("Heading")
        TABLE = "table", _("Table")
        NOTE = "note", _("Remark")
        TEXT = "text", _("Text")

    WORDS: Final = ("name_words", "own_words", "context_words")

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="passages")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=7, choices=Kind)
    slug = models.CharField(max_length=60)
    number = models.CharField(max_length=20, blank=True)
    title = models.TextField()
    heading = models.TextField(blank=True)
    also = models.TextField(blank=True)
    anchor = models.TextField()
    text = models.TextField(blank=True)
    language = models.CharField(max_length=8, blank=True)
    name_words = models.TextField(blank=True)
    own_words = models.TextField(blank=True)
    context_words = models.TextField(blank=True)

    class Meta:
        verbose_name = _("passage of an edition")
        verbose_name_plural = _("passages of editions")
        ordering: ClassVar = ["edition", "position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["edition", "position"], name="passage_identity")]

    def __str__(self) -> str:
        return f"{self.edition}: {self.anchor}"
