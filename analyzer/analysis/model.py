"""The trained layer: linear weights over the features, added up without any library.

In: names of features. Out: sums for direction, judgement, suggestion and every topic.

The weights of one feature for all outputs lie side by side in one big integer, 64 bits each, so that
adding two features is a single addition, and dividing a block by its length a single multiplication; the
lane above them counts the features. `analyzer/training` writes the file this module reads.
"""

import base64
import json
import math
import struct
from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from . import features

BUILT_IN = Path(__file__).parent / "model.json"
FORMAT = 2
OFFSET = 1 << 15  # weights are stored as 1..65535, so that lanes never borrow from each other
LANE = 64  # bits
MASK = (1 << LANE) - 1
WHOLE = 1 << 20  # what a block is multiplied by that is not divided by its length
MOST_WORDS, LONGEST = 20_000, 40  # whose pieces are kept added up; letters of such a word
MOST_GROUPS = 20_000  # of marks whose sums are kept
ENDS = "<>^$ "  # what an n-gram may have around its words
QUIET = 0.1  # of the strongest direction: weaker runs of words are not named as reasons
LONG_WORD = 4  # letters
NORM = 0  # the first lane sums squared idf, for the length of the vector
DIRECTION, JUDGEMENT, SUGGESTION, FIRST_TOPIC = 1, 2, 3, 4


class Telling(NamedTuple):
    """What an n-gram has to say when it is named as a reason."""

    words: str  # as they stand in the text
    size: int  # of the words, in characters
    back: int  # how far before the end of the run they begin
    rule: str
    direction: float
    judgement: float


class Pieces(dict[str, int]):
    """Words repeat: the sum over the pieces of a word is kept."""

    def __init__(self, block: "Block") -> None:
        """Empty; fills itself as words are met."""
        super().__init__()
        self._block = block

    def __missing__(self, word: str) -> int:
        """The sum for a word not met yet; forgets all once in a while."""
        if len(self) >= MOST_WORDS:
            self.clear()
        total = self._block.add(features.pieces_of(word))
        if len(word) <= LONGEST:
            self[word] = total
        return total


class Groups(dict[tuple[str, ...], int]):
    """Marks come in the same groups again and again: the sum of each group is kept."""

    def __init__(self, block: "Block") -> None:
        """Empty; fills itself as groups are met."""
        super().__init__()
        self._block = block

    def __missing__(self, names: tuple[str, ...]) -> int:
        """The sum for a group not met yet; forgets all once in a while."""
        if len(self) >= MOST_GROUPS:
            self.clear()
        total = self[names] = self._block.add(names)
        return total


@dataclass
class Block:
    """One kind of features (words, pieces, marks): names and packed weights."""

    weights: dict[str, int]
    norm_scale: float  # of the first lane; 0: the block is not divided by its length

    def add(self, names: Iterable[str]) -> int:
        """The sum over the known ones among `names`."""
        return sum(filter(None, map(self.weights.get, names)))

    def factor(self, total: int) -> float:
        """By what the weights of a sentence are multiplied."""
        squares = total & MASK
        return 1.0 / math.sqrt(squares * self.norm_scale) if squares else 0.0


