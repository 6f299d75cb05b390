"""What changed on a day from which on figures mean something else, in words."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from metrics.queries import Turn
from metrics.queries.turns import Cause

_SHORT: Final[Mapping[Cause, Promise]] = {
    Cause.DEFINITION: _("definition %(name)s"),
    Cause.HOURS: _("other opening hours"),
    Cause.TARGETS: _("other service targets"),
}
_SENTENCES: Final[Mapping[Cause, Promise]] = {
    Cause.DEFINITION: _(
        "Definition %(name)s came into force. The earlier figures shown here were computed again by it."
    ),
    Cause.HOURS: _("Other opening hours in “%(name)s”. Business time before this day is measured by the earlier ones."),
    Cause.TARGETS: _("Other terms of “%(name)s”. Tickets that came in before are judged by the earlier ones."),
}


def short(turn: Turn) -> str:
    """For a chart."""
    return str(_SHORT[turn.cause]) % {"name": turn.name}


def sentence(turn: Turn) -> str:
    return str(_SENTENCES[turn.cause]) % {"name": turn.name}
