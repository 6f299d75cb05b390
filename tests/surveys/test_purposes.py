from surveys.purposes import PURPOSES
from surveys.scales import KINDS
from tests.catalogues import messages


def test_every_kind_is_good_for_something_of_its_own():
    assert list(PURPOSES) == list(KINDS)
    assert len({str(purpose) for purpose in PURPOSES.values()}) == len(PURPOSES)


def test_no_respondent_reads_what_a_survey_is_good_for():
    assert {str(purpose) for purpose in PURPOSES.values()} & set(messages.spoken()) == set()
