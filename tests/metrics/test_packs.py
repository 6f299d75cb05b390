from metrics import requirements
from metrics.catalogue import CATALOGUE
from metrics.kpi import DIMENSIONS
from metrics.own.columns import TABLES
from metrics.packs import PACKS, PILOTS


def test_what_is_proposed_exists():
    codes = {code for pack in PACKS for code in pack.kpis}
    codes |= {code for pilot in PILOTS for _count, codes in pilot.wanted.values() for code in codes}
    assert codes - CATALOGUE.keys() == set()


def test_a_pilot_names_a_pack_that_exists_or_none():
    assert {pilot.pack for pilot in PILOTS} <= {pack.code for pack in PACKS} | {""}


def test_every_frame_says_of_what_it_is_made():
    assert DIMENSIONS.keys() - requirements.KINDS.keys() == set()
    assert {kind for kinds in requirements.KINDS.values() for kind in kinds} <= requirements.KIND_NAMES.keys()
    assert TABLES.keys() <= requirements.KINDS.keys()


def test_any_kind_that_makes_customers_is_enough():
    kpi = CATALOGUE["retention_rate"]
    assert not requirements.may_have_rows(kpi, {"tickets"})
    assert requirements.may_have_rows(kpi, {"orders"})
    assert requirements.lacking(kpi, {"orders"}) == ()
    assert not requirements.may_have_rows(CATALOGUE["repeat_purchase_rate"], {"customers"})
    assert requirements.lacking(CATALOGUE["repeat_purchase_rate"], {"customers"}) == ("orders",)
    assert requirements.lacking(CATALOGUE["cost_per_contact"], {"tickets"}) == ("costs",)
