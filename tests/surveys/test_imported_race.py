"""Two imports at the same moment: their survey is made once."""

import pytest

from surveys import imported
from surveys.models import Survey

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_imports_at_once_make_one_survey(at_once):
    at_once(*[lambda: imported.survey_for("desk", "csat", low=1, high=5)] * 4)
    [found] = at_once(lambda: list(Survey.objects.filter(slug="import-desk-csat").values_list("versions__number")))
    assert found == [(1,)]
