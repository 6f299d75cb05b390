"""The manual explains the product: nothing that Plumbline can do is missing, and no secret is told."""

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import pytest
from django.conf import settings

from goals.alarms import meanings, watch
from goals.models import AlertRule
from kpiproject.documents import words
from kpiproject.setting_words import GROUPS
from manual.chapters import CHAPTERS, every_kpi
from manual.chapters.glossary_words import terms
from manual.drafts import draft
from metrics.kpi import CATALOGUE
from metrics.models import Adoption, ImportRun
from metrics.sources.columns import KINDS, Column
from metrics.sources.formats import READERS
from surveys import scales
from tests.manual import explained
from tests.manual.chapters.built import AS_OF, build, lines, tables

pytestmark = pytest.mark.django_db
NAMED = {setting.name: setting for group in GROUPS for setting in group.settings}


@pytest.fixture
def document():
    return draft(AS_OF).document


# --- Nothing is missing -------------------------------------------------------------------------------------------
def test_everything_there_is_is_explained(document) -> None:
    assert explained.missing(document) == []


def test_kpi_that_nobody_explains_is_found(document) -> None:
    new = replace(CATALOGUE["csat"], code="new_one", name="A new one")
    with patch.dict(CATALOGUE, {"new_one": new}):
        assert explained.missing(document) == ["A new one"]
        assert explained.missing(draft(AS_OF).document) == []


def test_kind_of_survey_that_nobody_explains_is_found(document) -> None:
    kinds = {**scales.KINDS, "new": replace(scales.KINDS["csat"], code="new", name="A new kind")}
    with patch.object(scales, "KINDS", kinds):
        assert explained.missing(document) == ["A new kind"]


def test_import_format_that_nobody_explains_is_found(document) -> None:
    with patch.dict(READERS, {"acme": {"tickets": READERS["zammad"]["tickets"]}}):
        assert explained.missing(document) == ["acme"]


def test_column_that_nobody_explains_is_found(document) -> None:
    with patch.dict(KINDS, {"costs": (*KINDS["costs"], Column("shade_of_blue"))}):
        assert explained.missing(document) == ["costs.shade_of_blue"]


def test_setting_that_nobody_explains_is_found(document) -> None:
    source = 'X = env.text("PLUMBLINE_COLOUR", "blue")'
    assert explained.missing(document, read=explained.settings_read(source)) == ["PLUMBLINE_COLOUR"]


def test_command_that_nobody_explains_is_found(document) -> None:
    with patch("manual.chapters.running.commands", return_value={"fly": "Fly."}):
        assert explained.missing(document) == ["fly"]


@pytest.mark.parametrize("code", list(KINDS))
def test_every_kind_of_import_is_explained(code: str) -> None:
    label = str(ImportRun.Kind(code).label)
    assert label[:1].upper() + label[1:] in lines("every_import")


def test_every_alarm_kind_and_state_has_its_meaning_and_its_time() -> None:
    assert set(meanings.KINDS) == set(watch.EVERY) == set(AlertRule.Kind)
    assert set(meanings.STATES) == set(AlertRule.State)
    assert {str(each) for each in [*meanings.KINDS.values(), *meanings.STATES.values()]} & {""} == set()


# --- Settings -----------------------------------------------------------------------------------------------------
def test_settings_are_those_that_the_code_reads_each_once() -> None:
    told = [setting.name for group in GROUPS for setting in group.settings]
    assert Counter(told) == Counter(explained.settings_read())


def test_defaults_are_those_of_the_code() -> None:
    source = (Path(settings.BASE_DIR) / "kpiproject" / "settings.py").read_text(encoding="utf-8")
    numbers = dict(re.findall(r'env\.integer\("([A-Z_]+)", ([\d_]+),', source))
    assert len(numbers) >= 5
    assert {name: NAMED[name].default for name in numbers} == numbers
    empty = set(re.findall(r'env\.text\("([A-Z_]+)", ""\)', source)) - {"SECRET_KEY", "REDIS_URL"}
    assert {name: str(NAMED[name].default) for name in empty} == dict.fromkeys(empty, "none")


def test_no_value_of_a_setting_is_told(monkeypatch: pytest.MonkeyPatch, settings) -> None:
    for name in NAMED:
        monkeypatch.setenv(name, f"value-of-{name.lower()}")
    settings.SECRET_KEY = "value-of-the-key"
    settings.DATABASES["default"].setdefault("PASSWORD", "")
    said = "\n".join(lines("running"))
    assert "value-of" not in said
    for value in (
        settings.SECRET_KEY,
        str(settings.VAR),
        str(settings.BASE_DIR),
        settings.DATABASES["default"]["NAME"],
    ):
        assert str(value) not in said


