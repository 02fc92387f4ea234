"""What visitors wrote, understood: the public door of the analysis.

In: text. Out: sentences, direction, topics, advice, each with its reason.
"""

from .engine import Engine, load_engine
from .files import BadFile
from .findings import Aspect, Sentence, TextAnalysis

__all__ = ["Aspect", "BadFile", "Engine", "Sentence", "TextAnalysis", "load_engine"]
