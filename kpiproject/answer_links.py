"""Links by which one reader of a mail answers one thing without logging in: signed, and good for a while."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse

from kpiproject.lib import tokens
from kpiproject.lib.tokens import BadToken


class DeadLinkError(Exception):
    """The link was changed or is too old, or whoever it was made for may no longer answer."""


@dataclass(frozen=True, kw_only=True)
class AnswerLinks:
    """The links of one `purpose`, whose page is called `route`. What they carry is readable, and cannot be changed."""

    purpose: str
    route: str
    lives_for: timedelta

    def url(self, *carried: int) -> str:
        return settings.BASE_URL + reverse(self.route, args=[tokens.sign(self.purpose, carried)])

    def is_ours(self, signed: str) -> bool:
        """Whether we once made this link, however long ago and for whomever."""
        try:
            tokens.unsign(self.purpose, signed)
        except BadToken:
            return False
        return True

    def carried(self, signed: str) -> list[Any]:
        """Raises DeadLinkError."""
        try:
            return list(tokens.unsign(self.purpose, signed, self.lives_for))
        except BadToken as error:
            raise DeadLinkError from error
