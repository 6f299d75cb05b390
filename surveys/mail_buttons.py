"""The scores of a scale as buttons of a mail: real text that can be read aloud, and that wraps on a phone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from surveys import looks
from surveys.content import Content, Wording
from surveys.scales import Scale

# From the bad end to the good one, by the number of points; only signs that every mail program has had since 2012.
_SMILEYS: Final[Mapping[int, str]] = MappingProxyType(
    {2: "😞😊", 3: "😞😐😊", 4: "😞😕😊😃", 5: "😞😕😐😊😃", 7: "😡😞😕😐😊😃😍"}
)
_THUMBS: Final = "👎👍"
_STAR: Final = "★"

# More than five buttons stand in two rows on a phone.
_MOST_IN_A_ROW: Final = 5
# So that eleven fit side by side into 550 px, and a thumb hits each of them.
_WIDTHS: Final[Mapping[int, int]] = MappingProxyType({10: 50, 11: 49})
_WIDTH: Final = 64
_WIDTH_OF_WORDS: Final = 180


@dataclass(frozen=True, kw_only=True)
class Button:
    """All look the same: red and green ones would suggest an answer. `name` is what is read aloud, as on the page;
    `label` are the words at the ends of the scale."""

    score: int
    url: str
    name: str
    label: str
    sign: str

    @property
    def words(self) -> str:
        """What stands beside the sign of a thumb, where the number would say nothing."""
        return self.label or str(self.score)


@dataclass(frozen=True, kw_only=True)
class Row:
    """Buttons that stay together. Its `share` of the first row's width keeps columns in line on a narrow screen."""

    buttons: tuple[Button, ...]
    share: str
    width: int


@dataclass(frozen=True, kw_only=True)
class Buttons:
    """One or two rows, side by side where there is room for `width` pixels."""

    rows: tuple[Row, ...]
    look: str

    @property
    def all(self) -> tuple[Button, ...]:
        return tuple(button for row in self.rows for button in row.buttons)

    @property
    def width(self) -> int:
        return sum(row.width for row in self.rows)


def buttons(content: Content, wording: Wording, *, url: Callable[[int | None], str]) -> Buttons:
    """In the language that is active."""
    scale, look = content.scale, content.look
    found = tuple(
        Button(
            score=cell.score,
            url=url(cell.score),
            name=cell.name,
            label={scale.low: wording.low_label, scale.high: wording.high_label}.get(cell.score, ""),
            sign=_sign(scale, look, cell.score),
        )
        for cell in looks.cells(content, wording, None)
    )
    width = _WIDTH_OF_WORDS if look == "thumbs" else _WIDTHS.get(len(found), _WIDTH)
    first = len(found) if len(found) <= _MOST_IN_A_ROW else (len(found) + 1) // 2
    parts = [part for part in (found[:first], found[first:]) if part]
    return Buttons(
        rows=tuple(
            Row(buttons=part, share=f"{100 * len(part) / first:.4g}", width=width * len(part)) for part in parts
        ),
        look=look,
    )


def _sign(scale: Scale, look: str, score: int) -> str:
    """The sign beside the number, "" where there is none; faces smile at the good end, wherever that is."""
    place = scale.high - score if scale.lower_is_better else score - scale.low
    if look == "smileys":
        return _SMILEYS.get(scale.points, "")[place : place + 1]
    if look == "thumbs":
        return _THUMBS[place : place + 1]
    return _STAR if look == "stars" else ""
