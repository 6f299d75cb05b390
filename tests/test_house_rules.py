"""What our tools do not check: lengths, settings that nobody is told of, migrations that somebody forgot."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted(
    path
    for folder in ("kpiproject", "surveys", "metrics", "goals", "manual", "tests")
    for path in (ROOT / folder).rglob("*.py")
    if "migrations" not in path.parts
)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_are_short(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 400, f"{path.name} is too long; give each idea its own file."
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            assert length <= 40, f"{node.name} has {length} lines; split it."


def test_every_setting_is_in_the_example() -> None:
    settings = (ROOT / "kpiproject" / "settings.py").read_text(encoding="utf-8")
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    read = set(re.findall(r'env\.(?:text|flag|integer|words|database|email)\(\s*"([A-Z_]+)"', settings))
    told = set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE))
    assert read == told


def test_lock_files_name_no_registry() -> None:
    for lock in ROOT.glob("*.lock"):
        text = lock.read_text(encoding="utf-8")
        assert "://" not in text
        assert text.count("--hash=") > text.count("==")
