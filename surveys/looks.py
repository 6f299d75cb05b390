"""How scores look on the page and what a screen reader calls them: numbers, smileys, stars, thumbs."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from surveys.content import Content, Further, Prompt, Wording

_MOODS: dict[int, tuple[Promise, ...]] = {
    2: (gettext_lazy("unhappy"), gettext_lazy("happy")),
    3: (gettext_lazy("unhappy"), gettext_lazy("neither happy nor unhappy"), gettext_lazy("happy")),
    4: (gettext_lazy("very unhappy"), gettext_lazy("unhappy"), gettext_lazy("happy"), gettext_lazy("very happy")),
    5: (
        gettext_lazy("very unhappy"),
        gettext_lazy("unhappy"),
        gettext_lazy("neither happy nor unhappy"),
        gettext_lazy("happy"),
        gettext_lazy("very happy"),
    ),
    7: (
        gettext_lazy("very unhappy"),
        gettext_lazy("unhappy"),
        gettext_lazy("rather unhappy"),
        gettext_lazy("neither happy nor unhappy"),
        gettext_lazy("rather happy"),
        gettext_lazy("happy"),
        gettext_lazy("very happy"),
    ),
}
# Where the middle of a mouth is pulled to, on a face of 32 units: the saddest and the happiest.
_SADDEST, _HAPPIEST = 15.5, 29.0


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One score as a button. `mouth` is the path of a smiley's mouth; `standing` its score group."""

    score: int
    name: str
    is_chosen: bool
    standing: int | None = None
    mouth: str = ""
    is_up: bool = False


def cells(content: Content, wording: Wording, chosen: int | None) -> list[Cell]:
    """One per score, in the language that is active."""
    scale = content.scale
    found = []
    for score in scale.scores:
        # 0 is the worst end, 1 the best one.
        place = (score - scale.low) / (scale.points - 1)
        goodness = 1 - place if scale.lower_is_better else place
        found.append(
            Cell(
                score=score,
                name=_name(content, wording, score, goodness),
                is_chosen=score == chosen,
                standing=scale.standing(score),
                mouth=_mouth(goodness) if content.look == "smileys" else "",
                is_up=goodness > 0.5,
            )
        )
    return found


def scale_cells(question: Further, prompt: Prompt, chosen: int | None) -> list[Cell]:
    """The numbers of a further question on a scale."""
    labels = {question.low: prompt.low_label, question.high: prompt.high_label}
    found = []
    for score in range(question.low, question.high + 1):
        plain = _("%(score)s out of %(highest)s") % {"score": score, "highest": question.high}
        found.append(Cell(score=score, name=_labelled(plain, labels.get(score)), is_chosen=score == chosen))
    return found


def _name(content: Content, wording: Wording, score: int, goodness: float) -> str:
    """Such as "9 out of 10", with the words of its end: "10 out of 10, extremely likely"."""
    scale = content.scale
    label = {scale.low: wording.low_label, scale.high: wording.high_label}.get(score, "")
    values = {"score": score, "highest": scale.high}
    if content.look == "stars":
        return _labelled(_("%(score)s out of %(highest)s stars") % values, label)
    if content.look == "thumbs":
        return _labelled(_("thumb up") if goodness else _("thumb down"), label)
    plain = _("%(score)s out of %(highest)s") % values
    if content.look == "smileys":
        moods = _MOODS[scale.points]
        return _labelled(plain, label or str(moods[round(goodness * (len(moods) - 1))]))
    return _labelled(plain, label)


def _labelled(name: str, label: str | None) -> str:
    return f"{name}, {label}" if label else name


def _mouth(goodness: float) -> str:
    pull = _SADDEST + (_HAPPIEST - _SADDEST) * goodness
    ends = 22.5 - 2.5 * goodness
    return f"M10 {ends:.1f}Q16 {pull:.1f} 22 {ends:.1f}"
