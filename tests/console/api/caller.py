"""Calling the API as a member does: with a key of theirs."""

import json
from dataclasses import dataclass
from typing import Any

from django.test import Client

from console.teams.actions import api_keys
from console.teams.models import Member
from console.teams.permissions import Permission

PROBLEM = "application/problem+json"
ROOT = "/api/v1/"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `data` is the JSON, None for an empty body."""

    status: int
    content_type: str
    data: Any
    headers: Any

    def problem_fields(self) -> set[str]:
        """The fields that a problem names."""
        assert self.content_type == PROBLEM, self
        return {error["field"] for error in self.data["errors"]}


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody with this API key; without one, nobody."""

    secret: str | None = None

    def send(self, method: str, path: str, body: Any = None, *, raw: bytes | None = None, **headers: str) -> Answer:
        """One request; `path` is below /api/v1/ unless it is a whole address. `headers` as `idempotency_key="…"`."""
        address = path if "://" in path else ROOT + path
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.secret is not None:
            sent.setdefault("authorization", f"Bearer {self.secret}")
        data = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        content_type = sent.pop("content-type", "application/json")
        response = Client(raise_request_exception=True).generic(
            method, address, data, content_type=content_type, headers=sent
        )
        kind = response.headers.get("Content-Type", "")
        parsed = json.loads(response.content) if response.content and "json" in kind else None
        return Answer(response.status_code, kind, parsed, response.headers)

    def get(self, path: str, **headers: str) -> Answer:
        return self.send("GET", path, raw=None, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Answer:
        return self.send("POST", path, body, raw=None, **headers)

    def patch(self, path: str, body: Any = None) -> Answer:
        return self.send("PATCH", path, body)

    def delete(self, path: str) -> Answer:
        return self.send("DELETE", path)


def caller(member: Member, *permissions: Permission) -> Caller:
    """`member` with a fresh API key, which has `permissions`; without any named, all of the role."""
    chosen = [permission.value for permission in permissions] or None
    return Caller(api_keys.create(member=member, name="tests", permissions=chosen).secret)
