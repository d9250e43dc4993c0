import type * as t from "./types.js";

type Problem = t.Problem;
type Page<T> = t.Page<T>;

// ---- the same for every service from here on ----

/** How requests are sent. */
export interface ConnectionOptions {
  /** Where the service is: `https://desk.example.org`, or a path below a host. */
  baseUrl: string;
  /** The bearer token, or what gives one before each request. */
  token?: string | (() => Awaitable<string | null | undefined>) | undefined;
  /** Headers of every request. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** In place of the global `fetch`. */
  fetch?: typeof globalThis.fetch | undefined;
  /** How often a request is sent again after 429, 503 or a lost connection; 2. */
  retries?: number | undefined;
  /** Milliseconds until an attempt is given up; 30 000. */
  timeout?: number | undefined;
}

/** What one call may ask for besides. */
export interface CallOptions {
  signal?: AbortSignal | undefined;
  /** The `etag` that was read: another version of the record is not touched. */
  ifMatch?: string | undefined;
  /** The `etag` that is known: the failure `not-modified` says that it still holds. */
  ifNoneMatch?: string | undefined;
  /** Of a POST: one is made for each call, and stays the same when it is sent again. */
  idempotencyKey?: string | undefined;
  headers?: Readonly<Record<string, string>> | undefined;
  retries?: number | undefined;
  timeout?: number | undefined;
}

/** What a write may ask for besides, whose record is not wanted. */
export interface MinimalOptions extends CallOptions {
  /** `Prefer: return=minimal`. */
  minimal: true;
}

/** What came of a call. */
export type Result<T> = Success<T> | Failure;

export interface Success<T> {
  ok: true;
  status: number;
  data: T;
  /** The version of the record, for `ifMatch` and `ifNoneMatch`. */
  etag: string | null;
  headers: Headers;
}

/**
 * `problem`: the service refused. `not-modified`: the record has the version that is known.
 * `malformed`: the answer is no JSON. The others: there was no answer.
 */
export type FailureReason =
  | "problem"
  | "not-modified"
  | "malformed"
  | "network"
  | "timeout"
  | "aborted";

export interface Failure {
  ok: false;
  reason: FailureReason;
  /** 0 where there was no answer. */
  status: number;
  /** What the service said, or what happened instead, in the same form. */
  problem: Problem;
  headers: Headers | null;
  /** What `fetch` or the reader of the answer threw. */
  cause?: unknown;
}

/** A failure, where one has to be thrown: by `unwrap` and by the iterators of a list. */
export class RequestError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.problem.detail ?? failure.problem.title);
    this.name = "RequestError";
    this.failure = failure;
  }

  get status(): number {
    return this.failure.status;
  }

  get problem(): Problem {
    return this.failure.problem;
  }
}

/** The data of a success; throws a `RequestError` for a failure. */
export function unwrap<T>(result: Result<T>): T {
  if (result.ok) return result.data;
  throw new RequestError(result);
}

/** One operation of the service. */
export interface Call<A extends readonly unknown[], T> {
  (...args: [...A, options?: CallOptions]): Promise<Result<T>>;
  readonly operationId: string;
}

/** A write that answers with the record, or with `null` and the `etag` where it is minimal. */
export interface WriteCall<A extends readonly unknown[], T> {
  (...args: [...A, options: MinimalOptions]): Promise<Result<null>>;
  (...args: [...A, options?: CallOptions]): Promise<Result<T>>;
  readonly operationId: string;
}

/** A list of the service. */
export interface ListCall<A extends readonly unknown[], Q, T> {
  (...args: [...A, query?: Q, options?: CallOptions]): PageCall<T>;
  readonly operationId: string;
}

/** A page, when it is awaited; all that follow it, when it is iterated. */
export interface PageCall<T> extends PromiseLike<Result<Page<T>>> {
  /** Every record from here on, page by page. */
  all(): AsyncGenerator<T, void, undefined>;
  /** Every page from here on. */
  pages(): AsyncGenerator<Page<T>, void, undefined>;
}

