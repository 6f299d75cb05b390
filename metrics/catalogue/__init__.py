"""Every KPI. Importing this package fills the catalogue, in the order of the families here."""

from metrics.catalogue import response, resolution, workload, satisfaction  # noqa: F401, I001 (this order is shown)
from metrics.kpi import CATALOGUE

__all__ = ["CATALOGUE"]
