"""Why rows are left out of a figure, in words that follow their number."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy

from metrics.kpi import Text

REASON_NAMES: Final[Mapping[str, Text]] = {
    "abandoned": gettext_lazy("given up by the customer before anybody answered"),
    "abandoned_early": gettext_lazy("given up by the customer within 5 seconds"),
    "adoption_unknown": gettext_lazy("of whom no source tells whether they adopted it"),
    "advocacy_unknown": gettext_lazy("of whom no source tells whether they recommend us"),
    "agent_unknown": gettext_lazy("without an agent"),
    "answered_again": gettext_lazy("answered again later about the same ticket"),
    "availability_unknown": gettext_lazy("without a known available time"),
    "bot_only": gettext_lazy("settled by a bot alone"),
    "bounced": gettext_lazy("could not be delivered"),
    "channel_too_small": gettext_lazy("of channels with too few to compare"),
    "channel_unknown": gettext_lazy("without a channel"),
    "currency_unknown": gettext_lazy("in a currency without an exchange rate"),
    "contacts_unknown": gettext_lazy("neither messages nor replies are known"),
    "customer_or_channel_unknown": gettext_lazy("without a customer or a channel"),
    "customer_silent": gettext_lazy("in which the customer never spoke"),
    "deleted": gettext_lazy("deleted in the source"),
    "end_unknown": gettext_lazy("ended, time unknown"),
    "escalations_unknown": gettext_lazy("of which no source tells whether they were escalated"),
    "handling_unknown": gettext_lazy("without a recorded time of handling"),
    "handover_time_unknown": gettext_lazy("of which the moment of the hand-over is not known"),
    "bot": gettext_lazy("by a bot"),
    "customer_unknown": gettext_lazy("of nobody known"),
    "duplicate": gettext_lazy("named twice"),
    "merged": gettext_lazy("merged into another ticket"),
    "nobody_to_write_to": gettext_lazy("with nobody to write to"),
    "no_due_time": gettext_lazy("without a due time"),
    "negative_duration": gettext_lazy("ends before it starts"),
    "other_purpose": gettext_lazy("of surveys about something else"),
    "off_scale": gettext_lazy("with a score that its scale does not have"),
    "number_missing": gettext_lazy("without a number that is needed"),
    "outbound": gettext_lazy("started by us"),
    "orders_unknown": gettext_lazy("after which no source tells of orders"),
    "pending": gettext_lazy("not due yet"),
    "renewal_unknown": gettext_lazy("of which no source tells whether they were renewed"),
    "premium_unknown": gettext_lazy("of whom no source tells whether they have premium"),
    "replies_unknown": gettext_lazy("with an unknown number of replies"),
    "reopens_unknown": gettext_lazy("of which reopenings are not known"),
    "ring_unknown": gettext_lazy("without a known beginning of the ringing"),
    "scale_unknown": gettext_lazy("answered on a scale without agreed thresholds"),
    "self_referral": gettext_lazy("referring themselves"),
    "solve_time_unknown": gettext_lazy("closed without a known time of solving"),
    "reply_unknown": gettext_lazy("without a known time of the reply"),
    "spam": gettext_lazy("spam"),
    "statuses_unknown": gettext_lazy("without a known status over time"),
    "test": gettext_lazy("test"),
    "too_recent": gettext_lazy("too recent to be counted for good"),
    "transfers_unknown": gettext_lazy("of which hand-overs are not known"),
    "undecided": gettext_lazy("not decided yet"),
}