/** The tokens of a session. */
export interface Tokens {
  access_token: string;
  token_type: string;
  /** Seconds until the access token expires. */
  expires_in?: number;
  refresh_token?: string;
}

/** Who the caller is. */
export interface AuthUser {
  id: string;
  email: string;
  role: string;
}

type Awaitable<T> = T | Promise<T>;
type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
type Sends = "body" | "query" | "";
type Query = Readonly<Record<string, unknown>>;

/** Whose records are meant, and the header that says so. */
interface Tenant {
  header: string;
  value: string | (() => Awaitable<string>) | undefined;
}

interface Request {
  method: string;
  path: string;
  body: string | null;
  headers: Record<string, string>;
  /** Whether the session may be renewed and the request sent again after a 401. */
  renews: boolean;
}

const RETRIES = 2;
const TIMEOUT = 30_000;
const FIRST_DELAY = 200;
const LONGEST_DELAY = 8_000;
const LONGEST_WAIT = 60_000;
const RETRIED = new Set([429, 503]);

/** The calls of one service over one connection. */
class Connection {
  readonly #options: ConnectionOptions;
  readonly #base: string;
  readonly #tenant: Tenant | null;
  #tokens: Tokens | null = null;
  #renewal: Promise<boolean> | null = null;

  constructor(options: ConnectionOptions, tenant: Tenant | null = null) {
    this.#options = options;
    this.#base = options.baseUrl.replace(/\/+$/, "");
    this.#tenant = tenant;
  }

  /** An operation; its arguments are the keys of its path, then its body or its query. */
  call<A extends readonly unknown[], T>(
    operationId: string,
    method: Method,
    path: string,
    sends: Sends = "",
  ): Call<A, T> {
    const keys = keysIn(path);
    const called = async (...args: unknown[]): Promise<Result<T>> => {
      const last = args[keys + (sends ? 1 : 0)] as CallOptions | undefined;
      const options = last ?? {};
      const sent = sends ? args[keys] : undefined;
      const query = sends === "query" ? (sent as Query | undefined) : undefined;
      const body = sends === "body" ? JSON.stringify(sent ?? null) : null;
      const place = fill(path, args.slice(0, keys)) + encodeQuery(query ?? {});
      return this.#send<T>(request(method, place, body, options), options);
    };
    return Object.assign(called, { operationId });
  }

  /** A write that shows the record, unless it is asked not to. */
  write<A extends readonly unknown[], T>(
    operationId: string,
    method: Method,
    path: string,
    sends: Sends = "",
  ): WriteCall<A, T> {
    const call = this.call(operationId, method, path, sends);
    return call as unknown as WriteCall<A, T>;
  }

  /** A list; its arguments are the keys of its path, then its query. */
  list<A extends readonly unknown[], Q, T>(
    operationId: string,
    path: string,
  ): ListCall<A, Q, T> {
    const keys = keysIn(path);
    const called = (...args: unknown[]): PageCall<T> => {
      const place = fill(path, args.slice(0, keys));
      const query = (args[keys] ?? {}) as Query;
      const options = (args[keys + 1] ?? {}) as CallOptions;
      return new Pages<T>((asked) => {
        const whole = place + encodeQuery(asked);
        return this.#send(request("GET", whole, null, options), options);
      }, query);
    };
    return Object.assign(called, { operationId });
  }

  /** What the service says of itself. */
  service() {
    return {
      /** Which service this is. */
      health: this.call<[], { status: string; domain: string }>(
        "health",
        "GET",
        "/health",
      ),
      /** Whether the process lives. */
      live: this.call<[], { status: string }>("livez", "GET", "/livez"),
      /** Whether requests can be served. */
      ready: this.call<[], { status: string }>("readyz", "GET", "/readyz"),
    };
  }

  /** Who the caller is. */
  me(): Call<[], AuthUser> {
    return this.call<[], AuthUser>("get_me", "GET", "/auth/me");
  }

