import pytest

from kpiproject.lib.cells import safe_cell, safe_cell_undone


@pytest.mark.parametrize("text", ["=1+1", "+49 30", "-5", "@name", "\tx", "\rx", "'quoted'"])
def test_what_a_spreadsheet_would_run_is_quoted_and_comes_back(text):
    assert (safe_cell(text), safe_cell_undone(safe_cell(text))) == (f"'{text}", text)


@pytest.mark.parametrize("text", ["", "Ada", "1+1", " =x"])
def test_other_text_stays(text):
    assert safe_cell(text) == text
