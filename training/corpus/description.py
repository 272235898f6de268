"""What a built corpus is made of: packages, licences, and families of recordings by class."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from timbrescope.models.instruments import NAMES
from timbrescope.training.packages.pinned import Package

SOURCES_NAME = "sources.json"
Row = Mapping[str, str]


def described(rows: Sequence[Row], packages: Iterable[Package], *, seed: int) -> dict[str, Any]:
    """Return everything that a model card has to say about the corpus, as JSON takes it.

    Parameters
    ----------
    rows : sequence of mapping
        The manifest's rows.
    packages : iterable of Package
        What it was built from.
    seed : int
        Of the rendered phrases.

    Returns
    -------
    dict
        ``packages``: name, version, client, file, SHA-256, licence, credit, and the groups with
        their files and seconds; ``classes``: families, files and seconds of each of the 28;
        ``lacking``: the classes without any; ``others``: instruments that are none of the 28.
    """
    by_package: dict[str, list[Row]] = {}
    by_class: dict[str, list[Row]] = {name: [] for name in NAMES}
    for row in rows:
        by_package.setdefault(row["source"], []).append(row)
        if row["instrument"]:
            by_class[row["instrument"]].append(row)
    others = {row["group"].split(":other-")[-1] for row in rows if row["kind"] == "other"}
    return {
        "seed": seed,
        "packages": [_package(package, by_package.get(package.name, [])) for package in packages],
        "classes": {name: _amount(found) for name, found in by_class.items() if found},
        "lacking": [name for name, found in by_class.items() if not found],
        "others": sorted(others),
    }


def _package(package: Package, rows: Sequence[Row]) -> dict[str, Any]:
    groups = sorted({row["group"] for row in rows})
    return {
        "name": package.name,
        "version": package.version,
        "client": package.client,
        "file": package.file,
        "sha256": package.sha256,
        "licence": package.licence,
        "licences_of_files": sorted({row["licence"] for row in rows}),
        "credit": package.credit,
        "classes": sorted({row["instrument"] for row in rows} - {""}),
        "groups": {name: _size([row for row in rows if row["group"] == name]) for name in groups},
    }


def _size(rows: Sequence[Row]) -> dict[str, Any]:
    return {"files": len(rows), "seconds": round(sum(float(row["seconds"]) for row in rows), 1)}


def _amount(rows: Sequence[Row]) -> dict[str, Any]:
    return {"families": sorted({row["group"].rpartition(":")[0] for row in rows}), **_size(rows)}


def family_table(description: Mapping[str, Any]) -> str:
    """Return a table of families, files and minutes by class, and which classes lack any."""
    lines = ["class            families  files  minutes"]
    for name, amount in description["classes"].items():
        minutes = amount["seconds"] / 60
        count = len(amount["families"])
        lines.append(f"{name:<16} {count:>8} {amount['files']:>6} {minutes:>8.1f}")
    others = description["others"]
    lines.append(f"none of the 28: {len(others)} other instruments")
    if description["lacking"]:
        lacking = ", ".join(description["lacking"])
        lines.append(f"no recordings of {lacking}: give some with `prepare --corpus`")
    return "\n".join(lines)