  /** Logging in and out. The tokens of a login are sent and renewed where no `token` is given. */
  session<C extends object>() {
    const granting = <A extends readonly unknown[]>(
      operationId: string,
      path: string,
      body: (...args: A) => object,
    ): Call<A, Tokens> => {
      const called = async (...args: unknown[]): Promise<Result<Tokens>> => {
        const given = body(...(args as unknown as A));
        const result = await this.#grant<Tokens>(path, given, optionsIn(args));
        if (result.ok) this.#tokens = result.data;
        return result;
      };
      return Object.assign(called, { operationId });
    };
    const ended = async (...args: unknown[]): Promise<Result<null>> => {
      const body = this.#refreshBody(args[0]);
      const options = optionsIn(args);
      const result = await this.#grant<null>("/auth/logout", body, options);
      if (result.ok) this.#tokens = null;
      return result;
    };
    return {
      /** Log in. */
      login: granting<[credentials: C]>("log_in", "/auth/login", (c) => c),
      /** Renew the tokens of the session, or of a refresh token. */
      refresh: granting<[refreshToken?: string]>(
        "refresh",
        "/auth/refresh",
        (token) => this.#refreshBody(token),
      ),
      /** Log out of the session, or end that of a refresh token. */
      logout: Object.assign(ended, { operationId: "log_out" }) as Call<
        [refreshToken?: string],
        null
      >,
      me: this.me(),
      /** The tokens of the session, to be kept or taken up again. */
      tokens: (): Tokens | null => this.#tokens,
      resume: (tokens: Tokens | null): void => {
        this.#tokens = tokens;
      },
    };
  }

  #refreshBody(token: unknown): object {
    return { refresh_token: token ?? this.#tokens?.refresh_token ?? "" };
  }

  #grant<T>(path: string, body: object, options: CallOptions) {
    const sent = request("POST", path, JSON.stringify(body), options);
    delete sent.headers["Idempotency-Key"];
    return this.#send<T>({ ...sent, renews: false }, options);
  }

  async #send<T>(sent: Request, options: CallOptions): Promise<Result<T>> {
    const renewable = sent.renews && this.#options.token === undefined;
    const used = this.#tokens;
    const result = await this.#retried<T>(sent, options);
    if (!renewable || result.ok || result.status !== 401) return result;
    if (used === this.#tokens && !(await this.#renew())) return result;
    return this.#retried<T>(sent, options);
  }

  /** Renew the session, once for all requests that need it at the same time. */
  #renew(): Promise<boolean> {
    const token = this.#tokens?.refresh_token;
    if (token === undefined) return Promise.resolve(false);
    this.#renewal ??= this.#grant<Tokens>(
      "/auth/refresh",
      { refresh_token: token },
      {},
    )
      .then((result) => {
        if (result.ok) this.#tokens = result.data;
        return result.ok;
      })
      .finally(() => {
        this.#renewal = null;
      });
    return this.#renewal;
  }

  async #retried<T>(sent: Request, options: CallOptions): Promise<Result<T>> {
    const most = options.retries ?? this.#options.retries ?? RETRIES;
    for (let attempt = 0; ; attempt++) {
      const result = await this.#once<T>(sent, options);
      const delay = result.ok ? null : delayAfter(result, attempt);
      if (attempt >= most || delay === null) return result;
      const aborted = await paused(delay, options.signal);
      if (aborted) return unanswered("aborted", options.signal?.reason);
    }
  }

  async #once<T>(sent: Request, options: CallOptions): Promise<Result<T>> {
    const headers = { ...(await this.#access()), ...sent.headers };
    const gate = new AbortController();
    const abort = (): void => gate.abort();
    const late = options.timeout ?? this.#options.timeout ?? TIMEOUT;
    const timer = setTimeout(abort, late);
    options.signal?.addEventListener("abort", abort);
    if (options.signal?.aborted) abort();
    try {
      const send = this.#options.fetch ?? globalThis.fetch;
      const response = await send(this.#base + sent.path, {
        method: sent.method,
        headers,
        body: sent.body,
        signal: gate.signal,
      });
      return answered<T>(response, await response.text());
    } catch (cause) {
      if (options.signal?.aborted) return unanswered("aborted", cause);
      return unanswered(gate.signal.aborted ? "timeout" : "network", cause);
    } finally {
      clearTimeout(timer);
      options.signal?.removeEventListener("abort", abort);
    }
  }

  async #access(): Promise<Record<string, string>> {
    const headers: Record<string, string> = { ...this.#options.headers };
    const { token } = this.#options;
    const given = typeof token === "function" ? await token() : token;
    const bearer = given ?? this.#tokens?.access_token;
    if (bearer) headers["Authorization"] = `Bearer ${bearer}`;
    if (this.#tenant !== null) {
      const { header, value } = this.#tenant;
      const named = typeof value === "function" ? await value() : value;
      if (named !== undefined) headers[header] = named;
    }
    return headers;
  }
}

