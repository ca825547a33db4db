"""Names: what the SDK makes of them on each of its roads, and how they arrive."""

import os
import unicodedata
from pathlib import Path

import pytest
from deepset_cloud_sdk._api.config import CommonConfig
from deepset_cloud_sdk._service.files_service import FilesService
from deepset_cloud_sdk.models import DeepsetCloudFile
from deepset_cloud_sdk.workflows.sync_client.files import upload, upload_texts

from documents import documents, write
from workspace import Workspace

QUIET = {"show_progress": False}


def nfd(name: str) -> str:
    return unicodedata.normalize("NFD", name)


UNCHANGED = [
    "with a blank.txt",
    "two  blanks.txt",
    " blank at both ends ",
    "Größe äöü NFC.txt",
    "plus+plus.txt",
    "comma,comma.txt",
    "this & that.txt",
    "(parentheses).txt",
    "equals=equals.txt",
    "semi;colon.txt",
    "at@home.txt",
    "bang!.txt",
    "dollar$.txt",
    "star*.txt",
    "question?.txt",
    "colon:.txt",
    "dash - en – em —.txt",
    "日本語.txt",
    "emoji 🎉 👩‍👩‍👧.txt",
    ".hidden",
    "no extension",
    "dots...txt",
    "UPPER.TXT",
    "-leading-dash.txt",
]

# Session road: the SDK puts an underscore for each of 15 characters, and for control characters.
REPLACED = {
    "back\\slash.txt": "back_slash.txt",
    "hash#.txt": "hash_.txt",
    "100%.txt": "100_.txt",
    "escape%41.txt": "escape_41.txt",
    'double"quote.txt': "double_quote.txt",
    "it's.txt": "it_s.txt",
    "pipe|.txt": "pipe_.txt",
    "<angle>.txt": "_angle_.txt",
    "${filename}.txt": "$_filename_.txt",
    "back`tick.txt": "back_tick.txt",
    "caret^.txt": "caret_.txt",
    "[square].txt": "_square_.txt",
    "tilde~.txt": "tilde_.txt",
    "tab\t.txt": "tab_.txt",
    "line\nbreak.txt": "line_break.txt",
}

DECOMPOSED = [nfd("Größe ö NFD.txt"), nfd("voilà.txt")]

SESSION_NAMES = {
    **{name: name for name in UNCHANGED},
    **REPLACED,
    **{name: unicodedata.normalize("NFC", name) for name in DECOMPOSED},
}


def assert_arrived(workspace: Workspace, expected: dict[str, str]) -> None:
    """`expected`: name as given -> name as it stands there. Content and metadata carry the former."""
    by_name = workspace.files_by_name()
    assert sorted(by_name) == sorted(expected.values())
    for given, name in expected.items():
        assert by_name[name]["meta"] == {"of": given, "version": 1}
        assert workspace.content(by_name[name]["file_id"]).decode() == f"{given}, version 1"


def test_session_from_memory(workspace: Workspace) -> None:
    names = {**SESSION_NAMES, "folder/in folder.txt": "folder/in folder.txt"}
    upload_texts(files=documents(names), workspace_name=workspace.name, blocking=False, **QUIET)
    assert workspace.ingested()["ingestion_status"] == {"finished_files": len(names), "failed_files": 0}
    assert_arrived(workspace, names)


def test_session_from_disk(workspace: Workspace, tmp_path: Path) -> None:
    folder = write(tmp_path, documents(SESSION_NAMES))
    upload(paths=[folder], workspace_name=workspace.name, blocking=False, **QUIET)
    assert workspace.ingested()["ingestion_status"] == {
        "finished_files": len(SESSION_NAMES),
        "failed_files": 0,
    }
    assert_arrived(workspace, SESSION_NAMES)


DIRECT_NAMES = [
    *[name for name in REPLACED if name.isprintable() and "\\" not in name],
    "folder/in folder.txt",
    "Größe äöü NFC.txt",
    "semi;colon, comma & more.txt",
    "plus+plus = equals.txt",
]


def test_direct_road_keeps_what_the_session_road_replaces(workspace: Workspace) -> None:
    summary = upload_texts(files=documents(DIRECT_NAMES), workspace_name=workspace.name, **QUIET)
    assert summary.failed == []
    assert workspace.sessions() == []
    assert_arrived(workspace, {name: name for name in DIRECT_NAMES})


