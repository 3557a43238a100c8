"""Asks Airflow's own app for every route of the explorer, as several users; prints the answers."""

from __future__ import annotations

import json
import re
import sys
import warnings

warnings.simplefilter("ignore")  # of Airflow's own making

from airflow.api_fastapi.app import create_app, get_auth_manager  # noqa: E402
from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser  # noqa: E402
from airflow.plugins_manager import get_fastapi_plugins  # noqa: E402
from fastapi.routing import APIRoute  # noqa: E402
from starlette.testclient import TestClient  # noqa: E402

OTHERS = ("/", "/static/explorer.css", "/static/vendor/echarts/NOTICE", "/nothing/here", "/docs",
          "/openapi.json")  # fmt: skip

app = create_app(apps="core")
# Made with the first request, which nobody has sent so far.
heavy = [name for name in ("duckdb", "include.eventwire.explorer.app") if name in sys.modules]
client = TestClient(app, raise_server_exceptions=False, follow_redirects=False)
client.get("/eventwire/")
(explorer,) = [entry for entry in get_fastapi_plugins()[0] if entry["name"] == "Eventwire"]
routes = [route.path for route in explorer["app"].app.routes if isinstance(route, APIRoute)]
paths = [*OTHERS, *(re.sub(r"\{[^}]*\}", "x", path) for path in routes)]


def token(role: str | None) -> str:
    user = SimpleAuthManagerUser(username="somebody", role=role)
    return get_auth_manager().generate_jwt(user)


sessions: dict[str, dict[str, str]] = {
    "nobody": {},
    "forged": {"Cookie": "_token=eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9."},
    "no role": {"Cookie": f"_token={token(None)}"},
    "viewer": {"Cookie": f"_token={token('viewer')}"},
    "token": {"Authorization": f"Bearer {token('viewer')}"},
}
answers = {
    who: {
        f"{method} {path}": client.request(method, f"/eventwire{path}", headers=headers).status_code
        for path in paths
        for method in ("GET", "POST")
    }
    for who, headers in sessions.items()
}
views = client.get("/api/v2/plugins", headers={"Authorization": f"Bearer {token('admin')}"}).json()
print(json.dumps({"heavy": heavy, "answers": answers, "plugins": views["plugins"]}))
