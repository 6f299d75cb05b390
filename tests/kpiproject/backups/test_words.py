"""What was found before a backup is found after it was restored, in either database."""

from pathlib import Path

import pytest

from tests.installation import new_installation
from tests.kpiproject.backups.ways import WAYS

pytestmark = pytest.mark.django_db
PUBLISH = """
from kpiproject.documents import tree
from tests.factories import SurveyFactory
from tests.manual.documents import section
from tests.manual.searched import KPIS, searchable
from tests.surveys.counted import give
give(SurveyFactory(), [3], comment="Slow reply")
searchable(KPIS, section("promise", tree.paragraph("We answer every question.")))
"""
FIND = """
from manual import queries, search
from manual.models import Passage
from manual.wanted import read
from surveys.models import Answer
from surveys.search import matching
edition = queries.editions().get(number=1)
anchors = dict(Passage.objects.values_list("pk", "anchor"))
asked = ("resolution", "answering", '"every question"', "refund")
result = [[anchors[place.pk] for place in search.places(read(text), edition=edition)] for text in asked]
result.append(list(matching(Answer.objects.all(), "rep").values_list("comment", flat=True)))
"""


@pytest.mark.parametrize(("saved_on", "restored_on"), WAYS)
def test_words_are_found_after_a_restore(tmp_path: Path, saved_on: str, restored_on: str) -> None:
    file = str(tmp_path / "backup.zip")
    quiet = {"queue_url": "", "email_url": "console:"}
    with (
        new_installation(tmp_path / "first", **quiet, vendor=saved_on) as first,
        new_installation(tmp_path / "second", **quiet, vendor=restored_on) as second,
    ):
        first.run(PUBLISH)
        found = first.run(FIND)
        assert found == [["kpi-resolution-time"], ["promise"], ["promise"], [], ["Slow reply"]]
        assert first.manage("backup", file).returncode == 0
        restored = second.manage("restore", file)
        assert restored.returncode == 0, restored.stderr
        assert second.run(FIND) == found
