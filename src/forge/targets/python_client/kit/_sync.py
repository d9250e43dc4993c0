"""Calls that block until the answer is there."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from threading import Lock
from typing import Any, ClassVar, Generic, Self, TypeAlias, TypeVar, Unpack

import httpx

from ._collections import Collections
from ._errors import NotAnswered, Unauthenticated
from ._types import AuthUser, Options, Page, Tokens
from ._wire import Answer, Request, delay_after, minimal, read, request, unshown

K = TypeVar("K")
B = TypeVar("B")
Q = TypeVar("Q")
T = TypeVar("T")

Text: TypeAlias = str | Callable[[], str | None] | None
"""A value, or what gives one before each request."""


def _told(text: Text) -> str | None:
    return text() if callable(text) else text


class Connection:
    """How requests are sent."""

    def __init__(
        self,
        base_url: str,
        *,
        token: Text = None,
        headers: Mapping[str, str] | None = None,
        retries: int = 2,
        timeout: float = 30.0,
        http_client: httpx.Client | None = None,
    ) -> None:
        self._base = base_url.rstrip("/")
        self._token = token
        self._headers = dict(headers or {})
        self._retries = retries
        self._timeout = timeout
        self._owns = http_client is None
        self._http = httpx.Client() if http_client is None else http_client
        self.sent_by_default: dict[str, Text] = {}
        """Headers whose values may have to be asked for."""
        self.access_token: str | None = None
        """The session's, which is sent where no `token` is given."""
        self.renew: Callable[[], bool] | None = None
        """Renews the session, once for all calls that need it at the same time."""

    def close(self) -> None:
        """Close what was opened."""
        if self._owns:
            self._http.close()

    def send(self, sent: Request) -> Answer[Any]:
        """The answer to a request, sent again where that may help."""
        used = self.access_token
        try:
            return self._retried(sent)
        except Unauthenticated:
            if self._token is not None or not sent.renews or self.renew is None:
                raise
            if used == self.access_token and not self.renew():
                raise
        return self._retried(sent)

    def _retried(self, sent: Request) -> Answer[Any]:
        most = self._retries if sent.retries is None else sent.retries
        attempt = 0
        while True:
            try:
                return read(self._once(sent))
            except Exception as fault:
                delay = delay_after(fault, attempt) if attempt < most else None
                if delay is None:
                    raise
            time.sleep(delay)
            attempt += 1

    def _once(self, sent: Request) -> httpx.Response:
        whole = sent.with_headers(self._access())
        try:
            return self._http.request(
                whole.method,
                self._base + whole.path,
                headers=whole.headers,
                content=whole.content,
                timeout=self._timeout if whole.timeout is None else whole.timeout,
            )
        except httpx.TransportError as fault:
            raise NotAnswered(str(fault) or type(fault).__name__) from fault

    def _access(self) -> dict[str, str]:
        headers = dict(self._headers)
        for name, text in self.sent_by_default.items():
            value = _told(text)
            if value is not None:
                headers[name] = value
        bearer = _told(self._token) or self.access_token
        return headers | ({"Authorization": f"Bearer {bearer}"} if bearer else {})


class Session(Generic[B]):
    """Logging in and out. The tokens of a login are sent, and renewed when they expire."""

    operation_ids: ClassVar = {
        "login": "log_in",
        "refresh": "refresh",
        "logout": "log_out",
        "me": "get_me",
    }

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._lock = Lock()
        self._tokens: Tokens | None = None
        connection.renew = self._renew

    @property
    def tokens(self) -> Tokens | None:
        """What the service granted; to be kept, and given to `resume`."""
        return self._tokens

    def resume(self, tokens: Tokens | None) -> None:
        """Take up tokens that were kept."""
        self._tokens = tokens
        self._connection.access_token = tokens["access_token"] if tokens else None

    def login(self, credentials: B, **options: Unpack[Options]) -> Tokens:
        """Log in."""
        return self._granted("/auth/login", credentials, options)

    def refresh(
        self, refresh_token: str | None = None, **options: Unpack[Options]
    ) -> Tokens:
        """Renew the tokens of the session, or of a refresh token."""
        body = self._body(refresh_token)
        return self._granted("/auth/refresh", body, options)

    def logout(
        self, refresh_token: str | None = None, **options: Unpack[Options]
    ) -> None:
        """Log out of the session, or end that of a refresh token."""
        self._send("/auth/logout", self._body(refresh_token), options)
        self.resume(None)

    def me(self, **options: Unpack[Options]) -> AuthUser:
        """Who the caller is."""
        sent = request("GET", "/auth/me", options)
        user: AuthUser = self._connection.send(sent).data
        return user

    def _body(self, refresh_token: str | None) -> dict[str, str]:
        own = self._tokens.get("refresh_token", "") if self._tokens else ""
        return {"refresh_token": refresh_token or own}

    def _granted(self, path: str, body: object, options: Options) -> Tokens:
        tokens: Tokens = self._send(path, body, options).data
        self.resume(tokens)
        return tokens

    def _send(self, path: str, body: object, options: Options) -> Answer[Any]:
        """Ask for tokens, or give them up; nothing is renewed on the way."""
        sent = request("POST", path, options, body=body, sends=True)
        kept = {n: v for n, v in sent.headers.items() if n != "Idempotency-Key"}
        return self._connection.send(replace(sent, headers=kept, renews=False))

    def _renew(self) -> bool:
        """Renew the tokens; false where there are none, or they do not hold."""
        before = self._tokens
        with self._lock:
            if before is not self._tokens:
                return True
            if not before or "refresh_token" not in before:
                return False
            try:
                self._granted("/auth/refresh", self._body(None), {})
            except Unauthenticated:
                return False
            return True


