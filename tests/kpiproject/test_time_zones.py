import pytest
from django.core.exceptions import ValidationError

from kpiproject.time_zones import is_time_zone, time_zones
from kpiproject.validators import validate_time_zone
from metrics.calendar_forms import CalendarForm
from metrics.import_forms import UploadForm

NO_ZONES = ["localtime", "Factory", "posixrules", "", "+02:00", "Mars/Base", "../etc/passwd", "europe/berlin"]


@pytest.mark.parametrize("name", NO_ZONES)
def test_what_is_no_zone_is_refused_everywhere(name: str) -> None:
    assert not is_time_zone(name)
    with pytest.raises(ValidationError):
        validate_time_zone(name)


@pytest.mark.parametrize("name", ["UTC", "Europe/Berlin", "CET", "Etc/GMT+5", "America/Argentina/Ushuaia"])
def test_names_of_the_iana_are_zones(name: str) -> None:
    assert is_time_zone(name)
    validate_time_zone(name)


def test_places_and_utc_are_offered_and_what_is_chosen_already() -> None:
    offered = [zone for zone, _name in time_zones()]
    assert offered == sorted(offered)
    assert {"UTC", "Europe/Berlin"} <= set(offered)
    assert not {"localtime", "Factory", "CET", "Etc/GMT+5"} & set(offered)
    assert sorted({zone for zone, _name in time_zones("CET")} - set(offered)) == ["CET"]
    assert time_zones("Factory") == time_zones()


@pytest.mark.django_db
def test_every_form_offers_the_same() -> None:
    offered = [zone for zone, _name in time_zones()]
    form = UploadForm(zone="UTC")
    assert [zone for zone, _name in form.fields["zone"].choices] == ["", *offered]  # type: ignore[attr-defined]
    assert CalendarForm().fields["time_zone"].widget.known == offered


@pytest.mark.django_db
def test_a_zone_that_is_no_longer_offered_stays_chosen() -> None:
    given = {"kind": "tickets", "format": "auto", "zone": "CET"}
    assert "zone" not in UploadForm(given, zone="UTC").errors
    assert "zone" in UploadForm({**given, "zone": "Factory"}, zone="UTC").errors
