"""Goals, alert rules, reports, reviews and actions in the administration, each in a module that Django is to find."""

from goals.admin import actions, alarms, goals, own_kpis, reports, reviews

__all__ = ["actions", "alarms", "goals", "own_kpis", "reports", "reviews"]
