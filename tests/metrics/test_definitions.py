import pytest

from metrics import definitions
from metrics.models import Adoption, CustomKpi
from tests.measure_factories import CustomKpiFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def turn():
    definitions.begin_turn()
    yield
    definitions.end_turn()


def test_a_change_is_seen_at_once():
    kpi = CustomKpiFactory()
    assert list(definitions.own_kpis()) == [kpi.code]
    CustomKpi.objects.all().delete()
    assert definitions.find(kpi.code) is None


@pytest.mark.usefixtures("turn")
def test_within_a_request_they_are_read_once(django_assert_num_queries):
    CustomKpiFactory()
    with django_assert_num_queries(1):
        assert definitions.kpis().keys() == definitions.kpis().keys()
    with django_assert_num_queries(0):
        assert definitions.find("csat") is not None


@pytest.mark.usefixtures("turn")
def test_a_change_within_a_request_is_seen_after_it_was_told():
    definitions.kpis()
    kpi = CustomKpiFactory()
    definitions.forget()
    assert kpi.code in definitions.kpis()


def test_until_somebody_chooses_the_usual_ones_are_adopted():
    assert {kpi.code for kpi in definitions.adopted()} == set(definitions.STARTER)
    Adoption.objects.create(kpi="csat")
    assert [kpi.code for kpi in definitions.adopted()] == ["csat"]


@pytest.mark.parametrize(
    ("changes", "revision"),
    [
        ({"name": "Other", "text": "Other", "better": "lower", "is_active": False}, 1),
        ({"at": "done_at"}, 2),
        ({"filters": [{"column": "channel", "operator": "filled", "value": ""}]}, 2),
        ({"shape": "mean", "column": "reopens", "unit": "number"}, 2),
    ],
)
def test_the_revision_goes_up_with_the_meaning(changes, revision):
    kpi = CustomKpiFactory()
    for name, value in changes.items():
        setattr(kpi, name, value)
    kpi.save()
    assert CustomKpi.objects.get().revision == revision
