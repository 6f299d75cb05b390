from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from kpiproject.lib import charts


@pytest.fixture
def built(settings, monkeypatch):
    """The file, and how often a bundle was made; making a real one takes a second."""
    made = []

    def bundle() -> str:
        made.append(1)
        return "window.vegaEmbed = 1;"

    monkeypatch.setattr(charts, "bundle", bundle)
    return settings.VAR / "generated-static" / "kpiproject" / "vega.js", made


def test_the_script_is_built_once(built):
    file, made = built
    out = StringIO()
    call_command("build_static", stdout=out)
    call_command("build_static", stdout=out)
    assert file.read_text().splitlines() == [f"// {charts.bundle_version()}", "window.vegaEmbed = 1;"]
    assert len(made) == 1
    assert out.getvalue() == f"{file} is up to date.\n" * 2
    assert [path.name for path in file.parent.iterdir()] == ["vega.js"]


def test_the_script_of_another_version_is_built_again(built):
    file, made = built
    file.parent.mkdir(parents=True)
    file.write_text("// vega 1.0\nold")
    call_command("build_static", verbosity=0)
    assert file.read_text().splitlines()[1] == "window.vegaEmbed = 1;"
    assert len(made) == 1


def test_a_folder_that_cannot_be_written_gives_one_sentence(built):
    file, _made = built
    file.parent.parent.mkdir(parents=True)
    file.parent.write_text("a file where a folder is needed")
    with pytest.raises(CommandError, match=r"^The scripts cannot be written to .+/kpiproject: .+\.$"):
        call_command("build_static", verbosity=0)