def test_secret_settings_are_called_so() -> None:
    told = "\n".join(lines("running"))
    for setting in NAMED.values():
        about = f"{setting.about} Secret." if setting.is_secret else setting.about
        assert f"{setting.name}: {about} Without it: {setting.default}." in told
    secret = [setting.name for setting in NAMED.values() if setting.is_secret]
    assert [name for name in NAMED if re.search("KEY|SECRET|_URL", name) and name not in secret] == ["BASE_URL"]


# --- Places and links ---------------------------------------------------------------------------------------------
def test_every_place_is_named_once_and_every_link_leads_to_one(document) -> None:
    anchors = [section["anchor"] for section in document["sections"]]
    anchors += [
        block["anchor"] for each in document["sections"] for block in each["blocks"] if block["is"] == "heading"
    ]
    assert [anchor for anchor, count in Counter(anchors).items() if count > 1] == []
    for code, chapter in CHAPTERS.items():
        built = str(build(code).blocks)
        links = set(re.findall(r"'to': '#([^']+)'", built))
        assert (links - set(anchors), chapter.code) == (set(), code)


# --- What the lists say -------------------------------------------------------------------------------------------
def test_kpis_that_are_adopted_lead_to_their_cards_and_all_say_what_they_need() -> None:
    Adoption.objects.create(kpi="reopen_rate")
    told = {row[0]: row[1:] for table in _every_table("every_kpi") for row in table}
    assert told["Reopen rate"] == [
        "tickets reopened within 7 days ÷ solved tickets × 100",
        "tickets; the column reopens, or ticket events",
    ]
    assert "'to': '#kpi-reopen-rate'" in str(build("every_kpi").blocks)
    assert "'to': '#kpi-winback-rate'" not in str(build("every_kpi").blocks)
    assert all(every_kpi.needs(kpi) != "–" for kpi in CATALOGUE.values())


def test_survey_kinds_say_which_scores_count_as_what() -> None:
    told = lines("every_survey")
    assert "Usual scale: 0 (Not at all likely) to 10 (Extremely likely)" in told
    assert "Counts as: detractors: 0–6; passives: 7–8; promoters: 9–10" in told
    assert "Counts as: unhappy: 1–2; neutral: 3; satisfied: 4–5" in told


def test_alarms_say_how_often_they_are_looked_for() -> None:
    found = tables(build("every_alarm").blocks)["Kinds of alarms"]
    assert {row[0]: row[2] for row in found} == {
        "A figure passes a limit": "every 1 h",
        "A figure leaves its normal range": "every 1 h",
        "A goal is in danger": "every 5 min",
        "Too many bad ones among the last answers": "every 15 min",
        "Nothing is measured any more": "every 1 h",
        "An import failed or did not come": "every 1 min",
        "A single bad answer": "every 1 min",
    }
    assert "Serious: people are told of it again after 24 h at the earliest" in lines("every_alarm")


def test_imports_say_what_is_needed_and_what_others_call_it() -> None:
    told = lines("every_import")
    assert "Files may be of these forms: CSV, Excel workbook, JSON Lines, JSON. The first line names the columns, in any order; others do no harm. The same file twice changes nothing. Nothing is stored before you have seen what would become of it, and an import can be undone." in told  # fmt: skip # noqa: E501 - one sentence of the page
    systems = tables(build("every_import").blocks)["What is read from where"]
    assert systems[1] == ["Zendesk", "tickets, ticket events"]
    assert any(line.startswith("Zammad: tickets: external_id = ") for line in told)


def test_words_of_the_glossary_name_kpis_that_exist_and_stand_once() -> None:
    found = list(terms())
    assert [term.word for term in found if term.code and term.code not in CATALOGUE] == []
    assert [word for word, count in Counter(term.word for term in found).items() if count > 1] == []


def _every_table(code: str) -> list[list[list[str]]]:
    blocks = [block for block in build(code).blocks if block["is"] == "table"]
    return [[[words_of(cell) for cell in row] for row in block["rows"]] for block in blocks]


def words_of(cell) -> str:
    return words.lines([{"is": "paragraph", "inlines": list(cell)}])[0] if cell else ""
