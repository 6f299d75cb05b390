"""What only whoever runs the installation needs: every setting and every command. Never what a setting is set to."""

from collections.abc import Iterator
from typing import Any, Final

from django.core.management import get_commands, load_command_class
from django.utils.translation import gettext as _

from kpiproject.documents import tree
from kpiproject.documents.tree import Block, Inline
from kpiproject.setting_words import GROUPS, Setting
from manual.chapters.context import Built, Context

_OURS: Final = ("kpiproject", "surveys", "metrics", "goals", "manual")


def build(_context: Context) -> Built:
    return Built(blocks=[*_settings(), *_commands()])


def _settings() -> Iterator[Block]:
    yield tree.heading(1, _("Settings"), "ref-settings")
    yield tree.paragraph(
        _(
            "Each is an environment variable, or a line of the file .env beside manage.py; the environment wins. All "
            "have a default that suits one small machine. Nonsense is refused at the start, with the name of the "
            "setting."
        )
    )
    for group in GROUPS:
        yield tree.paragraph(tree.strong(str(group.name)))
        yield tree.bullets(map(_setting, group.settings))
    yield tree.paragraph(
        _(
            "A secret is better kept in a file of its own: give NAME_FILE with the path of the file instead of NAME. "
            "What your installation is set to stands nowhere in this manual."
        )
    )


def _setting(found: Setting) -> list[Inline]:
    """“PORT: The port at which the web server listens. Without it: 8000.”."""
    about = f"{found.about} {_('Secret.')}" if found.is_secret else str(found.about)
    without = _("Without it: %(default)s.") % {"default": found.default}
    return [{"is": "code", "text": found.name}, tree.text(f": {about} {without}")]


def _commands() -> Iterator[Block]:
    yield tree.heading(1, _("Commands"), "ref-commands")
    yield tree.paragraph(
        _("Each is called as manage.py NAME on the machine itself, and tells more with --help behind its name.")
    )
    rows: list[list[str | list[Inline]]] = [
        [[{"is": "code", "text": name}], _about(said)] for name, said in commands().items()
    ]
    yield tree.table(_("Commands of Plumbline"), [_("Command"), _("What it does")], rows)


def _about(said: str) -> list[Inline]:
    """Names between backquotes stand as code."""
    parts = said.split("`")
    return [{"is": "code", "text": part} if place % 2 else tree.text(part) for place, part in enumerate(parts)]


def commands() -> dict[str, str]:
    """What our own commands say of themselves, by name."""
    mine = {name: app for name, app in sorted(get_commands().items()) if app in _OURS}
    return {name: str(_command(app, name).help) for name, app in mine.items()}


def _command(app: str, name: str) -> Any:
    return load_command_class(app, name)
