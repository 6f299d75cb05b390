"""One way to one survey, as the pages for respondents need to know it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from surveys import versions
from surveys.answers import Said, WayIn
from surveys.content import Content
from surveys.models import Answer, Invitation, Survey, Version


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One way to one survey: where it is asked, under which address, and what is known already.

    With an `invitation`, `answer` is what it was answered; of employees it is never known. Without one, `way_in` says
    where people come from and `form_key` makes everything that comes by this link one answer; where it is empty, every
    page that is opened is a form of its own. At most `most` posts of one network address are taken in PAUSE_SECONDS.
    `query` has to stay in every address of the page, as `action` and `thanks` have it already.
    """

    survey: Survey
    version: Version
    action: str
    thanks: str
    query: Mapping[str, str] = field(default_factory=dict)
    invitation: Invitation | None = None
    answer: Answer | None = None
    way_in: WayIn = field(default_factory=WayIn)
    form_key: str = ""
    language: str = ""
    variant: str = "page"
    is_preview: bool = False
    most: int = 120

    @cached_property
    def content(self) -> Content:
        return versions.read(self.version)

    @property
    def keeps_secret(self) -> bool:
        """Whether the page shows nothing of what was answered: whoever asked employees may know their links."""
        return self.survey.is_anonymous

    @property
    def repeats_nothing(self) -> bool:
        """Whether an earlier answer is not shown: of employees nobody may know it, a kiosk is used by one person after
        the other, and the link of a ticket may be forwarded."""
        return self.keeps_secret or self.variant == "kiosk" or bool(self.form_key)

    @property
    def counted_as(self) -> str:
        """The name under which posts of one network address are counted: a busy kiosk keeps nobody else waiting."""
        entrance = self.way_in.entrance
        return f"public-answer:{self.survey.pk}" + (f":{entrance.pk}" if entrance else "")

    @property
    def is_public(self) -> bool:
        return self.invitation is None


@dataclass(frozen=True, kw_only=True)
class Stored:
    """What was answered before, as far as this page may know it."""

    answer: Answer
    replies: dict[int, Said]
