"""Goals, alert rules, reports and reviews in the administration; each in a module of its own, for Django to find."""

from goals.admin import alarms, goals, own_kpis, reports, reviews

__all__ = ["alarms", "goals", "own_kpis", "reports", "reviews"]
