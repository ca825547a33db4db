"""Uploads a folder with the official SDK and prints what that took: one line of JSON."""

import json
import sys
import time
from pathlib import Path

from deepset_cloud_sdk.workflows.sync_client.files import upload

api_url, api_key, folder, timeout = sys.argv[1:]
started = time.perf_counter()
summary = upload(
    paths=[Path(folder)],
    api_key=api_key,
    api_url=api_url,
    workspace_name="default",
    blocking=True,
    timeout_s=int(timeout),
    show_progress=False,
)
milliseconds = (time.perf_counter() - started) * 1000
print(json.dumps({"milliseconds": milliseconds, "uploaded": summary.successful_upload_count}))
