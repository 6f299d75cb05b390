"""The addresses of the manual."""

from django.urls import URLPattern, path

from manual.views import editing, files, following, outline, picturing, publishing, reading, shared, sharing

app_name = "manual"
urlpatterns: list[URLPattern] = [
    path("manual/", reading.manual, name="manual"),
    path("manual/draft/", outline.draft, name="draft"),
    path("manual/publish/", publishing.publish, name="publish"),
    path("manual/sections/new/", outline.section_add, name="section_add"),
    path("manual/sections/<slug:slug>/", editing.section_edit, name="section_edit"),
    path("manual/sections/<slug:slug>/preview/", editing.section_preview, name="section_preview"),
    path("manual/sections/<slug:slug>/take-over/", editing.section_take_over, name="section_take_over"),
    path("manual/sections/<slug:slug>/pictures/", picturing.picture_add, name="picture_add"),
    path("manual/pictures/<slug:name>", picturing.picture, name="picture"),
    path("manual/sections/<slug:slug>/restore/", editing.section_restore, name="section_restore"),
    path("manual/sections/<slug:slug>/move/", outline.section_move, name="section_move"),
    path("manual/sections/<slug:slug>/show/", outline.section_show, name="section_show"),
    path("manual/sections/<slug:slug>/delete/", outline.section_remove, name="section_remove"),
    path("manual/editions/", reading.edition_list, name="edition_list"),
    path("manual/editions/<int:number>/", reading.edition, name="edition"),
    path("manual/editions/<int:number>/changes/", reading.changes, name="changes"),
    path("manual/editions/<int:number>/plumbline-manual-<int:same>.pdf", reading.edition_pdf, name="edition_pdf"),
    path(
        "manual/editions/<int:number>/plumbline-manual-<int:same>.md", reading.edition_markdown, name="edition_markdown"
    ),
    path("manual/editions/<int:number>/plumbline-manual-<int:same>.html", files.edition_html, name="edition_html"),
    path("manual/editions/<int:number>/print/", publishing.edition_print, name="edition_print"),
    path("manual/shares/", sharing.share_list, name="share_list"),
    path("manual/shares/<int:pk>/revoke/", sharing.share_revoke, name="share_revoke"),
    path("manual/shares/<int:pk>/rotate/", sharing.share_rotate, name="share_rotate"),
    path("manual/<slug:section>/", reading.section, name="section"),
    path("share/<str:token>/", shared.shared, name="shared"),
    path("share/<str:token>/plumbline-manual.pdf", shared.shared_pdf, name="shared_pdf"),
    path("share/<str:token>/plumbline-manual.html", shared.shared_file, name="shared_file"),
    path("share/<str:token>/pictures/<slug:name>", shared.shared_picture, name="shared_picture"),
    path("share/<str:token>/follow/", following.follow, name="follow"),
    path("follow/confirm/<str:token>/", following.follow_confirm, name="follow_confirm"),
    path("follow/leave/<str:token>/", following.follow_leave, name="follow_leave"),
]
