"""What figures are measured against, in the administration."""

from metrics.admin.benchmarks import BenchmarkAdmin
from metrics.admin.calendars import BusinessCalendarAdmin
from metrics.admin.options import KpiOptionsAdmin
from metrics.admin.rates import ExchangeRateAdmin
from metrics.admin.targets import ServiceTargetAdmin

__all__ = ["BenchmarkAdmin", "BusinessCalendarAdmin", "ExchangeRateAdmin", "KpiOptionsAdmin", "ServiceTargetAdmin"]
