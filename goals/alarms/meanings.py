"""What each kind of alarm, and each of its states means, in one sentence for those who read of it."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from goals.models import AlertRule

Kind, State = AlertRule.Kind, AlertRule.State
Words = str | Promise

KINDS: Final[Mapping[str, Words]] = {
    Kind.THRESHOLD: _(
        "A KPI is above or below a limit that you have set, in so many of the last days, weeks or months. It ends when "
        "the KPI is past a second limit for a while, so that it does not flicker."
    ),
    Kind.SIGNAL: _(
        "A KPI is further from its usual values than chance takes it, in either direction. No limit has to be set: the "
        "normal range is computed from its own past."
    ),
    Kind.GOAL: _("The forecast of a goal says that it is at risk or off track, or its guardrail has been broken."),
    Kind.BUDGET: _(
        "Among the last answers there are more bad ones than the goal allows. It counts answers instead of hours, so "
        "that it also works where few people answer, and ignores what chance may explain."
    ),
    Kind.NO_DATA: _("A KPI that had values has none any more. No data is not good news."),
    Kind.IMPORT: _("An import has failed, or none has come for longer than was agreed."),
    Kind.ANSWER: _("One customer has given a bad score. It is a case to look after, not a trend."),
}
STATES: Final[Mapping[str, Words]] = {
    State.QUIET: _("Nothing is wrong."),
    State.PENDING: _("Wrong, but not for so many periods yet that somebody is told."),
    State.FIRING: _("An alarm. People are told, and those next in the chain until somebody acknowledges it."),
    State.ACKNOWLEDGED: _("Somebody looks after it until a moment that they have named; nobody else is told."),
    State.RECOVERING: _("Better again, but not for long enough to say that it is over."),
    State.SNOOZED: _(
        "Put off until a moment. If it is still wrong then, people are told; if it has passed, nobody is."
    ),
    State.ERRORED: _("It could not be checked. That neither begins nor ends an alarm, and is told once."),
    State.BROKEN: _("It failed so often that it is no longer checked, until somebody mends the rule."),
}
