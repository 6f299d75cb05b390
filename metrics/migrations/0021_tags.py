"""Tags are kept with commas between them from now on: so far they were as each source wrote them."""

import re
from typing import Any

from django.db import migrations

_MARKS = re.compile(r"[,;|\n]")
_OF_SEVERAL_WORDS = ("freshdesk", "hubspot", "chatwoot", "zammad")


def rewrite(apps: Any, schema_editor: Any) -> None:
    tickets = apps.get_model("metrics", "Ticket").objects.using(schema_editor.connection.alias)
    for source, tags in list(tickets.exclude(tags="").order_by().values_list("source", "tags").distinct()):
        by_space = not (_MARKS.search(tags) or source.startswith(_OF_SEVERAL_WORDS))
        parts = tags.split() if by_space else _MARKS.split(tags)
        kept = ", ".join(dict.fromkeys(filter(None, map(str.strip, parts))))
        if kept != tags:
            tickets.filter(source=source, tags=tags).update(tags=kept)


class Migration(migrations.Migration):
    dependencies = [
        ("metrics", "0020_redefinition"),
    ]

    operations = [
        migrations.RunPython(rewrite, migrations.RunPython.noop),
    ]
