"""Promises and ranges that are usual or laid down elsewhere, to begin with.

They are starting points, not advice: whether a rule applies, and how, is for the organisation to find out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from metrics.kpi import Text

RINGS: Final = 3
SECONDS_PER_RING: Final = 6
_DAY: Final = 86400
_USUAL: Final = _("usual practice in customer service, as our starting point")


@dataclass(frozen=True, kw_only=True)
class TargetPreset:
    """A service target that is one click away. `dimension` says by what it is told apart from other tickets, and
    `usual` what the member of that is often called, in small letters."""

    code: str
    group: Text
    name: Text
    metric: str
    terms: Mapping[str, Any]
    source: Text
    dimension: str
    usual: tuple[str, ...] = field(default=())
    is_in_rings: bool = False


@dataclass(frozen=True, kw_only=True)
class KpiPreset:
    """Where a figure usually lies when all is well: from `low` to `high`, both in the unit of the KPI."""

    low: float
    high: float
    source: Text


_FIRST: Final = _("First answers")
_FINANCE: Final = _("Finance")
_HEALTH: Final = _("Healthcare")

TARGETS: Final = (
    TargetPreset(
        code="email_two_hours",
        group=_FIRST,
        name=_("First answer to e-mail within 2 business hours"),
        metric="first_response",
        terms={"seconds": 2 * 3600, "clock": "business"},
        source=_USUAL,
        dimension="channel",
        usual=("email", "e-mail", "mail"),
    ),
    TargetPreset(
        code="chat_sixty_seconds",
        group=_FIRST,
        name=_("First answer in a chat within 60 seconds"),
        metric="first_response",
        terms={"seconds": 60, "clock": "business", "warn_minutes": 0},
        source=_USUAL,
        dimension="channel",
        usual=("chat", "live chat", "messaging"),
    ),
    TargetPreset(
        code="phone_three_rings",
        group=_FIRST,
        name=_("Somebody picks up the phone within 3 rings"),
        metric="first_response",
        # A telephone that rings is heard or not, whatever the opening hours are.
        terms={"seconds": RINGS * SECONDS_PER_RING, "clock": "calendar", "pausing": "none", "warn_minutes": 0},
        source=_("usual practice in customer service; how long a ring lasts is an assumption, see below"),
        dimension="channel",
        usual=("phone", "call", "voice", "telephone"),
        is_in_rings=True,
    ),
    TargetPreset(
        code="social_one_hour",
        group=_FIRST,
        name=_("First answer in social media within 1 hour"),
        metric="first_response",
        terms={"seconds": 3600, "clock": "business"},
        source=_USUAL,
        dimension="channel",
        usual=("social", "social media", "facebook", "twitter", "instagram"),
    ),
    TargetPreset(
        code="cfpb_response",
        group=_FINANCE,
        name=_("Complaint answered within 15 calendar days"),
        metric="first_response",
        terms={"seconds": 15 * _DAY, "count": "day_ends", "clock": "calendar", "pausing": "none", "warn_minutes": 2880},
        source=_("Consumer Financial Protection Bureau (USA), complaint process"),
        dimension="category",
        usual=("complaint", "compliance"),
    ),
    TargetPreset(
        code="cfpb_final",
        group=_FINANCE,
        name=_("Complaint settled within 60 calendar days"),
        metric="resolution",
        terms={"seconds": 60 * _DAY, "count": "day_ends", "clock": "calendar", "pausing": "none", "warn_minutes": 7200},
        source=_("Consumer Financial Protection Bureau (USA), complaint process"),
        dimension="category",
        usual=("complaint", "compliance"),
    ),
    TargetPreset(
        code="reg_e_business_days",
        group=_FINANCE,
        name=_("Error on an account settled within 10 business days"),
        metric="resolution",
        terms={"seconds": 10 * _DAY, "count": "day_ends", "clock": "business", "pausing": "none", "warn_minutes": 480},
        source=_("Regulation E (USA), 12 CFR 1005.11; without provisional credit"),
        dimension="category",
        usual=("account error", "disputed transaction"),
    ),
    TargetPreset(
        code="reg_e_calendar_days",
        group=_FINANCE,
        name=_("Error on an account settled within 45 calendar days, with provisional credit"),
        metric="resolution",
        terms={"seconds": 45 * _DAY, "count": "day_ends", "clock": "calendar", "pausing": "none", "warn_minutes": 7200},
        source=_("Regulation E (USA), 12 CFR 1005.11; where provisional credit was given"),
        dimension="category",
        usual=("account error with credit",),
    ),
    TargetPreset(
        code="hipaa_access",
        group=_HEALTH,
        name=_("Records handed out within 30 calendar days"),
        metric="resolution",
        terms={"seconds": 30 * _DAY, "count": "day_ends", "clock": "calendar", "pausing": "none", "warn_minutes": 7200},
        source=_("HIPAA (USA), 45 CFR 164.524; it may be extended once by 30 days"),
        dimension="category",
        usual=("record access", "records"),
    ),
)

KPIS: Final[Mapping[str, KpiPreset]] = {
    "first_contact_resolution": KpiPreset(
        low=70, high=80, source=_("usual range in customer service; lower where support is technical and complex")
    ),
    "agent_utilisation": KpiPreset(
        low=75, high=85, source=_("usual range in customer service; above it people have no time to breathe")
    ),
}
"""Goals that are ranges: below is too little, above is not better."""


def find(code: str) -> TargetPreset:
    """Raises KeyError."""
    return {preset.code: preset for preset in TARGETS}[code]
