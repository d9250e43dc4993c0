"""Calls that are awaited."""

import asyncio
from asyncio import Lock
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import replace
from inspect import isawaitable
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

Text: TypeAlias = str | Callable[[], str | Awaitable[str | None] | None] | None
"""A value, or what gives one before each request."""


async def _told(text: Text) -> str | None:
    value = text() if callable(text) else text
    return await value if isawaitable(value) else value


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
        http_client: httpx.AsyncClient | None = None,
    ) -> None:
        self._base = base_url.rstrip("/")
        self._token = token
        self._headers = dict(headers or {})
        self._retries = retries
        self._timeout = timeout
        self._owns = http_client is None
        self._http = httpx.AsyncClient() if http_client is None else http_client
        self.sent_by_default: dict[str, Text] = {}
        """Headers whose values may have to be asked for."""
        self.access_token: str | None = None
        """The session's, which is sent where no `token` is given."""
        self.renew: Callable[[], Awaitable[bool]] | None = None
        """Renews the session, once for all calls that need it at the same time."""

    async def close(self) -> None:
        """Close what was opened."""
        if self._owns:
            await self._http.aclose()

    async def send(self, sent: Request) -> Answer[Any]:
        """The answer to a request, sent again where that may help."""
        used = self.access_token
        try:
            return await self._retried(sent)
        except Unauthenticated:
            if self._token is not None or not sent.renews or self.renew is None:
                raise
            if used == self.access_token and not await self.renew():
                raise
        return await self._retried(sent)

    async def _retried(self, sent: Request) -> Answer[Any]:
        most = self._retries if sent.retries is None else sent.retries
        attempt = 0
        while True:
            try:
                return read(await self._once(sent))
            except Exception as fault:
                delay = delay_after(fault, attempt) if attempt < most else None
                if delay is None:
                    raise
            await asyncio.sleep(delay)
            attempt += 1

    async def _once(self, sent: Request) -> httpx.Response:
        whole = sent.with_headers(await self._access())
        try:
            return await self._http.request(
                whole.method,
                self._base + whole.path,
                headers=whole.headers,
                content=whole.content,
                timeout=self._timeout if whole.timeout is None else whole.timeout,
            )
        except httpx.TransportError as fault:
            raise NotAnswered(str(fault) or type(fault).__name__) from fault

    async def _access(self) -> dict[str, str]:
        headers = dict(self._headers)
        for name, text in self.sent_by_default.items():
            value = await _told(text)
            if value is not None:
                headers[name] = value
        bearer = await _told(self._token) or self.access_token
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

    async def login(self, credentials: B, **options: Unpack[Options]) -> Tokens:
        """Log in."""
        return await self._granted("/auth/login", credentials, options)

    async def refresh(
        self, refresh_token: str | None = None, **options: Unpack[Options]
    ) -> Tokens:
        """Renew the tokens of the session, or of a refresh token."""
        body = self._body(refresh_token)
        return await self._granted("/auth/refresh", body, options)

    async def logout(
        self, refresh_token: str | None = None, **options: Unpack[Options]
    ) -> None:
        """Log out of the session, or end that of a refresh token."""
        await self._send("/auth/logout", self._body(refresh_token), options)
        self.resume(None)

    async def me(self, **options: Unpack[Options]) -> AuthUser:
        """Who the caller is."""
        sent = request("GET", "/auth/me", options)
        user: AuthUser = (await self._connection.send(sent)).data
        return user

    def _body(self, refresh_token: str | None) -> dict[str, str]:
        own = self._tokens.get("refresh_token", "") if self._tokens else ""
        return {"refresh_token": refresh_token or own}

    async def _granted(self, path: str, body: object, options: Options) -> Tokens:
        tokens: Tokens = (await self._send(path, body, options)).data
        self.resume(tokens)
        return tokens

    async def _send(self, path: str, body: object, options: Options) -> Answer[Any]:
        """Ask for tokens, or give them up; nothing is renewed on the way."""
        sent = request("POST", path, options, body=body, sends=True)
        kept = {n: v for n, v in sent.headers.items() if n != "Idempotency-Key"}
        return await self._connection.send(replace(sent, headers=kept, renews=False))

    async def _renew(self) -> bool:
        """Renew the tokens; false where there are none, or they do not hold."""
        before = self._tokens
        async with self._lock:
            if before is not self._tokens:
                return True
            if not before or "refresh_token" not in before:
                return False
            try:
                await self._granted("/auth/refresh", self._body(None), {})
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

    async def _send(
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
        return await self._connection.send(sent)


class Ask(Call, Generic[T]):
    """An operation without arguments."""

    async def __call__(self, **options: Unpack[Options]) -> T:
        return (await self.answer(**options)).data

    async def answer(self, **options: Unpack[Options]) -> Answer[T]:
        """The whole answer."""
        return await self._send(options)


class Act(Call, Generic[K, T]):
    """An operation on what is at a key."""

    async def __call__(self, key: K, **options: Unpack[Options]) -> T:
        return (await self.answer(key, **options)).data

    async def answer(self, key: K, **options: Unpack[Options]) -> Answer[T]:
        """The whole answer."""
        return await self._send(options, (key,))

    async def minimal(self, key: K, **options: Unpack[Options]) -> Answer[None]:
        """The answer without the record, as no write has to send it back."""
        return unshown(await self._send(minimal(options), (key,)))


class Send(Call, Generic[B, T]):
    """An operation with a body."""

    async def __call__(self, body: B, **options: Unpack[Options]) -> T:
        return (await self.answer(body, **options)).data

    async def answer(self, body: B, **options: Unpack[Options]) -> Answer[T]:
        """The whole answer."""
        return await self._send(options, body=body, sends=True)

    async def minimal(self, body: B, **options: Unpack[Options]) -> Answer[None]:
        """The answer without the record, as no write has to send it back."""
        return unshown(await self._send(minimal(options), body=body, sends=True))


class Change(Call, Generic[K, B, T]):
    """An operation with a body on what is at a key."""

    async def __call__(self, key: K, body: B, **options: Unpack[Options]) -> T:
        return (await self.answer(key, body, **options)).data

    async def answer(self, key: K, body: B, **options: Unpack[Options]) -> Answer[T]:
        """The whole answer."""
        return await self._send(options, (key,), body=body, sends=True)

    async def minimal(
        self, key: K, body: B, **options: Unpack[Options]
    ) -> Answer[None]:
        """The answer without the record, as no write has to send it back."""
        sent = await self._send(minimal(options), (key,), body=body, sends=True)
        return unshown(sent)


class Fetch(Call, Generic[K, Q, T]):
    """A question about what is at a key."""

    async def __call__(
        self, key: K, query: Q | None = None, **options: Unpack[Options]
    ) -> T:
        return (await self.answer(key, query, **options)).data

    async def answer(
        self, key: K, query: Q | None = None, **options: Unpack[Options]
    ) -> Answer[T]:
        """The whole answer."""
        return await self._send(options, (key,), query=query)


class List(Call, Generic[Q, T]):
    """A list of records, in pages."""

    async def __call__(
        self, query: Q | None = None, **options: Unpack[Options]
    ) -> Page[T]:
        return (await self.answer(query, **options)).data

    async def answer(
        self, query: Q | None = None, **options: Unpack[Options]
    ) -> Answer[Page[T]]:
        """The whole answer."""
        return await self._send(options, query=query)

    async def all(
        self, query: Q | None = None, **options: Unpack[Options]
    ) -> AsyncIterator[T]:
        """Every record from the page that is asked for on."""
        async for page in self.pages(query, **options):
            for item in page["items"]:
                yield item

    async def pages(
        self, query: Q | None = None, **options: Unpack[Options]
    ) -> AsyncIterator[Page[T]]:
        """Every page from the one that is asked for on."""
        asked: Any = query
        while True:
            page: Page[T] = (await self._send(options, query=asked)).data
            yield page
            if page["next_cursor"] is None:
                return
            asked = {**(asked or {}), "cursor": page["next_cursor"]}
            asked.pop("offset", None)


class Client(Collections[Connection]):
    """The service at `base_url`; closed at the end of an `async with`."""

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
        http_client: httpx.AsyncClient | None = None,
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

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *raised: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections that the client opened."""
        await self._connection.close()


class LoginClient(Client, Generic[B]):
    """A client of a service that people log in to."""

    auth: Session[B]

    def open(self, connection: Connection) -> None:
        """Make every collection."""
        super().open(connection)
        self.auth = Session(connection)