def test_direct_road_normalises(workspace: Workspace) -> None:
    upload_texts(files=documents(DECOMPOSED), workspace_name=workspace.name, **QUIET)
    assert_arrived(workspace, {name: unicodedata.normalize("NFC", name) for name in DECOMPOSED})


def long_names(room: int) -> list[str]:
    """As long as they may be, and as `room` bytes hold them percent-encoded, in parts of at most 255 bytes."""
    names = []
    for character in ("x", "é", "漢", "😀"):
        size = len(character.encode())
        name = "/".join([character * (255 // size)] * 3) + "/"
        name += character * ((900 - len(name.encode())) // size)
        sent = 1 if size == 1 else 3 * size
        names.append(name if room >= 2700 else character * (room // sent))
    return names


# A bucket has less room for the names of uploads than Sluice itself, and 10 bytes are the sidecar's.
SESSION_ROOM = 245 if os.environ.get("UPLOADS_GO_TO_A_BUCKET") else 2700


def test_names_of_the_full_length_directly(workspace: Workspace) -> None:
    names = long_names(2700)
    summary = upload_texts(files=documents(names), workspace_name=workspace.name, **QUIET)
    assert summary.failed == []
    assert_arrived(workspace, {name: name for name in names})


@pytest.fixture
async def one_by_one(config: CommonConfig, always_session: None):
    """A service that uploads in the order given."""
    config.safe_mode = True
    async with FilesService.factory(config) as service:
        yield service


async def test_names_of_the_full_length_in_a_session(workspace: Workspace, one_by_one: FilesService) -> None:
    names = long_names(SESSION_ROOM)
    await one_by_one.upload_in_memory(workspace.name, documents(names), blocking=False, **QUIET)
    assert workspace.ingested()["ingestion_status"] == {"finished_files": len(names), "failed_files": 0}
    assert_arrived(workspace, {name: name for name in names})


@pytest.mark.parametrize(
    ("names", "arrives_as"),
    [
        (["Grüße.txt", nfd("Grüße.txt")], "Grüße.txt"),
        ([nfd("Grüße.txt"), "Grüße.txt"], "Grüße.txt"),
        (["a_b.txt", "a#b.txt", "a%b.txt"], "a_b.txt"),
        (["same.txt", "same.txt"], "same.txt"),
    ],
    ids=["NAM.1: NFC, NFD", "NAM.1: NFD, NFC", "NAM.5: equal after replacement", "LIF.5: the very same"],
)
async def test_names_that_become_one_in_a_session(
    workspace: Workspace, one_by_one: FilesService, names: list[str], arrives_as: str
) -> None:
    files = [
        DeepsetCloudFile(name=name, text=f"upload {at}", meta={"upload": at}) for at, name in enumerate(names)
    ]
    summary = await one_by_one.upload_in_memory(workspace.name, files, blocking=False, **QUIET)
    assert summary.successful_upload_count == 2 * len(names)
    assert workspace.ingested()["ingestion_status"] == {"finished_files": 1, "failed_files": 0}
    (row,) = workspace.files()
    assert row["name"] == arrives_as
    number = row["meta"]["upload"]
    # Names that differ in spelling are different keys; a bucket that tells times in seconds cannot say which came last.
    if os.environ.get("STORE_TELLS_SECONDS") is None:
        assert number == len(names) - 1
    assert workspace.content(row["file_id"]).decode() == f"upload {number}"


def test_same_name_in_two_folders_is_the_newest_file(workspace: Workspace, tmp_path: Path) -> None:
    others = [f"{number}.txt" for number in range(10)]
    write(tmp_path / "others", documents(others))
    write(tmp_path / "old", documents(["same.txt"], version=1))
    write(tmp_path / "new", documents(["same.txt"], version=2))
    for path in (tmp_path / "old").iterdir():
        os.utime(path, (1_000_000_000, 1_000_000_000))

    summary = upload(paths=[tmp_path], workspace_name=workspace.name, recursive=True, timeout_s=60, **QUIET)

    assert (summary.total_files, summary.successful_upload_count) == (22, 22)
    by_name = workspace.files_by_name()
    assert sorted(by_name) == sorted([*others, "same.txt"])
    assert by_name["same.txt"]["meta"] == {"of": "same.txt", "version": 2}
    assert workspace.content(by_name["same.txt"]["file_id"]) == b"same.txt, version 2"
