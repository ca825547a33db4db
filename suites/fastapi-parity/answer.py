"""Reads a JSON array of cases from stdin, asks the application, writes a JSON array of `{status, answer}` to stdout."""

import json
import sys
from urllib.parse import quote

from fastapi.testclient import TestClient

from app import app

ROUTES = {route.name: route for route in app.routes}


def main() -> None:
    client = TestClient(app, raise_server_exceptions=False)
    json.dump([ask(client, case) for case in json.load(sys.stdin)], sys.stdout)


def ask(client: TestClient, case: dict) -> dict:
    route = ROUTES[case["route"]]
    path = route.path.format(**{name: quote(value, safe="") for name, value in case["params"].items()})
    query = case["query"]
    body = case["body"]
    content_type = case["contentType"]
    response = client.request(
        next(iter(route.methods)),
        path + ("?" + query if query else ""),
        content=None if body is None else body.encode("utf-8", "surrogatepass"),
        headers={} if content_type is None else {"content-type": content_type},
    )
    answer = response.json() if response.headers.get("content-type") == "application/json" else response.text
    return {"status": response.status_code, "answer": answer}


main()
