// Lost connections, refusals that pass, time and signals.
import assert from "node:assert/strict";
import { createClient, unwrap } from "./js/client.js";

const baseUrl = process.argv[2];
const seen = [];
/** The real `fetch`, before which the answers in `first` come. */
function after(...first) {
  seen.length = 0;
  return createClient({
    baseUrl,
    token: () => Promise.resolve("of-the-day"),
    headers: { "X-Trace": "1" },
    fetch: async (url, init) => {
      seen.push(new Headers(init.headers));
      const answer = first.shift();
      if (answer instanceof Error) throw answer;
      return answer ?? fetch(url, init);
    },
  });
}
const busy = (seconds) => new Response("", { status: 503, headers: { "Retry-After": seconds } });

const body = { name: "Once", email: "once@example.org" };
const made = await after(new TypeError("lost"), busy("0")).customers.create(body);
assert(made.ok);
assert.equal(seen.length, 3);
const keys = new Set(seen.map((headers) => headers.get("Idempotency-Key")));
assert.equal(keys.size, 1);
assert.match([...keys][0], /^[0-9a-f]{32}$/);
assert.equal(seen[0].get("Authorization"), "Bearer of-the-day");
assert.equal(seen[0].get("X-Trace"), "1");

await after().customers.create({ ...body, email: "b@example.org" }, { idempotencyKey: "mine" });
assert.equal(seen[0].get("Idempotency-Key"), "mine");
assert.equal(seen.length, 1);

const started = performance.now();
unwrap(await after(busy("1")).customers.list());
assert(performance.now() - started >= 990);
assert.equal(seen[0].get("Idempotency-Key"), null);

const given = await after(busy("0"), busy("0"), busy("0")).customers.list();
assert(!given.ok && given.status === 503 && seen.length === 3);
const never = await after(busy("0")).customers.list({}, { retries: 0 });
assert(!never.ok && never.problem.status === 503 && seen.length === 1);
const long = await after(busy("3600")).customers.list();
assert(!long.ok && seen.length === 1);

const lost = await createClient({ baseUrl: "http://127.0.0.1:9", retries: 0 }).service.live();
assert.deepEqual([lost.reason, lost.status, lost.problem.status], ["network", 0, 0]);
const page = await after(new Response("<html>")).service.live();
assert.equal(page.reason, "malformed");
const proxy = await after(new Response("<html>", { status: 502 })).service.live();
assert.deepEqual([proxy.reason, proxy.problem.status], ["problem", 502]);

const hanging = (_, { signal }) =>
  new Promise((_, no) => signal.addEventListener("abort", () => no(signal.reason)));
const slow = createClient({ baseUrl, fetch: hanging, timeout: 20, retries: 1 });
assert.equal((await slow.service.live()).reason, "timeout");
const stop = new AbortController();
setTimeout(() => stop.abort(), 20);
const stopped = await after(busy("30")).customers.list({}, { signal: stop.signal });
assert(!stopped.ok && stopped.reason === "aborted");
assert.equal((await after().service.live({ signal: stop.signal })).reason, "aborted");

await assert.rejects(() => after().customers.get(".."), TypeError);
await assert.rejects(() => after().customers.get(""), TypeError);
assert.equal(seen.length, 0);
assert.equal((await after().customers.get("a/b?c")).status, 404);
console.log("done");
