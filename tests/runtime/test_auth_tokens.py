from __future__ import annotations

import base64
import hmac
import json
import time
from typing import Any

import jwt
import pytest

from specora_runtime.auth.tokens import Claims, Tokens, derived_key

SECRET = "a secret of the tests that is long enough"
TOKENS = Tokens(SECRET, "desk", 60)


def segment(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def signed(claims: bytes, header: bytes = b'{"alg":"HS256","typ":"JWT"}') -> str:
    """A token whose signature holds, whatever it says."""
    body = f"{segment(header)}.{segment(claims)}"
    key = derived_key(SECRET, "access-token:desk")
    return f"{body}.{segment(hmac.digest(key, body.encode(), 'sha256'))}"


def claims(**changes: Any) -> bytes:
    now = int(time.time())
    usual = {
        "iss": "desk",
        "aud": "desk",
        "sub": "u1",
        "jti": "j",
        "iat": now,
        "exp": now + 60,
    }
    content = {k: v for k, v in (usual | changes).items() if v is not None}
    return json.dumps(content).encode()


def test_a_token_says_what_it_was_issued_for() -> None:
    said = Claims(subject="u1", session="s", stamp="x", role="admin")
    assert TOKENS.read(TOKENS.issue(said)) == said


def test_a_token_names_its_issuer_and_expires_as_configured() -> None:
    token = Tokens(SECRET, "desk", 7).issue(Claims(subject="u1"))
    payload = jwt.decode(token, options={"verify_signature": False})
    assert (payload["iss"], payload["aud"]) == ("desk", "desk")
    assert payload["exp"] - payload["iat"] == 420
    assert len(payload["jti"]) >= 16


def test_two_tokens_of_one_moment_differ() -> None:
    assert TOKENS.issue(Claims(subject="u1")) != TOKENS.issue(Claims(subject="u1"))


def test_the_test_signs_as_the_service_does() -> None:
    assert TOKENS.read(signed(claims())) is not None


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": int(time.time()) - 60},
        {"exp": None},
        {"exp": "soon"},
        {"exp": 1e400},
        {"iss": "shop"},
        {"iss": 7},
        {"aud": "shop"},
        {"aud": {"a": 1}},
        {"sub": None},
        {"sub": 7},
        {"jti": None},
        {"iat": int(time.time()) + 3600},
        {"nbf": int(time.time()) + 3600},
    ],
)
def test_claims_that_do_not_hold_are_refused(changes: dict[str, Any]) -> None:
    assert TOKENS.read(signed(claims(**changes))) is None


@pytest.mark.parametrize(
    "token",
    [
        jwt.encode(json.loads(claims()), "", algorithm="none"),
        jwt.encode(json.loads(claims()), "another key of thirty-two bytes!"),
        jwt.encode(json.loads(claims()), SECRET, algorithm="HS256"),
        jwt.encode(json.loads(claims()), SECRET * 2, algorithm="HS512"),
        Tokens("another secret that is long enough too", "desk", 60).issue(
            Claims(subject="u1")
        ),
        Tokens(SECRET, "shop", 60).issue(Claims(subject="u1")),
    ],
    ids=["none", "key", "underived", "algorithm", "secret", "domain"],
)
def test_forged_tokens_are_refused(token: str) -> None:
    assert TOKENS.read(token) is None


def test_a_changed_claim_breaks_the_signature() -> None:
    head, _, signature = TOKENS.issue(Claims(subject="u1")).split(".")
    forged = f"{head}.{segment(claims(sub='u2'))}.{signature}"
    assert TOKENS.read(forged) is None


@pytest.mark.parametrize(
    "token",
    [
        "",
        "a",
        "a.b.c",
        "..",
        "\ud800.x.y",
        "é.é.é",
        "x" * 100_000,
        f"{segment(b'[' * 2300)}.a.b",
        f"{segment(b'null')}.e30.a",
        signed(b"[]"),
        signed(b"null"),
        signed(b"\xff"),
        signed(claims(), b'{"alg":["HS256"]}'),
        signed(claims(), b'{"alg":"HS256","crit":["x"]}'),
        signed(claims(), b'{"alg":"HS256","b64":false,"crit":["b64"]}'),
    ],
)
def test_hostile_texts_are_no_tokens(token: str) -> None:
    assert TOKENS.read(token) is None


def test_a_stamp_follows_the_password_and_hides_it() -> None:
    assert TOKENS.stamp("hash-1") == TOKENS.stamp("hash-1")
    assert TOKENS.stamp("hash-1") != TOKENS.stamp("hash-2")
    assert TOKENS.stamp(None) == ""


def test_a_secret_may_hold_bytes_that_are_no_text() -> None:
    odd = Tokens("\udcff" * 40, "desk", 60)
    assert odd.read(odd.issue(Claims(subject="u1"))) == Claims(subject="u1")
