"""Who may open what: {route: (reading, writing)}, each the status for anonymous, staff and manager.

302 for anonymous is the way to the login, 403 is the page "not for your role", 405 is a method the page does not have,
422 is the form with its errors because the test sends it empty: whoever gets that far may write.
"""

Row = tuple[str, str]

NOBODY = "405 405 405"
PUBLIC = "200 200 200"


def administration(model: str, *, add: bool = True, change: bool = True, delete: bool = True) -> dict[str, Row]:
    """The six addresses of a model; managers may look at all of it, and do what is not switched off."""

    def may(allowed: bool) -> str:
        return "302 403 200" if allowed else "302 403 403"

    return {
        f"/admin/{model}/": ("302 403 200", "302 403 200"),
        f"/admin/{model}/add/": (may(add), may(add)),
        f"/admin/{model}/<object_id>/": ("302 403 302", "302 403 302"),
        f"/admin/{model}/<object_id>/change/": ("302 403 200", may(change)),
        f"/admin/{model}/<object_id>/delete/": (may(delete), may(delete)),
        f"/admin/{model}/<object_id>/history/": ("302 403 200", "302 403 200"),
    }


ROUTES: dict[str, Row] = {
    # --- Whoever watches the machine, and the first visit (somebody exists here, so there is none)
    "/healthz": (PUBLIC, NOBODY),
    "/readyz": (PUBLIC, NOBODY),
    "/setup/first/": ("404 404 404", "404 404 404"),
    # --- Accounts
    "/accounts/login/": ("200 302 302", "422 302 302"),
    "/accounts/logout/": (NOBODY, "302 302 302"),
    "/accounts/settings/": ("302 200 200", "302 302 302"),  # name, zone and language may all be empty
    "/accounts/invitation/<token>/": (PUBLIC, "422 422 422"),
    "/accounts/password/": ("302 200 200", "302 422 422"),
    "/accounts/password/reset/": (PUBLIC, "422 422 422"),
    "/accounts/password/reset/sent/": (PUBLIC, NOBODY),
    "/accounts/password/reset/<uidb64>/<token>/": (PUBLIC, PUBLIC),
    # --- People
    "/people/": ("302 403 200", "302 403 405"),
    "/people/invite/": ("302 403 200", "302 403 422"),
    "/people/<pk>/": ("302 403 200", "302 403 405"),
    "/people/<pk>/role/": ("302 403 405", "302 403 302"),
    "/people/<pk>/deactivate/": ("302 403 405", "302 403 302"),
    "/people/<pk>/reactivate/": ("302 403 405", "302 403 302"),
    "/people/<pk>/resend/": ("302 403 405", "302 403 302"),
    # --- Mailbox of the demonstration
    "/mailbox/": ("302 403 200", "302 403 405"),
    "/mailbox/<name>/": ("302 403 200", "302 403 405"),
    "/mailbox/<name>/html/": ("302 403 200", "302 403 405"),
    "/mailbox/<name>/attachments/<number>/": ("302 403 200", "302 403 405"),
    # --- Dashboard and KPIs
    "/": ("302 200 200", NOBODY),
    "/kpis/": ("302 200 200", NOBODY),
    "/kpis/<code>/": ("302 200 200", NOBODY),
    "/kpis/<code>/rows/": ("302 403 200", NOBODY),
    "/kpis/<code>/figures.csv": ("302 200 200", NOBODY),
    # --- Data
    "/data/": ("302 403 200", NOBODY),
    "/data/imports/new/": ("302 403 200", "302 403 422"),
    "/data/imports/sample-<kind>.csv": ("302 403 200", NOBODY),
    "/data/imports/<pk>/": ("302 403 200", NOBODY),
    "/data/imports/<pk>/check/": (NOBODY, "302 403 422"),
    "/data/imports/<pk>/start/": (NOBODY, "302 403 422"),
    "/data/imports/<pk>/cancel/": (NOBODY, "302 403 302"),
    "/data/imports/<pk>/progress/": ("302 403 200", NOBODY),
    "/data/imports/<pk>/rejected.csv": ("302 403 200", NOBODY),
    # --- Surveys, for respondents: the address is the permission
    "/s/<token>/": (PUBLIC, "422 422 422"),
    "/s/<token>/thanks/": ("302 302 302", NOBODY),
    "/p/<slug>/": (PUBLIC, "422 422 422"),
    "/p/<slug>/thanks/": (PUBLIC, NOBODY),
    "/u/<token>/": (PUBLIC, PUBLIC),
    "/brand/<colour>.css": (PUBLIC, NOBODY),
    # --- Surveys, for people who log in
    "/surveys/": ("302 200 200", NOBODY),
    "/surveys/<slug>/": ("302 200 200", NOBODY),
    "/surveys/<slug>/preview/": ("302 200 200", NOBODY),
    "/surveys/<slug>/invitations/": ("302 403 200", NOBODY),
    "/surveys/<slug>/invite/": ("302 403 200", "302 403 422"),
    "/surveys/<slug>/test-mail/": (NOBODY, "302 403 302"),
    "/surveys/<slug>/status/": (NOBODY, "302 403 400"),
    # --- Alerts
    "/alerts/": ("302 403 200", NOBODY),
    # --- Goals and reviews
    "/goals/": ("302 200 200", NOBODY),
    "/goals/<pk>/": ("302 200 200", NOBODY),
    "/reviews/": ("302 200 200", NOBODY),
    "/reviews/<pk>/": ("302 200 200", "302 403 422"),
    # --- Reports
    "/reports/": ("302 403 200", NOBODY),
    "/reports/<pk>/": ("302 403 200", NOBODY),
    "/reports/<pk>/preview/": ("302 403 200", NOBODY),
    "/reports/<pk>/preview/mail/": ("302 403 200", NOBODY),
    "/reports/<pk>/test-mail/": (NOBODY, "302 403 302"),
    "/reports/<pk>/send/": (NOBODY, "302 403 302"),
    "/reports/<pk>/readmit/": (NOBODY, "302 403 302"),
    "/reports/runs/<pk>/": ("302 403 200", NOBODY),
    "/reports/runs/<pk>/send-again/": (NOBODY, "302 403 302"),
    "/reports/unsubscribe/<token>/": (PUBLIC, PUBLIC),
    # --- Manual, for people who log in
    "/manual/": ("302 200 200", NOBODY),
    "/manual/<section>/": ("302 200 200", NOBODY),
    "/manual/editions/": ("302 200 200", NOBODY),
    "/manual/editions/<number>/": ("302 200 200", NOBODY),
    "/manual/editions/<number>/changes/": ("302 200 200", NOBODY),
    # nobody has printed it yet
    "/manual/editions/<number>/plumbline-manual-<same>.pdf": ("302 503 503", NOBODY),
    "/manual/editions/<number>/plumbline-manual-<same>.md": ("302 200 200", NOBODY),
    "/manual/editions/<number>/print/": (NOBODY, "302 403 302"),
    "/manual/draft/": ("302 403 200", NOBODY),
    "/manual/publish/": ("302 403 200", "302 403 422"),
    "/manual/sections/new/": (NOBODY, "302 403 422"),
    "/manual/sections/<slug>/": ("302 403 200", "302 403 422"),
    "/manual/sections/<slug>/preview/": (NOBODY, "302 403 422"),
    "/manual/sections/<slug>/restore/": (NOBODY, "302 403 302"),
    "/manual/sections/<slug>/move/": (NOBODY, "302 403 302"),
    "/manual/sections/<slug>/show/": (NOBODY, "302 403 302"),
    "/manual/sections/<slug>/delete/": (NOBODY, "302 403 302"),
    "/manual/shares/": ("302 403 200", "302 403 422"),
    "/manual/shares/<pk>/revoke/": (NOBODY, "302 403 302"),
    # --- Manual, for whoever was given a link: the address is the permission
    "/share/<token>/": (PUBLIC, NOBODY),
    "/share/<token>/plumbline-manual.pdf": ("503 503 503", NOBODY),
    # --- Administration
    "/admin/": ("302 403 200", "302 403 200"),
    "/admin/login/": ("302 403 403", "302 403 403"),
    "/admin/logout/": ("302 403 302", "302 403 302"),
    "/admin/password_change/": ("302 403 302", "302 403 302"),
    "/admin/password_change/done/": ("302 403 302", "302 403 302"),
    "/admin/autocomplete/": ("302 403 403", "302 403 405"),
    "/admin/jsi18n/": ("302 403 200", "302 403 405"),
    "/admin/r/<content_type_id>/<object_id>/": ("302 403 404", "302 403 404"),
    "/admin/<app_label>/": ("302 403 200", "302 403 200"),
    "/admin/<url>": ("302 403 404", "302 403 404"),
    **administration("kpiproject/organisation", add=False, delete=False),
    **administration("kpiproject/team", delete=False),
    **administration("kpiproject/agent", delete=False),
    **administration("kpiproject/businesscalendar"),
    **administration("kpiproject/user", add=False, delete=False),
    # Both its fields may be empty, so that an empty form is saved.
    "/admin/kpiproject/user/<object_id>/change/": ("302 403 200", "302 403 302"),
    **administration("kpiproject/mail", add=False, change=False, delete=False),
    **administration("surveys/survey", delete=False),
    **administration("surveys/contact", delete=False),
    **administration("surveys/suppression"),
    **administration("surveys/answer", add=False, change=False, delete=False),
    **administration("metrics/servicetarget"),
    **administration("goals/objective"),
    **administration("goals/goal"),
    **administration("goals/review"),
    **administration("goals/report"),
    **administration("goals/stakeholder"),
}
