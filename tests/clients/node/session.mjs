// Logging in, being renewed, logging out.
import assert from "node:assert/strict";
import { createClient, unwrap } from "./js/client.js";

const [, , baseUrl, password] = process.argv;
let renewed = 0;
const client = createClient({
  baseUrl,
  fetch: (url, init) => {
    if (String(url).endsWith("/auth/refresh")) renewed += 1;
    return fetch(url, init);
  },
});
const stranger = await client.boxes.list();
assert(!stranger.ok && stranger.status === 401);
const wrong = await client.auth.login({ email: "keeper@example.org", password: "no" });
assert(!wrong.ok && wrong.status === 401 && client.auth.tokens() === null);

unwrap(await client.auth.login({ email: "keeper@example.org", password }));
assert.equal(unwrap(await client.auth.me()).role, "keeper");

// Three requests meet an access token that does not hold: one renewal serves them all.
const before = client.auth.tokens();
client.auth.resume({ ...before, access_token: "stale" });
const all = await Promise.all([client.boxes.list(), client.auth.me(), client.boxes.list()]);
assert(all.every((result) => result.ok));
assert.equal(renewed, 1);
assert.notEqual(client.auth.tokens().refresh_token, before.refresh_token);

// A key of two fields, words that are reserved, and a body that the endpoint narrows.
const key = ["a,b\\c/d", 7];
const body = { shelf: key[0], place: 7, note: "x", class: '"odd" \\ value', limit: 3, in: ["x,y"] };
const box = unwrap(await client.boxes.create(body));
assert.deepEqual(unwrap(await client.boxes.get(key)), box);
const filter = { class: body.class, limit: { gte: 3 }, in: { contains: ["x,y"] } };
assert.equal(unwrap(await client.boxes.list({ filter })).total, 1);
assert.equal(unwrap(await client.boxes.list({ filter: { limit: 4 } })).total, 0);
assert.equal(unwrap(await client.boxList.list({ filter: { place: 7 } })).total, 1);
assert.equal(unwrap(await client.boxes.update(key, { note: "y" })).note, "y");
const narrow = await client.boxes.update(key, { limit: 4 });
assert(!narrow.ok && narrow.problem.errors[0].pointer === "/limit");
unwrap(await client.boxes.delete(key));

const next = unwrap(await client.auth.refresh());
assert.deepEqual(client.auth.tokens(), next);
assert.equal(unwrap(await client.auth.logout()), null);
assert.equal(client.auth.tokens(), null);
const after = await client.boxes.list();
assert(!after.ok && after.status === 401);
console.log("done");