class Pages<T> implements PageCall<T> {
  readonly #page: (query: Query) => Promise<Result<Page<T>>>;
  readonly #query: Query;

  constructor(page: (query: Query) => Promise<Result<Page<T>>>, query: Query) {
    this.#page = page;
    this.#query = query;
  }

  then<R1 = Result<Page<T>>, R2 = never>(
    done?: ((result: Result<Page<T>>) => R1 | PromiseLike<R1>) | null,
    failed?: ((reason: unknown) => R2 | PromiseLike<R2>) | null,
  ): Promise<R1 | R2> {
    return this.#page(this.#query).then(done, failed);
  }

  async *all(): AsyncGenerator<T, void, undefined> {
    for await (const page of this.pages()) yield* page.items;
  }

  async *pages(): AsyncGenerator<Page<T>, void, undefined> {
    let query = this.#query;
    for (;;) {
      const page = unwrap(await this.#page(query));
      yield page;
      if (page.next_cursor === null) return;
      const { offset: _, ...others } = query;
      query = { ...others, cursor: page.next_cursor };
    }
  }
}

function optionsIn(args: readonly unknown[]): CallOptions {
  return (args[1] ?? {}) as CallOptions;
}

function request(
  method: Method,
  path: string,
  body: string | null,
  options: CallOptions,
): Request {
  const headers: Record<string, string> = {
    Accept: "application/json, application/problem+json",
  };
  if (body !== null) {
    headers["Content-Type"] = "application/json";
  }
  if (method === "POST") {
    headers["Idempotency-Key"] = options.idempotencyKey ?? randomKey();
  }
  if (options.ifMatch !== undefined) headers["If-Match"] = options.ifMatch;
  if (options.ifNoneMatch !== undefined) {
    headers["If-None-Match"] = options.ifNoneMatch;
  }
  if ("minimal" in options && options.minimal === true) {
    headers["Prefer"] = "return=minimal";
  }
  Object.assign(headers, options.headers);
  return { method, path, body, headers, renews: true };
}

function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}

const PARAMETER = /\{[^{}/]*\}(?=\/|$)/g;

function keysIn(path: string): number {
  return path.match(PARAMETER)?.length ?? 0;
}

/** A path with its keys; throws where a key can be none. */
function fill(path: string, keys: readonly unknown[]): string {
  let at = 0;
  return path.replace(PARAMETER, (parameter) => {
    const key: unknown = keys[at++];
    const text = Array.isArray(key)
      ? key.map((part) => escaped(part)).join(",")
      : String(key ?? "");
    if (text === "" || text === "." || text === "..") {
      throw new TypeError(`${JSON.stringify(text)} is no key for ${parameter}`);
    }
    return encodeURIComponent(text);
  });
}

function escaped(value: unknown): string {
  return String(value).replace(/[\\,]/g, "\\$&");
}