@dataclass
class LanguageModel:
    """Everything trained for one language."""

    lang: str
    topics: list[str]
    bias: list[float]
    thresholds: dict[str, float]
    scales: list[float]  # of every lane, alike in all blocks
    blocks: dict[str, Block]
    rule_weights: Callable[[tuple[str, ...]], tuple[float, float]] = field(init=False, repr=False)
    grams: dict[str, int] = field(init=False, repr=False)  # numbered, those that are worth naming first
    runs: list[str] = field(init=False, repr=False)  # by number: the n-grams as they are sought in a line
    tellings: list[Telling] = field(init=False, repr=False)  # by number, strongest first
    _rows: list[int] = field(init=False, repr=False)  # by number
    _met: frozenset[str] = field(init=False, repr=False)  # the words of training
    _long_runs: frozenset[int] = field(init=False, repr=False)  # n-grams of more than one word
    _layout: struct.Struct = field(init=False, repr=False)
    _parts: list[tuple[float, float]] = field(init=False, repr=False)  # bias and scale of every lane
    _pieces: Pieces | None = field(init=False, repr=False)
    _groups: Groups = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Compile what is looked up for every sentence."""
        self._layout = struct.Struct(f"<{len(self.scales) + 1}Q")
        zero = [0.0, 0.0, self.thresholds["judgement"], self.thresholds["suggestion"]]
        zero += [self.thresholds["topic"]] * len(self.topics)
        self._parts = [
            (bias - least, scale / WHOLE)
            for bias, least, scale in zip(self.bias, zero, self.scales, strict=True)
        ]
        self._number_grams()
        self._pieces = Pieces(self.blocks["pieces"]) if "pieces" in self.blocks else None
        self._long_runs = frozenset(number for name, number in self.grams.items() if " " in name)
        self._met = features.EVERYWHERE.union(name for name in self.grams if " " not in name)
        if self._pieces is not None:
            # The words that were met in training are met again.
            self.pieces(sorted(self._met))
        self._groups = Groups(self.blocks["marks"])
        self.rule_weights = lru_cache(maxsize=1024)(self._rule_weights)

    def weight(self, row: int, lane: int) -> float:
        """The weight in one lane of a packed row."""
        return (((row >> (LANE * lane)) & MASK) - OFFSET) * self.scales[lane]

    def _rule_weights(self, names: tuple[str, ...]) -> tuple[float, float]:
        """What the names of a rule hit add to direction and judgement."""
        rows = [row for name in names if (row := self.blocks["marks"].weights.get(name))]
        return sum([self.weight(r, DIRECTION) for r in rows]), sum([self.weight(r, JUDGEMENT) for r in rows])

    def total(self, numbers: Iterable[int]) -> int:
        """The sum of n-grams."""
        return sum(map(self._rows.__getitem__, numbers))

    def pieces(self, words: list[str]) -> int:
        """The sum of the pieces of words; none in Chinese."""
        return sum(map(self._pieces.__getitem__, words)) if self._pieces is not None else 0

    def share_known(self, words: list[str]) -> float:
        """How many of the longer words of an English text were met in training: 0 to 1."""
        long = [word for word in words if len(word) >= LONG_WORD]
        return (sum([word in self._met for word in long]) + 1) / (len(long) + 1)

    def runs_known(self, numbers: Iterable[int]) -> int:
        """How many of some n-grams are runs of two or three words."""
        return sum([number in self._long_runs for number in numbers])

    def share(self, total: int) -> float:
        """By what the weights of n-grams are multiplied in a sentence where their sum is `total`."""
        return self.blocks["grams"].factor(total)

    def outputs(self, grams: int, share: float, pieces: int, marks: list[tuple[str, ...]]) -> list[float]:
        """Direction, judgement, suggestion and topics (from FIRST_TOPIC on), less their thresholds.

        `grams`, `pieces`: sums; `share`: that of the n-grams; `marks`: groups of names.
        """
        total = sum(map(self._groups.__getitem__, marks)) * WHOLE + grams * round(WHOLE * share)
        if pieces:
            total += pieces * round(WHOLE * self.blocks["pieces"].factor(pieces))
        lanes = self._layout.unpack(total.to_bytes(self._layout.size, "little"))
        base = OFFSET * lanes[-1]
        return [bias + (lane - base) * scale for (bias, scale), lane in zip(self._parts, lanes, strict=False)]

    def _number_grams(self) -> None:
        """What is worth naming comes first, the strongest before all."""
        weights = self.blocks["grams"].weights
        lane = LANE * DIRECTION
        strengths = {name: abs(((row >> lane) & MASK) - OFFSET) for name, row in weights.items()}
        quiet = QUIET * max(strengths.values(), default=0)
        loud = sorted((-strength, name) for name, strength in strengths.items() if strength > quiet)
        told = [name for _, name in loud if features.says_something(name.strip(ENDS))]
        named = set(told)
        names = [*told, *(name for name in weights if name not in named)]
        self.grams = {name: number for number, name in enumerate(names)}
        self.runs = [f" {name} " if self.lang == "en" else name for name in names]
        self.tellings = [self._telling(name, run) for name, run in zip(told, self.runs, strict=False)]
        self._rows = [weights[name] for name in names]

    def _telling(self, name: str, run: str) -> Telling:
        row = self.blocks["grams"].weights[name]
        direction, judgement = self.weight(row, DIRECTION), self.weight(row, JUDGEMENT)
        words = name.strip(ENDS)
        return Telling(words, len(words), len(run) - run.find(words), f"model:{name}", direction, judgement)


def load_model(path: Path = BUILT_IN) -> tuple[str, dict[str, LanguageModel]]:
    """Version and models by language; raises ValueError when the file is not one of ours."""
    document = json.loads(path.read_text(encoding="utf-8"))
    if document.get("format") != FORMAT:
        raise ValueError(f"{path}: not a model of format {FORMAT}")
    models = {lang: language_model(lang, part) for lang, part in document["languages"].items()}
    return str(document["version"]), models


def language_model(lang: str, part: dict[str, Any]) -> LanguageModel:
    """One language of a model file."""
    scales = part["scales"]
    blocks = {name: _block(stored, len(scales)) for name, stored in part["blocks"].items()}
    return LanguageModel(lang, part["topics"], part["bias"], part["thresholds"], scales, blocks)


def _block(stored: dict[str, Any], lanes: int) -> Block:
    names = stored["names"].split("\n")
    size = lanes * LANE // 8
    wide = array("Q", array("H", base64.b64decode(stored["weights"]))).tobytes()
    one = 1 << (LANE * lanes)
    packed = (one + int.from_bytes(wide[i : i + size], "little") for i in range(0, len(wide), size))
    return Block(dict(zip(names, packed, strict=True)), stored["norm_scale"])
