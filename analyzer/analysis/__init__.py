"""What visitors wrote, understood: the public door of the analysis.

In: text. Out: sentences, direction, topics, advice, each with its reason.
"""

from .comparing import Change, compare
from .emergent import Background, Emergent, background_of, emergent_phrases
from .engine import Engine, load_engine
from .files import BadFile
from .findings import Aspect, Sentence, TextAnalysis

__all__ = [
    "Aspect",
    "Background",
    "BadFile",
    "Change",
    "Emergent",
    "Engine",
    "Sentence",
    "TextAnalysis",
    "background_of",
    "compare",
    "emergent_phrases",
    "load_engine",
]
