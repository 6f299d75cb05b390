"""Every KPI. Importing this package fills the catalogue, in the order of the families here."""

from metrics.catalogue import (  # noqa: F401, I001 (this order is shown)
    response,
    resolution,
    workload,
    cost,
    satisfaction,
    recovery,
    employees,
    relationship,
    purchases,
    retention,
    revenue,
    customer_value,
    retention_return,
    journey,
    channels,
    automation,
    cases,
    packs,
    packs_regulated,
)
from metrics.kpi import CATALOGUE

__all__ = ["CATALOGUE"]
