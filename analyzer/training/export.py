"""Fitted weights to the compact file the run time reads.

In: fitted models. Out: model.json: names, two bytes per weight, a scale per lane. Byte for byte the same
for the same weights.
"""

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np

from analyzer.analysis.model import BUILT_IN, FORMAT, OFFSET

from .fit import TOPICS, Fitted, FittedBlock

LARGEST = OFFSET - 1
LARGEST_NORM = 2 * OFFSET - 1


def as_document(models: list[Fitted], thresholds: dict[str, dict[str, float]]) -> dict[str, Any]:
    """The whole file as plain values; its version is a fingerprint of its content."""
    languages = {m.lang: _language(m, thresholds[m.lang]) for m in models}
    content = json.dumps(languages, sort_keys=True, ensure_ascii=False)
    version = hashlib.sha256(content.encode()).hexdigest()[:8]
    return {"format": FORMAT, "version": version, "languages": languages}


def write(document: dict[str, Any], path: Path = BUILT_IN) -> None:
    """One line per language is enough for git."""
    path.write_text(
        json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1) + "\n", encoding="utf-8"
    )


def _language(model: Fitted, thresholds: dict[str, float]) -> dict[str, Any]:
    largest = np.max([np.abs(block.weights).max(axis=0) for block in model.blocks.values()], axis=0)
    scales = [float(f"{scale:.6g}") for scale in np.maximum(largest, 1e-9) / LARGEST]
    return {
        "topics": list(TOPICS),
        "bias": [0.0, *(round(float(b), 6) for b in model.bias)],
        "scales": [0.0, *scales],
        "thresholds": thresholds,
        "blocks": {name: _block(block, np.array(scales)) for name, block in model.blocks.items()},
    }


def _block(block: FittedBlock, scales: np.ndarray) -> dict[str, Any]:
    names = list(block.idf)
    whole = np.clip(np.rint(block.weights / scales).astype(int), -LARGEST, LARGEST)
    used = np.abs(whole).max(axis=1) > 0
    square = np.array([block.idf[n] ** 2 for n in names])
    norm_scale = float(f"{square.max() / LARGEST_NORM:.6g}") if block.normalised else 0.0
    norms = (
        np.clip(np.rint(square / norm_scale), 0, LARGEST_NORM) if block.normalised else np.zeros(len(names))
    )
    lanes = np.column_stack([norms, whole + OFFSET])[used].astype("<u2")
    return {
        "names": "\n".join(n for n, u in zip(names, used, strict=True) if u),
        "norm_scale": norm_scale,
        "weights": base64.b64encode(lanes.tobytes()).decode(),
    }
