"""Goals, reports and reviews in the administration; each in a module of its own, named here so that Django finds it."""

from goals.admin import goals, own_kpis, reports, reviews

__all__ = ["goals", "own_kpis", "reports", "reviews"]
