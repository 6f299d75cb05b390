"""What an organisation may choose about how its KPIs count."""

from dataclasses import dataclass
from typing import Final

SUBSCRIPTIONS: Final = "subscriptions"
ORDERS: Final = "orders"
SIGN_UP: Final = "sign_up"

AT_END: Final = "end"
AT_REQUEST: Final = "request"

MOST_CONVERSION_DAYS: Final = 60


@dataclass(frozen=True, kw_only=True)
class Options:
    """`activity` is by what a customer counts as active; empty means by what there is: subscriptions, else orders,
    else sign-ups. `recognition` is when a cancelled subscription counts as gone. Percentages are 0 to 100; those that
    nobody has told are None."""

    activity: str = ""
    recognition: str = AT_END
    active_days: int = 365
    repeat_days: int = 90
    conversion_days: int = 5
    winback_months: int = 12
    renewal_grace_days: int = 30
    onboarding_days: int = 30
    adoption_days: int = 90
    notice_hours: int = 72
    gross_margin: float | None = None
    attributed_share: float | None = None
