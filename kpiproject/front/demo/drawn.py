"""A drawing for the demonstration company's manual, made here so that nobody else's is needed."""

from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw, ImageFont

_SIZE: Final = (1200, 180)
_PAPER, _INK, _BLUE, _SOFT = "#ffffff", "#18212c", "#1d4f91", "#e6eef8"
_BOX: Final = (250, 120)
_STEPS: Final = (
    ("Customer writes", "e-mail, chat, phone"),
    ("When do you leave?", "within 3 days: first"),
    ("One person answers", "and keeps the request"),
    ("Two sentences", "if it is handed over"),
)


def way_of_a_request() -> bytes:
    """Four boxes with arrows between them, as PNG."""
    drawing = Image.new("RGB", _SIZE, _PAPER)
    pen = ImageDraw.Draw(drawing)
    width, height = _BOX
    gap = (_SIZE[0] - len(_STEPS) * width) // (len(_STEPS) + 1)
    top = (_SIZE[1] - height) // 2
    for n, (title, detail) in enumerate(_STEPS):
        left = gap + n * (width + gap)
        pen.rounded_rectangle((left, top, left + width, top + height), radius=14, fill=_SOFT, outline=_BLUE, width=3)
        middle = left + width // 2
        pen.text((middle, top + 45), title, fill=_INK, font=ImageFont.load_default(24), anchor="mm")
        pen.text((middle, top + 82), detail, fill=_INK, font=ImageFont.load_default(19), anchor="mm")
        if n:
            _arrow(pen, left - gap + 6, left - 6, _SIZE[1] // 2)
    written = BytesIO()
    drawing.save(written, "PNG")
    return written.getvalue()


def _arrow(pen: ImageDraw.ImageDraw, start: int, end: int, level: int) -> None:
    pen.line((start, level, end - 10, level), fill=_BLUE, width=4)
    pen.polygon([(end, level), (end - 14, level - 9), (end - 14, level + 9)], fill=_BLUE)
