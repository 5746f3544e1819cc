"""A language model as proposer: a server on this machine stands in for it; its answer is never trusted."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from counterpoise._errors import CounterpoiseError
from counterpoise.evidence.ledger._model import ask_model

TEXT = "Armenia took 85 percent of its gas from Russia in 2024. The two governments met on 3 March 2025.\n"
GOOD = {
    "table": "facts",
    "quote": "85 percent of its gas",
    "row": {"quantity": "gas_import_share", "subject": "ARM", "object": "RUS", "value": 85, "unit": "%"},
}
BAD = [
    {"table": "facts", "quote": "90 percent of its gas", "row": {"value": 90}},
    {"table": "facts", "quote": GOOD["quote"], "row": {"value": "85"}},
    {"table": "facts", "quote": GOOD["quote"], "row": {"colour": "red"}},
    {"table": "facts", "quote": GOOD["quote"], "row": {"quantity": "made_up", "value": 1}},
    {"table": "secrets", "quote": GOOD["quote"], "row": {}},
    {"table": "claims", "row": {"statement": "x"}},
    {"table": "facts", "quote": GOOD["quote"], "row": {"value": 1e300}},
    "nonsense",
]


class Endpoint(HTTPServer):
    reply: bytes = b""
    status = 200
    seen: list[dict[str, Any]]


class _Handler(BaseHTTPRequestHandler):
    server: Endpoint

    def do_POST(self) -> None:
        size = int(self.headers["Content-Length"])
        self.server.seen.append({"path": self.path, "body": json.loads(self.rfile.read(size)), **dict(self.headers)})
        self.send_response(self.server.status)
        if self.server.status == 302:
            self.send_header("Location", "http://127.0.0.1:9/elsewhere")
        self.end_headers()
        self.wfile.write(self.server.reply)

    def log_message(self, *_: Any) -> None:
        """Keep the test quiet."""


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    server = Endpoint(("127.0.0.1", 0), _Handler)
    server.seen = []
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "article.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def answering(server: Endpoint, content: str) -> str:
    server.reply = json.dumps({"choices": [{"message": {"content": content}}]}).encode()
    return f"http://127.0.0.1:{server.server_port}/v1"


def test_only_what_fits_the_form_and_stands_in_the_document_is_proposed(endpoint: Endpoint, article: Path) -> None:
    address = answering(endpoint, "```json\n" + json.dumps({"proposals": [GOOD, *BAD]}) + "\n```")
    found = ask_model(article, endpoint=address, model="m1", key="secret", published="2025-04-01")
    (item,) = found.proposals
    assert TEXT[item["start"] : item["end"]] == GOOD["quote"]
    assert (item["by"], item["record"], item["row"]["value"]) == ("model:m1", "proposal", 85)
    assert GOOD["quote"] not in json.dumps(item["row"])
    assert sum(found.document["refused"].values()) == len(BAD)
    (call,) = endpoint.seen
    assert (call["path"], call["Authorization"]) == ("/v1/chat/completions", "Bearer secret")
    assert call["body"]["messages"][1]["content"] == TEXT


@pytest.mark.parametrize("content", ["no json", "{}", '{"proposals": 3}', "[" * 5000])
def test_an_answer_of_another_form_is_e814(endpoint: Endpoint, article: Path, content: str) -> None:
    with pytest.raises(CounterpoiseError) as caught:
        ask_model(article, endpoint=answering(endpoint, content), model="m")
    assert caught.value.code == "E814"


@pytest.mark.parametrize("status", [302, 401, 500])
def test_an_error_or_a_redirection_is_e814_and_is_not_followed(endpoint: Endpoint, article: Path, status: int) -> None:
    address = answering(endpoint, json.dumps({"proposals": [GOOD]}))
    endpoint.status = status
    with pytest.raises(CounterpoiseError) as caught:
        ask_model(article, endpoint=address, model="m")
    assert caught.value.code == "E814"
    assert len(endpoint.seen) == 1


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://host/x", "nonsense", "http://127.0.0.1:1/v1"])
def test_only_an_http_address_that_answers_will_do(article: Path, address: str) -> None:
    with pytest.raises(CounterpoiseError) as caught:
        ask_model(article, endpoint=address, model="m")
    assert caught.value.code == "E814"
