import asyncio

import pytest

from include.eventwire.local_airflow.writes_in_turn import WritesInTurn


class Watched:
    """An app that notes how many requests it answers at once."""

    def __init__(self):
        self.now = self.most = self.n_answered = 0

    async def __call__(self, scope, receive, send):
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0)
        self.now -= 1
        if scope.get("path") == "/broken":
            raise RuntimeError("boom")
        self.n_answered += 1


def answer_all(app, *scopes):
    async def ask():
        asked = (app(scope, None, None) for scope in scopes)
        return await asyncio.gather(*asked, return_exceptions=True)

    return asyncio.run(ask())


def request(method, path="/"):
    return {"type": "http", "method": method, "path": path}


def test_requests_that_may_write_are_answered_one_after_the_other():
    watched = Watched()
    answer_all(
        WritesInTurn(watched), *(request(m) for m in ("POST", "PATCH", "PUT", "DELETE", "POST"))
    )
    assert (watched.most, watched.n_answered) == (1, 5)


@pytest.mark.parametrize(
    "scope", [request("GET"), request("HEAD"), {"type": "websocket"}, {"type": "lifespan"}]
)
def test_what_only_reads_waits_for_nobody(scope):
    watched = Watched()
    answer_all(WritesInTurn(watched), scope, scope, scope)
    assert watched.most == 3


def test_a_request_that_fails_leaves_its_turn():
    watched = Watched()
    error, answered = answer_all(WritesInTurn(watched), request("POST", "/broken"), request("POST"))
    assert isinstance(error, RuntimeError)
    assert answered is None
    assert watched.n_answered == 1
