"""Service targets: which promise counts for a ticket, until when it is to be kept, and what a change does."""

from metrics.targets.applying import apply, apply_all, moved
from metrics.targets.changes import change, decided, delete, follow, keep_tiers

__all__ = ["apply", "apply_all", "change", "decided", "delete", "follow", "keep_tiers", "moved"]
