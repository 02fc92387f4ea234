"""Fitted weights to the compact file the run time reads.

In: fitted models. Out: model.json: names, one byte per weight, a scale per lane. Byte for byte the same
for the same weights.
"""

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np

from analyzer.analysis.model import BUILT_IN, OFFSET

from .fit import TOPICS, Fitted, FittedBlock

LARGEST = 127


def as_document(models: list[Fitted], thresholds: dict[str, dict[str, float]]) -> dict[str, Any]:
    """The whole file as plain values; its version is a fingerprint of its content."""
    languages = {m.lang: _language(m, thresholds[m.lang]) for m in models}
    content = json.dumps(languages, sort_keys=True, ensure_ascii=False)
    version = hashlib.sha256(content.encode()).hexdigest()[:8]
    return {"format": 1, "version": version, "languages": languages}


def write(document: dict[str, Any], path: Path = BUILT_IN) -> None:
    """One line per language is enough for git."""
    path.write_text(
        json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1) + "\n", encoding="utf-8"
    )


def _language(model: Fitted, thresholds: dict[str, float]) -> dict[str, Any]:
    return {
        "topics": list(TOPICS),
        "bias": [0.0, *(round(float(b), 6) for b in model.bias)],
        "thresholds": thresholds,
        "blocks": {name: _block(block) for name, block in model.blocks.items()},
    }


def _block(block: FittedBlock) -> dict[str, Any]:
    names = list(block.idf)
    scales = np.maximum(np.abs(block.weights).max(axis=0), 1e-9) / LARGEST
    small = np.rint(block.weights / scales).astype(int)
    used = np.abs(small).max(axis=1) > 0
    square = np.array([block.idf[n] ** 2 for n in names])
    norm_scale = square.max() / 255
    norms = np.rint(square / norm_scale).astype(int)
    lanes = np.column_stack([norms, small + OFFSET])[used].astype(np.uint8)
    return {
        "names": "\n".join(n for n, u in zip(names, used, strict=True) if u),
        "normalised": block.normalised,
        "scales": [float(f"{s:.6g}") for s in [norm_scale, *scales]],
        "weights": base64.b64encode(lanes.tobytes()).decode(),
    }