/** A query string: filters by field and operator, lists joined by commas. */
function encodeQuery(query: Query): string {
  const pairs: string[] = [];
  const add = (name: string, value: unknown): void => {
    if (value === undefined) return;
    if (Array.isArray(value)) {
      if (value.length === 0) throw new TypeError(`${name} lists nothing`);
      value = value.map((item) => escaped(item)).join(",");
    }
    const text = encodeURIComponent(String(value));
    pairs.push(`${encodeURIComponent(name)}=${text}`);
  };
  const conditions = (prefix: string, filter: unknown): void => {
    for (const [field, asked] of Object.entries(filter ?? {})) {
      const name = prefix ? `${prefix}[${field}]` : field;
      if (typeof asked !== "object" || asked === null) {
        add(`${name}[eq]`, asked);
        continue;
      }
      for (const [operator, operand] of Object.entries(asked)) {
        add(`${name}[${operator}]`, operand);
      }
    }
  };
  for (const [name, value] of Object.entries(query)) {
    if (name === "filter" || name === "inside") {
      conditions("", value);
    } else if (name === "or") {
      for (const [label, filter] of Object.entries(value ?? {})) {
        conditions(`or[${label}]`, filter);
      }
    } else {
      add(name, value);
    }
  }
  return pairs.length ? `?${pairs.join("&")}` : "";
}

function answered<T>(response: Response, text: string): Result<T> {
  const { status, headers } = response;
  if (status === 304) {
    const problem = { type: "about:blank", title: "Not modified", status };
    return { ok: false, reason: "not-modified", status, problem, headers };
  }
  let value: unknown = null;
  let cause: unknown;
  let readable = true;
  try {
    value = text === "" ? null : JSON.parse(text);
  } catch (error) {
    [readable, cause] = [false, error];
  }
  if (response.ok && readable) {
    const etag = headers.get("ETag");
    return { ok: true, status, data: value as T, etag, headers };
  }
  if (!response.ok && isProblem(value)) {
    return { ok: false, reason: "problem", status, problem: value, headers };
  }
  const title = response.ok ? "Malformed answer" : response.statusText;
  const problem = { type: "about:blank", title: title || "Refused", status };
  const reason = response.ok ? "malformed" : "problem";
  return { ok: false, reason, status, problem, headers, cause };
}

function isProblem(value: unknown): value is Problem {
  return (
    typeof value === "object" &&
    value !== null &&
    "title" in value &&
    "status" in value
  );
}

function unanswered(
  reason: "network" | "timeout" | "aborted",
  cause: unknown,
): Failure {
  const titles = {
    network: "No connection",
    timeout: "No answer in time",
    aborted: "Aborted",
  };
  const problem: Problem = {
    type: "about:blank",
    title: titles[reason],
    status: 0,
  };
  if (cause instanceof Error) problem.detail = cause.message;
  return { ok: false, reason, status: 0, problem, headers: null, cause };
}

/** Milliseconds to wait before a request is sent again; null where that is of no use. */
function delayAfter(failure: Failure, attempt: number): number | null {
  const lost = failure.reason === "network" || failure.reason === "timeout";
  if (!lost && !RETRIED.has(failure.status)) return null;
  const asked = failure.headers?.get("Retry-After");
  if (asked) {
    const seconds = Number(asked);
    const until = Date.parse(asked) - Date.now();
    const wait = Number.isNaN(seconds) ? until : seconds * 1000;
    if (wait > LONGEST_WAIT) return null;
    if (wait >= 0) return wait;
  }
  const longest = Math.min(FIRST_DELAY * 2 ** attempt, LONGEST_DELAY);
  return longest * (0.5 + Math.random() / 2);
}

/** Wait; true where the signal came first. */
function paused(
  delay: number,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve(signal?.aborted ?? false);
    };
    const timer = setTimeout(end, delay);
    signal?.addEventListener("abort", end);
    if (signal?.aborted) end();
  });
}
