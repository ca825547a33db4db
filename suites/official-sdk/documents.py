"""What the tests upload: described once, then taken from memory or written to disk."""

import json
from collections.abc import Iterable
from pathlib import Path

from deepset_cloud_sdk.models import DeepsetCloudFile, DeepsetCloudFileBase


def numbered(count: int, stem: str = "document") -> list[str]:
    return [f"{stem}-{number:04}.txt" for number in range(count)]


def documents(names: Iterable[str], version: int = 1) -> list[DeepsetCloudFile]:
    """Files of which no two have the same content or metadata."""
    return [
        DeepsetCloudFile(name=name, text=f"{name}, version {version}", meta={"of": name, "version": version})
        for name in names
    ]


def write(folder: Path, files: Iterable[DeepsetCloudFileBase]) -> Path:
    """Writes the files, and a sidecar for each that has metadata. Returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        content = file.content()
        (folder / file.name).write_bytes(content.encode() if isinstance(content, str) else content)
        if file.meta is not None:
            (folder / f"{file.name}.meta.json").write_text(json.dumps(file.meta), encoding="utf-8")
    return folder
