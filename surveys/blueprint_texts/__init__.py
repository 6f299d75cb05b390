"""The words of the blueprints, one module per language. They are content, which managers edit, not our interface."""

from collections.abc import Mapping
from types import MappingProxyType

from surveys.blueprint_texts import ar, de, en, es, fr
from surveys.content import Prompt, Wording

_MODULES = {"en": en, "de": de, "fr": fr, "es": es, "ar": ar}

WORDINGS: Mapping[str, Mapping[str, Wording]] = MappingProxyType(
    {code: module.WORDINGS for code, module in _MODULES.items()}
)
"""By language and by blueprint."""

PROMPTS: Mapping[str, Mapping[str, Mapping[str, Prompt]]] = MappingProxyType(
    {code: module.PROMPTS for code, module in _MODULES.items()}
)
"""By language, by blueprint and by the key of the further question."""
