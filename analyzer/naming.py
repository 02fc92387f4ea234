"""The names of topics, for pages and commands that analyse nothing themselves."""

from collections.abc import Mapping
from pathlib import Path

from analyzer.analysis import BadFile
from analyzer.analysis.taxonomy import BUILT_IN, load_taxonomy
from analyzer.digests.model import Bilingual
from analyzer.errors import BadConfig


def topic_labels(taxonomy: Path | None) -> Mapping[str, Bilingual]:
    """Topic id -> its names.  taxonomy: None for the built-in one.  Raises BadConfig."""
    try:
        return load_taxonomy(taxonomy or BUILT_IN).labels
    except BadFile as error:
        raise BadConfig(f"TAXONOMY: {error}") from error
