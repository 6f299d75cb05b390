"""Why somebody is not asked, in words; the codes stand in the table of skipped people and in the command's JSON."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

INVALID_ADDRESS: Final = "invalid_address"
NO_ADDRESS: Final = "no_address"
DUPLICATE: Final = "duplicate"
SUPPRESSED: Final = "suppressed"
QUIET_PERSON: Final = "quiet_person"
QUIET_KIND: Final = "quiet_kind"
QUIET_COMPANY: Final = "quiet_company"
SAMPLED_OUT: Final = "sampled_out"
OUTSIDE_AUDIENCE: Final = "outside_audience"
CONTEXT_TOO_LONG: Final = "context_too_long"
ALREADY_INVITED: Final = "already_invited"
TOO_LATE: Final = "too_late"
REOPENED: Final = "reopened"
SWITCHED_OFF: Final = "switched_off"
CLOSED: Final = "closed"

WORDS: Final[Mapping[str, Promise]] = MappingProxyType(
    {
        INVALID_ADDRESS: _("not an e-mail address"),
        NO_ADDRESS: _("has no e-mail address"),
        DUPLICATE: _("is in the list twice"),
        SUPPRESSED: _("must not be written to (unsubscribed or undeliverable)"),
        QUIET_PERSON: _("was asked something lately"),
        QUIET_KIND: _("was asked the same kind of question lately"),
        QUIET_COMPANY: _("others of the company were asked lately"),
        SAMPLED_OUT: _("not in the sample"),
        OUTSIDE_AUDIENCE: _("does not belong to those who are asked"),
        CONTEXT_TOO_LONG: _("a detail of the line is too long to be kept"),
        ALREADY_INVITED: _("was asked about this already"),
        TOO_LATE: _("it was solved too long ago"),
        REOPENED: _("the ticket was opened again before the mail left"),
        SWITCHED_OFF: _("the rule was switched off before the mail left"),
        CLOSED: _("the survey was closed before the mail left"),
    }
)


def in_words(reason: str) -> str:
    """One that nobody has given words to is shown as it is."""
    return str(WORDS.get(reason, reason))
