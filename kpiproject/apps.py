from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class KpiProjectConfig(AppConfig):
    name = "kpiproject"
    verbose_name = _("Organisation and people")
    default = True


class PlumblineAdminConfig(AdminConfig):
    """Django's admin with our login (throttled, e-mail) and our look."""

    default = False
    default_site = "kpiproject.admin_site.PlumblineAdminSite"
