from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from databases import Place
from staff import ADMIN, CONFIG, bearer, build, running

from specora_runtime.auth import Provider
from specora_runtime.auth.external import BadPublicKey, read_keys
from specora_runtime.settings import SettingsError

RSA = rsa.generate_private_key(65537, 2048)
EC = ec.generate_private_key(ec.SECP256R1())
ED = ed25519.Ed25519PrivateKey.generate()
KEYS: dict[str, Any] = {"RS256": RSA, "ES256": EC, "EdDSA": ED}
EXTERNAL = replace(CONFIG, provider=Provider.EXTERNAL)


@pytest.fixture
def memory(tmp_path: Path) -> Place:
    return Place("memory", tmp_path)


def pem(key: Any) -> str:
    return str(
        key.public_key()
        .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )


def token(
    key: Any = RSA, algorithm: str = "RS256", kid: str | None = None, **changes: Any
) -> str:
    usual = {
        "aud": "staff",
        "iss": "https://issuer.example",
        "sub": "u1",
        "email": "ann@example.com",
        "role": "member",
        "exp": int(time.time()) + 60,
    }
    content = {k: v for k, v in (usual | changes).items() if v is not None}
    return jwt.encode(
        content, key, algorithm=algorithm, headers={"kid": kid} if kid else None
    )


def options(key: Any = RSA, **more: str) -> dict[str, Any]:
    environ = {"AUTH_PUBLIC_KEY": pem(key), **more}
    return {"config": EXTERNAL, "built_in": True, "environ": environ}


@pytest.mark.parametrize("algorithm", sorted(KEYS))
def test_a_token_of_the_issuer_holds(memory: Place, algorithm: str) -> None:
    key = KEYS[algorithm]
    with running(memory, **options(key)) as client:
        me = client.me(bearer(token(key, algorithm)))
        assert me.json() == {"id": "u1", "email": "ann@example.com", "role": "member"}


def test_nobody_logs_in_here(memory: Place) -> None:
    with running(memory, **options()) as client:
        assert client.login().status_code == 404


def test_the_variable_chooses_the_provider(memory: Place) -> None:
    environ = {"AUTH_PROVIDER": "external", "AUTH_PUBLIC_KEY": pem(RSA)}
    with running(memory, built_in=True, environ=environ) as client:
        assert client.me(bearer(token())).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"key": EC, "algorithm": "ES256"},
        {"key": rsa.generate_private_key(65537, 2048)},
        {"algorithm": "RS512"},
        {"key": "", "algorithm": "none"},
        {"exp": int(time.time()) - 60},
        {"exp": None},
        {"aud": "shop"},
        {"aud": None},
        {"iss": "https://elsewhere.example"},
        {"iss": None},
        {"role": "root"},
        {"role": None},
    ],
)
def test_what_does_not_hold_is_401(memory: Place, changes: dict[str, Any]) -> None:
    issuer = {"AUTH_ISSUER": "https://issuer.example"}
    with running(memory, **options(**issuer)) as client:
        assert client.me(bearer(token())).status_code == 200
        assert client.me(bearer(token(**changes))).status_code == 401


def test_a_public_key_is_no_shared_secret(memory: Place) -> None:
    forged = jwt.api_jws.encode(
        json.dumps(
            {"aud": "staff", "sub": "u1", "exp": 2**40, "role": "admin"}
        ).encode(),
        "x" * 32,
        algorithm="HS256",
    )
    with running(memory, **options()) as client:
        assert client.me(bearer(forged)).status_code == 401


def test_one_of_several_roles_is_taken_in_the_contracts_order(memory: Place) -> None:
    with running(memory, **options()) as client:
        me = client.me(bearer(token(role=["viewer", "root", "member"])))
        assert me.json()["role"] == "member"


def test_with_a_user_entity_the_stored_user_decides(tmp_path: Path) -> None:
    place = Place("sqlite", tmp_path)
    with running(place) as client:
        ann = client.me(client.access()).json()
        client.hire("gone@example.com", is_active=False)
    environ = {"AUTH_PUBLIC_KEY": pem(RSA)}
    with running(place, config=EXTERNAL, environ=environ) as client:
        assert client.me(bearer(token(email=ADMIN, role="viewer"))).json() == ann
        for claims in (
            {"email": "nobody@example.com"},
            {"email": "gone@example.com"},
            {"email": ADMIN, "email_verified": False},
            {"email": None},
            {"email": [ADMIN]},
        ):
            assert client.me(bearer(token(**claims))).status_code == 401


def test_a_set_of_keys_is_chosen_from_by_name(memory: Place) -> None:
    keys = [
        json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(RSA.public_key()))
        | {"kid": "one"},
        json.loads(jwt.algorithms.ECAlgorithm.to_jwk(EC.public_key())) | {"kid": "two"},
    ]
    environ = {"AUTH_PUBLIC_KEY": json.dumps({"keys": keys})}
    with running(memory, config=EXTERNAL, built_in=True, environ=environ) as client:
        assert client.me(bearer(token(kid="one"))).status_code == 200
        assert client.me(bearer(token(EC, "ES256", "two"))).status_code == 200
        assert client.me(bearer(token(kid="two"))).status_code == 401
        assert client.me(bearer(token(kid="three"))).status_code == 401
        assert client.me(bearer(token())).status_code == 401


@pytest.mark.parametrize(
    "text",
    [
        "no key",
        "{",
        "{}",
        '{"keys": []}',
        pem(rsa.generate_private_key(65537, 1024)),
        pem(ec.generate_private_key(ec.SECP256K1())),
    ],
)
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(BadPublicKey):
        read_keys(text)


def test_a_key_on_one_line_is_read() -> None:
    assert read_keys(pem(RSA).replace("\n", "\\n"))[0].algorithm == "RS256"


def test_production_needs_a_key(memory: Place) -> None:
    with pytest.raises(SettingsError, match="AUTH_PUBLIC_KEY"):
        build(memory, config=EXTERNAL, environ={}, app_env="production")


def test_development_without_a_key_lets_nobody_in(memory: Place) -> None:
    with running(memory, config=EXTERNAL, built_in=True, environ={}) as client:
        assert client.me(bearer(token())).status_code == 401
