"""An empty database: every KPI has nothing to say, and says so."""

import pytest
from django.core.cache import cache

from metrics.catalogue import CATALOGUE
from metrics.queries import Question, figures, rows
from tests.metrics.figures import day

pytestmark = pytest.mark.django_db
PERIOD = {"start": day("2026-03-01"), "end": day("2026-04-01")}


@pytest.mark.parametrize("code", CATALOGUE)
def test_nothing_to_measure_is_no_figure(code):
    cache.clear()
    kpi = CATALOGUE[code]
    for period in ({}, PERIOD):
        found = figures(Question(code=code, by=kpi.default_by, **period)).points
        counted = {"total", "stock"}
        assert {(one.value, one.n) for one in found} <= {(None, 0), *([(0, 0)] if kpi.shape.name in counted else [])}
        if kpi.has_rows:
            assert rows(Question(code=code, **period), limit=None).rows == []
    if not kpi.needs_dimension:
        assert len(figures(Question(code=code, **PERIOD)).points) == 1