class Call:
    """One operation over a connection."""

    def __init__(
        self, connection: Connection, operation_id: str, method: str, path: str
    ) -> None:
        self._connection = connection
        self._method = method
        self._path = path
        self.operation_id = operation_id

    def _send(
        self,
        options: Options,
        keys: tuple[object, ...] = (),
        *,
        query: object = None,
        body: object = None,
        sends: bool = False,
    ) -> Answer[Any]:
        sent = request(
            self._method,
            self._path,
            options,
            keys=keys,
            query=query,
            body=body,
            sends=sends,
        )
        return self._connection.send(sent)


class Ask(Call, Generic[T]):
    """An operation without arguments."""

    def __call__(self, **options: Unpack[Options]) -> T:
        return self.answer(**options).data

    def answer(self, **options: Unpack[Options]) -> Answer[T]:
        """The whole answer."""
        return self._send(options)


class Act(Call, Generic[K, T]):
    """An operation on what is at a key."""

    def __call__(self, key: K, **options: Unpack[Options]) -> T:
        return self.answer(key, **options).data

    def answer(self, key: K, **options: Unpack[Options]) -> Answer[T]:
        """The whole answer."""
        return self._send(options, (key,))

    def minimal(self, key: K, **options: Unpack[Options]) -> Answer[None]:
        """The answer without the record, as no write has to send it back."""
        return unshown(self._send(minimal(options), (key,)))


class Send(Call, Generic[B, T]):
    """An operation with a body."""

    def __call__(self, body: B, **options: Unpack[Options]) -> T:
        return self.answer(body, **options).data

    def answer(self, body: B, **options: Unpack[Options]) -> Answer[T]:
        """The whole answer."""
        return self._send(options, body=body, sends=True)

    def minimal(self, body: B, **options: Unpack[Options]) -> Answer[None]:
        """The answer without the record, as no write has to send it back."""
        return unshown(self._send(minimal(options), body=body, sends=True))


class Change(Call, Generic[K, B, T]):
    """An operation with a body on what is at a key."""

    def __call__(self, key: K, body: B, **options: Unpack[Options]) -> T:
        return self.answer(key, body, **options).data

    def answer(self, key: K, body: B, **options: Unpack[Options]) -> Answer[T]:
        """The whole answer."""
        return self._send(options, (key,), body=body, sends=True)

    def minimal(self, key: K, body: B, **options: Unpack[Options]) -> Answer[None]:
        """The answer without the record, as no write has to send it back."""
        sent = self._send(minimal(options), (key,), body=body, sends=True)
        return unshown(sent)


class Fetch(Call, Generic[K, Q, T]):
    """A question about what is at a key."""

    def __call__(self, key: K, query: Q | None = None, **options: Unpack[Options]) -> T:
        return self.answer(key, query, **options).data

    def answer(
        self, key: K, query: Q | None = None, **options: Unpack[Options]
    ) -> Answer[T]:
        """The whole answer."""
        return self._send(options, (key,), query=query)


class List(Call, Generic[Q, T]):
    """A list of records, in pages."""

    def __call__(self, query: Q | None = None, **options: Unpack[Options]) -> Page[T]:
        return self.answer(query, **options).data

    def answer(
        self, query: Q | None = None, **options: Unpack[Options]
    ) -> Answer[Page[T]]:
        """The whole answer."""
        return self._send(options, query=query)

    def all(self, query: Q | None = None, **options: Unpack[Options]) -> Iterator[T]:
        """Every record from the page that is asked for on."""
        for page in self.pages(query, **options):
            yield from page["items"]

    def pages(
        self, query: Q | None = None, **options: Unpack[Options]
    ) -> Iterator[Page[T]]:
        """Every page from the one that is asked for on."""
        asked: Any = query
        while True:
            page: Page[T] = self._send(options, query=asked).data
            yield page
            if page["next_cursor"] is None:
                return
            asked = {**(asked or {}), "cursor": page["next_cursor"]}
            asked.pop("offset", None)


class Client(Collections[Connection]):
    """The service at `base_url`; closed at the end of a `with`."""

    tenant_header: ClassVar[str | None] = None
    """The header that says whose records are meant, where that matters."""

    def __init__(
        self,
        base_url: str,
        *,
        token: Text = None,
        tenant: Text = None,
        headers: Mapping[str, str] | None = None,
        retries: int = 2,
        timeout: float = 30.0,
        http_client: httpx.Client | None = None,
    ) -> None:
        connection = Connection(
            base_url,
            token=token,
            headers=headers,
            retries=retries,
            timeout=timeout,
            http_client=http_client,
        )
        if self.tenant_header is not None:
            connection.sent_by_default[self.tenant_header] = tenant
        self._connection = connection
        self.open(connection)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections that the client opened."""
        self._connection.close()


class LoginClient(Client, Generic[B]):
    """A client of a service that people log in to."""

    auth: Session[B]

    def open(self, connection: Connection) -> None:
        """Make every collection."""
        super().open(connection)
        self.auth = Session(connection)
