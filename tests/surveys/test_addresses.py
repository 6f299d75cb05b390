import pytest

from surveys.addresses import company_key, person_key


@pytest.mark.parametrize(
    "email", ["ada@example.org", " Ada@Example.ORG ", "ada+shop@example.org", "ADA+a+b@example.org", "ada+@example.org"]
)
def test_one_person_however_the_address_is_written(email):
    assert person_key(email) == "ada@example.org"


@pytest.mark.parametrize(
    "email", ["a.da@example.org", "ada@shop.example.org", "ada-shop@example.org", "+ada@example.org"]
)
def test_other_addresses_are_other_people(email):
    assert person_key(email) != "ada@example.org"


def test_address_that_is_a_tag_only_stays_itself():
    assert person_key("+x@example.org") == "+x@example.org"
    assert person_key("nonsense") == "nonsense"


def test_company_whatever_its_blanks_and_capitals():
    assert company_key("  Müller   & SÖHNE ") == company_key("müller & söhne")
    assert company_key("Straße AG") == company_key("STRASSE AG")
    assert company_key("  ") == ""
