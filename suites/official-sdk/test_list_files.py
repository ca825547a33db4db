"""Listing and filtering files through the SDK."""

import json

import pytest
from deepset_cloud_sdk._api.config import CommonConfig
from deepset_cloud_sdk._api.deepset_cloud_api import DeepsetCloudAPI
from deepset_cloud_sdk._api.files import FilesAPI
from deepset_cloud_sdk._service.files_service import FilesService
from deepset_cloud_sdk.workflows.sync_client.files import list_files

from workspace import Workspace


@pytest.fixture
def examples(workspace: Workspace) -> Workspace:
    """Fifteen files made from text, the way the fixture of the SDK's own tests makes them."""
    for number in range(15):
        answer = workspace.rest.post(
            f"{workspace.path}/files",
            params={"file_name": f"example{number}.txt"},
            data={"text": "Some text"},
            files={"meta": (None, json.dumps({"find": "me"}).encode())},
        )
        assert answer.status_code == 201, answer.text
    return workspace


async def test_list_paginated_by_name_and_filter(examples: Workspace, config: CommonConfig) -> None:
    async with DeepsetCloudAPI.factory(config) as api:
        found = await FilesAPI(api).list_paginated(
            examples.name, limit=10, name="example0.txt", odata_filter="find eq 'me'"
        )
    assert (found.total, found.has_more) == (1, False)
    (file,) = found.data
    assert file.name == "example0.txt"
    assert file.size == len("Some text")
    assert file.meta == {"find": "me"}
    assert file.url.endswith(f"/files/{file.file_id}")


async def test_list_all_in_batches_of_eleven(examples: Workspace, service: FilesService) -> None:
    batches = [batch async for batch in service.list_all(examples.name, batch_size=11)]
    assert [len(batch) for batch in batches] == [11, 4]


@pytest.mark.parametrize("batch_size", [1, 4, 15, 16, 100])
async def test_list_all_gives_every_file_once(
    examples: Workspace, service: FilesService, batch_size: int
) -> None:
    names = [
        file.name async for batch in service.list_all(examples.name, batch_size=batch_size) for file in batch
    ]
    assert names == [f"example{number}.txt" for number in range(15)]


@pytest.mark.parametrize(
    ("part", "count"),
    [
        ("example", 15),
        ("ample1", 6),
        (".txt", 15),
        ("example_", 0),
        ("example%", 0),
        ("*", 0),
        ("nothing", 0),
    ],
)
def test_a_name_is_searched_for_literally(examples: Workspace, part: str, count: int) -> None:
    batches = list(list_files(workspace_name=examples.name, name=part))
    assert sum(len(batch) for batch in batches) == count


METADATA = {
    "news.txt": {"category": "news", "year": 2024, "tags": ["a", "b"], "author": {"name": "Ann"}},
    "old-news.txt": {"category": "news", "year": 1999, "tags": ["b"], "published_date": "1999-05-01"},
    "blog.txt": {"category": "blog", "year": 2025, "tags": [], "published_date": "2025-01-31"},
    "it's.txt": {"category": "it's", "draft": True},
    "bare.txt": {},
}


@pytest.mark.parametrize(
    ("odata", "names"),
    [
        ("category eq 'news'", ["news.txt", "old-news.txt"]),
        ('category eq "news"', ["news.txt", "old-news.txt"]),
        (" category eq 'news' ", ["news.txt", "old-news.txt"]),
        ("category eq 'it''s'", ["it's.txt"]),
        ("category eq 'news' and year ge 2024", ["news.txt"]),
        ("category eq 'news' and year lt 2024", ["old-news.txt"]),
        ("published_date ge '2000-01-01'", ["blog.txt"]),
        ("year gt 1999 and year le 2024", ["news.txt"]),
        ("category eq 'blog' or year eq 1999", ["old-news.txt", "blog.txt"]),
        ("category in ('blog', 'it''s')", ["blog.txt", "it's.txt"]),
        ("not (category eq 'news') and year ge 0", ["blog.txt"]),
        ("contains(category, 'ew')", ["news.txt", "old-news.txt"]),
        (
            "startswith(category, 'b') or endswith(category, 's')",
            ["news.txt", "old-news.txt", "blog.txt", "it's.txt"],
        ),
        ("tags eq 'b'", ["news.txt", "old-news.txt"]),
        ("author.name eq 'Ann'", ["news.txt"]),
        ("draft eq true", ["it's.txt"]),
        ("missing eq 'x'", []),
    ],
)
def test_filters(workspace: Workspace, odata: str, names: list[str]) -> None:
    for name, meta in METADATA.items():
        workspace.add(name, "text", meta)
    batches = list_files(workspace_name=workspace.name, odata_filter=odata)
    assert [file.name for batch in batches for file in batch] == names


def test_filter_by_the_time_that_a_file_shows(workspace: Workspace) -> None:
    for name in ("first.txt", "second.txt", "third.txt"):
        workspace.add(name, "text")
    _, second, _ = (file for batch in list_files(workspace_name=workspace.name) for file in batch)
    # With the trailing blank that the SDK's own tests send.
    exact = list_files(
        workspace_name=workspace.name, odata_filter=f"created_at eq '{second.created_at.isoformat()}' "
    )
    assert [file.name for batch in exact for file in batch] == ["second.txt"]
    later = list_files(
        workspace_name=workspace.name, odata_filter=f"created_at gt '{second.created_at.isoformat()}'"
    )
    assert [file.name for batch in later for file in batch] == ["third.txt"]


@pytest.mark.parametrize(
    "odata", ["category", "category eq", "category like 'news'", "((category eq 'news')"]
)
def test_a_filter_that_is_none_is_told_about(workspace: Workspace, odata: str) -> None:
    with pytest.raises(AssertionError, match="Failed to list files: .*filter"):
        list(list_files(workspace_name=workspace.name, odata_filter=odata))


def test_an_empty_workspace_has_no_batch(workspace: Workspace) -> None:
    assert list(list_files(workspace_name=workspace.name)) == []
