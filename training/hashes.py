"""Hashes of what decides a result, over what is stated of it and never over how it prints."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from pathlib import Path

import numpy as np

SHORT = 16


def recipe_hash(*facts: object) -> str:
    """Return the SHA-256 of everything that decides a result.

    Only what is stated counts: the fields of dataclasses with their names, numbers, texts, and the
    values of arrays; never what a class is called or where its module lies.

    Raises
    ------
    TypeError
        If a fact is nothing that can be stated in JSON.
    """
    return hashlib.sha256(json.dumps(facts, sort_keys=True, default=_stated).encode()).hexdigest()


def short_hash(*facts: object) -> str:
    """Return the first characters of `recipe_hash`, for names and for remembering."""
    return recipe_hash(*facts)[:SHORT]


def _stated(fact: object) -> object:
    if is_dataclass(fact) and not isinstance(fact, type):
        return asdict(fact)
    if isinstance(fact, Mapping):
        return dict(fact)
    if isinstance(fact, np.generic):
        return fact.item()
    if isinstance(fact, np.ndarray):
        values = hashlib.sha256(np.ascontiguousarray(fact).tobytes()).hexdigest()
        return {"type": fact.dtype.str, "shape": fact.shape, "values": values}
    if isinstance(fact, Path):
        return fact.as_posix()
    raise TypeError(f"{fact!r} cannot be part of a recipe")
