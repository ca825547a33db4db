"""Fixtures: a workspace of its own for each test, and the SDK's service on it."""

import os

# Before the SDK reads it: tests that run side by side are of different users.
_worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
os.environ["API_KEY"] = os.environ["API_KEYS"].split()[_worker]

from collections.abc import AsyncIterator, Iterator
from uuid import uuid4

import httpx
import pytest
from deepset_cloud_sdk._api.config import CommonConfig
from deepset_cloud_sdk._service.files_service import FilesService

from workspace import Workspace


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def rest() -> Iterator[httpx.Client]:
    """The API without the SDK; paths start at `/workspaces` and the like."""
    headers = {"Authorization": f"Bearer {os.environ['API_KEY']}"}
    with httpx.Client(base_url=os.environ["API_URL"], headers=headers, timeout=30) as client:
        yield client


@pytest.fixture
def workspace(rest: httpx.Client) -> Iterator[Workspace]:
    """An empty workspace that goes with the test, and with it the sessions left open."""
    name = f"sdktest_{uuid4()}"
    created = rest.post("/workspaces", json={"name": name})
    assert created.status_code == 201, created.text
    yield Workspace(name, rest)
    assert rest.delete(f"/workspaces/{name}").status_code == 204


@pytest.fixture
def config() -> CommonConfig:
    return CommonConfig(api_key=os.environ["API_KEY"], api_url=os.environ["API_URL"])


@pytest.fixture
async def service(config: CommonConfig) -> AsyncIterator[FilesService]:
    async with FilesService.factory(config) as service:
        yield service


@pytest.fixture
def always_session(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes the SDK open a session for however few files."""
    monkeypatch.setattr("deepset_cloud_sdk._service.files_service.DIRECT_UPLOAD_THRESHOLD", -1)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A test that was not run to its end proves nothing: skipping is failing here."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter and any(reporter.stats.get(outcome) for outcome in ("skipped", "xfailed")):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
