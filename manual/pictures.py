"""Pictures of the manual: decoded, turned upright, made smaller and written anew, so that nothing else comes with them.

What a file says of itself counts for nothing; only what can be decoded is a picture.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import reduce
from io import BytesIO
from operator import or_
from typing import Any, Final

from django.db.models import Q
from django.http import HttpResponse
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from kpiproject.models import User
from manual.models import Picture

MOST_BYTES: Final = 10_000_000
MOST_PIXELS: Final = 40_000_000
# As wide as a printed page at 220 dots per inch, and a very long screenshot.
_LARGEST: Final = (1600, 2400)
_KEPT_BYTES: Final = 2_000_000
_QUALITIES: Final = (85, 70, 55)
_FORMATS: Final = ("PNG", "JPEG", "WEBP", "GIF")
_NAME: Final = re.compile(r"[0-9a-f]{16}")
_TYPES: Final[Mapping[str, str]] = {Picture.Kind.PNG: "image/png", Picture.Kind.JPEG: "image/jpeg"}


class PictureError(ValueError):
    """A file that cannot be shown, with a sentence for whoever chose it."""


def add(content: bytes, *, by: User | None) -> Picture:
    """The picture as we write it; the same one twice is one. Raises PictureError."""
    found = _opened(content)
    kind, written = _written(found)
    digest = hashlib.sha256(written).hexdigest()
    picture, _is_new = Picture.objects.get_or_create(
        digest=digest,
        defaults={"kind": kind, "width": found.width, "height": found.height, "content": written, "added_by": by},
    )
    return picture


def _opened(content: bytes) -> Image.Image:
    """Upright, without anything but its pixels, no larger than it is shown."""
    if len(content) > MOST_BYTES:
        message = _("The picture is larger than %(most)d MB. Please choose a smaller one.")
        raise PictureError(message % {"most": MOST_BYTES // 1_000_000})
    try:
        with Image.open(BytesIO(content), formats=_FORMATS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise PictureError(
                    _("The picture is %(width)s × %(height)s pixels large, which is too much.")
                    % {
                        "width": opened.width,
                        "height": opened.height,
                    }
                )
            opened.load()
            upright = ImageOps.exif_transpose(opened)
            found = upright.convert("RGBA" if _is_see_through(upright) else "RGB")
    except UnidentifiedImageError:
        raise PictureError(_("This file is no picture. PNG, JPEG, WebP and GIF can be shown.")) from None
    except Image.DecompressionBombError:
        raise PictureError(_("The picture has more pixels than we can read. Please choose a smaller one.")) from None
    except (OSError, SyntaxError, ValueError) as error:
        if isinstance(error, PictureError):
            raise
        raise PictureError(_("This picture is damaged or not whole, and cannot be shown.")) from error
    found.thumbnail(_LARGEST)
    found.info = {}
    return found


def _is_see_through(found: Image.Image) -> bool:
    return found.mode in ("RGBA", "LA", "PA") or "transparency" in found.info


def _written(found: Image.Image) -> tuple[Picture.Kind, bytes]:
    """As PNG where that is small enough, as drawings and screens are; photographs as JPEG."""
    as_png = BytesIO()
    found.save(as_png, "PNG", optimize=True)
    if found.mode == "RGBA" or as_png.tell() <= _KEPT_BYTES // 8:
        if as_png.tell() <= _KEPT_BYTES:
            return Picture.Kind.PNG, as_png.getvalue()
        found = Image.alpha_composite(Image.new("RGBA", found.size, "white"), found).convert("RGB")
    for quality in _QUALITIES:
        as_jpeg = BytesIO()
        found.save(as_jpeg, "JPEG", quality=quality, optimize=True)
        if as_jpeg.tell() <= _KEPT_BYTES:
            return Picture.Kind.JPEG, as_jpeg.getvalue()
    raise PictureError(_("The picture is too rich in detail to be made small enough. Please choose a smaller one."))


def find(name: str) -> Picture | None:
    return Picture.objects.filter(digest__startswith=name).first() if _NAME.fullmatch(name) else None


def known(names: Iterable[str]) -> dict[str, Picture]:
    """Those that there are, by name, without their content."""
    wanted = {name for name in names if _NAME.fullmatch(name)}
    if not wanted:
        return {}
    begins = reduce(or_, (Q(digest__startswith=name) for name in sorted(wanted)))
    return {picture.name: picture for picture in Picture.objects.defer("content").filter(begins)}


def shown_in(value: Any) -> Iterator[dict[str, Any]]:
    """Every picture of a document or a part of it."""
    if isinstance(value, dict):
        if value.get("is") == "picture":
            yield value
        if value.get("is") != "chart":
            yield from shown_in(list(value.values()))
    elif isinstance(value, list | tuple):
        for part in value:
            yield from shown_in(part)


def described(blocks: Any) -> Any:
    """The blocks with what is known of each picture; one that does not exist becomes its words."""
    found = known(picture["name"] for picture in shown_in(blocks))
    return [_described(block, found) for block in blocks] if found or any(shown_in(blocks)) else blocks


def _described(value: Any, found: Mapping[str, Picture]) -> Any:
    if isinstance(value, dict) and value.get("is") == "picture":
        picture = found.get(value["name"])
        if picture is None:
            return {"is": "note", "tone": "", "blocks": [_words(value["alt"])]}
        return {
            **value,
            "digest": picture.digest,
            "kind": picture.kind,
            "width": picture.width,
            "height": picture.height,
        }
    if isinstance(value, dict):
        return {key: _described(part, found) for key, part in value.items()}
    return [_described(part, found) for part in value] if isinstance(value, list) else value


def _words(words: str) -> dict[str, Any]:
    return {"is": "paragraph", "inlines": [{"is": "emphasis", "inlines": [{"is": "text", "text": words}]}]}


def contents(document: Any) -> dict[str, bytes]:
    """The bytes of every picture in a document by its name, for prints and files. Each is what its digest says."""
    digests = {picture["digest"]: picture["name"] for picture in shown_in(document) if "digest" in picture}
    rows = Picture.objects.filter(digest__in=list(digests)).values_list("digest", "content")
    found = {digests[digest]: bytes(content) for digest, content in rows}
    return {name: content for name, content in found.items() if hashlib.sha256(content).hexdigest()[:16] == name}


def content_type(kind: str) -> str:
    return _TYPES[kind]


def response(picture: Picture) -> HttpResponse:
    """What its name stands for never changes; but only they may keep it who may read it."""
    found = HttpResponse(bytes(picture.content), content_type=_TYPES[picture.kind])
    found["Cache-Control"] = "private, max-age=31536000, immutable"
    found["Content-Disposition"] = "inline"
    return found
