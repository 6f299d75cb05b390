"""The two roles. Each is a group; every app grants its own permissions to them in a data migration."""

from collections.abc import Collection, Mapping

from django.apps.registry import Apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet

MANAGERS = "Managers"
STAFF = "Staff"

_ACTIONS = ("add", "change", "delete", "view")


def grant(apps: Apps, app_label: str, codenames_by_group: Mapping[str, Collection[str]]) -> None:
    """Give permissions of one app to groups, from a data migration; those already given stay.

    `post_migrate` creates permissions only after all migrations have run, so missing rows are created here with the
    names it would give them; it then finds them and adds nothing. Raises LookupError for a model that does not exist.
    """
    for group_name, codenames in codenames_by_group.items():
        group = apps.get_model("auth", "Group").objects.get_or_create(name=group_name)[0]
        group.permissions.add(*_permissions(apps, app_label, codenames))


def everything(*model_names: str) -> set[str]:
    """The codenames of all four permissions of these models."""
    return {f"{action}_{name}" for name in model_names for action in _ACTIONS}


def _permissions(apps: Apps, app_label: str, codenames: Collection[str]) -> QuerySet[Permission]:
    pairs = [_action_and_model(codename) for codename in sorted(codenames)]
    types = _content_types(apps, app_label, {model_name for _action, model_name in pairs})
    permission = apps.get_model("auth", "Permission")
    missing = [
        permission(
            content_type=types[model_name],
            codename=f"{action}_{model_name}",
            name=f"Can {action} {apps.get_model(app_label, model_name)._meta.verbose_name_raw}",
        )
        for action, model_name in pairs
    ]
    permission.objects.bulk_create(missing, ignore_conflicts=True)  # those that are there stay as they are
    found: QuerySet[Permission] = permission.objects.filter(content_type__in=types.values(), codename__in=codenames)
    return found


def _action_and_model(codename: str) -> tuple[str, str]:
    action, model_name = codename.split("_", maxsplit=1)
    if action not in _ACTIONS:
        raise LookupError(f"{codename!r} is not one of {', '.join(_ACTIONS)} with a model's name after it.")
    return action, model_name


def _content_types(apps: Apps, app_label: str, model_names: Collection[str]) -> dict[str, ContentType]:
    content_type = apps.get_model("contenttypes", "ContentType")
    missing = [
        content_type(app_label=app_label, model=apps.get_model(app_label, name)._meta.model_name)
        for name in sorted(model_names)
    ]
    content_type.objects.bulk_create(missing, ignore_conflicts=True)
    # A cached copy made before these rows existed would make post_migrate look for others.
    ContentType.objects.clear_cache()
    return {each.model: each for each in content_type.objects.filter(app_label=app_label, model__in=model_names)}
