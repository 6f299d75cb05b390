"""Pictures in the manual: put into a text that is being written, and shown to whoever may read."""

from collections.abc import Callable
from http import HTTPStatus

from django.contrib.auth.decorators import login_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from manual import pictures, placing
from manual.forms import PictureForm, SectionForm
from manual.views.editing import found_if_any, gone, may_write, person, show
from manual.views.logging_in import login_to_write
from manual.views.long_texts import answers_long_text
from manual.views.reading import may_read


def _adds(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    return login_to_write(may_write(permission_required("manual.add_picture", raise_exception=True)(view)))


@require_POST
@answers_long_text(_adds)
def picture_add(request: HttpRequest, slug: str) -> HttpResponse:
    """The text comes along and goes back with the picture in it; it is not saved by this."""
    form, picture_form = SectionForm(request.POST), PictureForm(request.POST, request.FILES)
    if (section := found_if_any(slug)) is None:
        return gone(request, form)
    if picture_form.is_valid():
        given = picture_form.cleaned_data
        try:
            added = pictures.add(given["picture"].read(pictures.MOST_BYTES + 1), by=person(request))
        except pictures.PictureError as error:
            picture_form.add_error("picture", str(error))
        else:
            text = placing.put(str(form["text"].value() or ""), added.name, alt=given["alt"], at=given["cursor"])
            typed = {name: form[name].value() for name in ("title", "version")}
            said = _("The picture stands in your text. Nothing is saved yet.")
            return show(request, section, SectionForm(initial={**typed, "text": text}), picture_said=said)
    typed = {name: form[name].value() for name in ("title", "text", "version")}
    kept = SectionForm(initial=typed)
    return show(request, section, kept, picture_form=picture_form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@require_safe
@login_required
@may_read
def picture(request: HttpRequest, name: str) -> HttpResponse:
    found = pictures.find(name)
    if found is None:
        raise Http404
    return pictures.response(found)
