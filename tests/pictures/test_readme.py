import re

from tests.pictures.running import ROOT


def test_the_readme_shows_every_picture_and_none_that_is_missing():
    told = re.findall(r"docs/pictures/([\w-]+\.png)", (ROOT / "README.md").read_text(encoding="utf-8"))
    there = {file.name: file.stat().st_size for file in (ROOT / "docs" / "pictures").glob("*.png")}
    assert sorted(told) == sorted(there)
    assert sum(there.values()) < 2_000_000
