"""A curl command line, sent as curl sends it: fields of ``-d`` are joined and not encoded."""

import base64
import json
import shlex
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import aiohttp
from yarl import URL

FORM = "application/x-www-form-urlencoded"


@dataclass
class Request:
    """What the command line amounts to."""

    url: str = ""
    method: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    data: list[str] = field(default_factory=list)
    as_query: bool = False


@dataclass
class Answer:
    """What came back."""

    status: int
    body: Any
    headers: dict[str, str]


def parse(command: str) -> Request:
    """Read the options that the documented commands use; any other one is an error."""
    words = iter(shlex.split(command.replace("\\\n", " ")))
    assert next(words) == "curl"
    request = Request()
    for word in words:
        if word == "-X":
            request.method = next(words)
        elif word == "-H":
            name, _, value = next(words).partition(":")
            request.headers[name] = value.strip()
        elif word == "-u":
            credentials = base64.b64encode(next(words).encode()).decode()
            request.headers["Authorization"] = f"Basic {credentials}"
        elif word == "--json":
            request.data.append(next(words))
            request.headers |= {"Content-Type": "application/json", "Accept": "application/json"}
        elif word == "-d":
            request.data.append(next(words))
        elif word == "--data-urlencode":
            name, _, value = next(words).partition("=")
            request.data.append(f"{name}={quote(value, safe='')}")
        elif word == "-G":
            request.as_query = True
        else:
            assert not word.startswith("-"), f"{word} is not an option of these commands"
            request.url = word
    return request


async def run(http: aiohttp.ClientSession, command: str) -> Answer:
    """Send the command and decode the JSON that answers it."""
    request = parse(command)
    joined = "&".join(request.data)
    url, body = request.url, joined.encode() if request.data else None
    if request.as_query:
        url, body = f"{url}?{joined}", None
    method = request.method or ("POST" if body is not None else "GET")
    headers = dict(request.headers)
    if body is not None:
        headers.setdefault("Content-Type", FORM)
    async with http.request(method, URL(url, encoded=True), data=body, headers=headers) as response:
        text = await response.text()
        return Answer(response.status, json.loads(text), dict(response.headers))
