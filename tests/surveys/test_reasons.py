from surveys import reasons


def test_every_reason_has_words_and_fits_its_column():
    codes = {value for name, value in vars(reasons).items() if name.isupper() and isinstance(value, str)}
    assert codes == set(reasons.WORDS)
    assert all(len(code) <= 30 for code in codes)


def test_unknown_reason_is_shown_as_it_is():
    assert reasons.in_words("no_moon") == "no_moon"
    assert reasons.in_words("duplicate") == "is in the list twice"
