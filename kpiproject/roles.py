"""The two roles. Each is a group; every app grants its own permissions to them in a data migration."""

from collections.abc import Collection, Mapping

from django.apps.registry import Apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType

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
        group.permissions.add(*[_permission(apps, app_label, codename) for codename in sorted(codenames)])


def everything(*model_names: str) -> set[str]:
    """The codenames of all four permissions of these models."""
    return {f"{action}_{name}" for name in model_names for action in _ACTIONS}


def _permission(apps: Apps, app_label: str, codename: str) -> Permission:
    action, model_name = codename.split("_", maxsplit=1)
    if action not in _ACTIONS:
        raise LookupError(f"{codename!r} is not one of {', '.join(_ACTIONS)} with a model's name after it.")
    model = apps.get_model(app_label, model_name)
    content_type = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label=app_label, model=model_name
    )[0]
    # A cached copy made before this row existed would make post_migrate look for another one.
    ContentType.objects.clear_cache()
    words = model._meta.verbose_name_raw
    permission: Permission = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type,
        codename=codename,
        defaults={"name": f"Can {action} {words}"},
    )[0]
    return permission
