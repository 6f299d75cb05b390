"""What is done before the first page."""

from pathlib import Path

import pytest
from django.core.management import CommandError
from django.db.migrations.recorder import MigrationRecorder

from kpiproject.supervisor import prepare


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The commands that were called, instead of running them."""
    called: list[str] = []
    monkeypatch.setattr(prepare, "call_command", lambda name, **_options: called.append(name))
    monkeypatch.setattr(prepare, "_collect", lambda: called.append("collectstatic"))
    return called


@pytest.mark.django_db
def test_database_that_is_ready_is_left_alone(said: list[str], steps: list[str]) -> None:
    prepare.migrate(said.append)
    assert (said, steps) == ([], [])


@pytest.mark.django_db
def test_missing_steps_are_taken_and_told(said: list[str], steps: list[str]) -> None:
    MigrationRecorder.Migration.objects.filter(app="axes").delete()
    prepare.migrate(said.append)
    assert steps == ["migrate"]
    assert said[0].startswith("Preparing the database (")


@pytest.mark.django_db
def test_database_that_took_the_steps_that_another_replaces_is_ready(said: list[str], steps: list[str]) -> None:
    squashed = MigrationRecorder.Migration.objects.filter(name__startswith="0001_squashed_")
    squashed.delete()
    prepare.migrate(said.append)
    assert (said, steps) == ([], [])
    assert squashed.count() == 5


@pytest.mark.django_db
def test_database_that_took_some_of_the_steps_that_another_replaces_takes_the_rest(
    said: list[str], steps: list[str]
) -> None:
    later = MigrationRecorder.Migration.objects.filter(app="manual", name__gte="0004").exclude(
        name__contains="squashed"
    )
    MigrationRecorder.Migration.objects.filter(app="manual", name__contains="squashed").delete()
    missing, _counts = later.delete()
    prepare.migrate(said.append)
    assert (said, steps) == ([f"Preparing the database ({missing} steps) …"], ["migrate"])


@pytest.mark.django_db
def test_database_of_a_newer_version_is_refused(said: list[str], steps: list[str]) -> None:
    MigrationRecorder.Migration.objects.create(app="kpiproject", name="9999_from_the_future")
    with pytest.raises(CommandError, match=r"^The database was made by a newer version of Plumbline\."):
        prepare.migrate(said.append)
    assert steps == []


@pytest.fixture
def one_stylesheet(settings, tmp_path: Path) -> Path:
    folder = tmp_path / "made"
    folder.mkdir()
    settings.STATICFILES_DIRS = [folder]
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    (folder / "a.css").write_text("a {}")
    return folder / "a.css"


def test_static_files_are_made_again_only_if_something_changed(
    said: list[str], steps: list[str], one_stylesheet: Path, settings
) -> None:
    prepare.static_files(said.append)
    prepare.static_files(said.append)
    assert steps == ["build_static", "collectstatic", "build_static"]
    one_stylesheet.write_text("a {color: red}")
    prepare.static_files(said.append)
    assert steps[3:] == ["build_static", "collectstatic"]
    settings.STATIC_ROOT.rmdir()
    prepare.static_files(said.append)
    assert steps[5:] == ["build_static", "collectstatic"]
    assert said == ["Preparing styles and scripts …"] * 3
