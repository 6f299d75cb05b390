"""What the ground floor stores."""

from kpiproject.models.attempts import Attempts
from kpiproject.models.calendar import BusinessCalendar, Holiday
from kpiproject.models.mail import Heartbeat, Mail
from kpiproject.models.organisation import Agent, Organisation, Team
from kpiproject.models.reset import PasswordResetRequest
from kpiproject.models.user import User

__all__ = [
    "Agent",
    "Attempts",
    "BusinessCalendar",
    "Heartbeat",
    "Holiday",
    "Mail",
    "Organisation",
    "PasswordResetRequest",
    "Team",
    "User",
]
