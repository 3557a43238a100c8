"""Asks Airflow's own app for every route of its APIs without a session; prints the answers."""

from __future__ import annotations

import json
import re
import sys
import warnings

warnings.simplefilter("ignore")  # of Airflow's own making

from airflow.api_fastapi.app import create_app  # noqa: E402
from fastapi.routing import APIRoute  # noqa: E402
from starlette.routing import Mount  # noqa: E402
from starlette.testclient import TestClient  # noqa: E402


def routes(app, prefix=""):
    """Yield method and path of each route of an app and of those mounted in it."""
    for route in app.routes:
        if isinstance(route, APIRoute):
            for method in route.methods:
                yield method, prefix + route.path
        elif isinstance(route, Mount) and hasattr(route.app, "routes"):
            yield from routes(route.app, prefix + route.path)


password = sys.argv[1]
app = create_app(apps="all")
with TestClient(app, raise_server_exceptions=False, follow_redirects=False) as client:
    client.get("/execution/health")  # its routes come into being with the first request
    asked = sorted(set(routes(app)))

    def ask(**headers: str) -> dict[str, int]:
        """Return the status of each route; of a parameter in its path 1 is the value."""
        return {
            f"{method} {path}": client.request(
                method, re.sub(r"\{[^}]*\}", "1", path), headers=headers
            ).status_code
            for method, path in asked
        }

    answers = {"nobody": ask(), "forged": ask(Authorization="Bearer eyJhbGciOiJub25lIn0.e30.")}
    logins = {
        f"{user}:{word}": client.post(
            "/auth/token", json={"username": user, "password": word}
        ).status_code
        for user, word in (("admin", "admin"), ("admin", ""), ("airflow", "airflow"), ("", ""),
                           ("admin", password[:-1]), ("admin", password))
    }  # fmt: skip
print(json.dumps({"answers": answers, "logins": logins}))
