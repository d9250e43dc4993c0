// Filters, orders and pages.
import assert from "node:assert/strict";
import { RequestError, createClient, unwrap } from "./js/client.js";

const client = createClient({ baseUrl: process.argv[2] });
const company = "Page & Co, \\ Söhne";
for (const n of ["a", "b", "c", "d", "e"]) {
  const body = { name: n, email: `${n}@pages.example`, company, plan: n < "c" ? "pro" : "free" };
  unwrap(await client.customers.create(body));
}

const filter = { company, plan: { in: ["pro", "free"] }, phone: { null: true } };
const page = unwrap(await client.customers.list({ filter, sort: ["plan", "-name"], limit: 2 }));
assert.deepEqual(page.items.map((c) => c.name), ["e", "d"]);
assert.equal(page.total, 5);
const both = { company: { in: [company, "other"] }, name: { between: ["b", "d"] } };
assert.equal(unwrap(await client.customers.list({ filter: both })).total, 3);

const either = { name: { ne: "c" }, or: { some: { name: "a", email: "c@pages.example" } } };
const { name: differs, or } = either;
const some = await client.customers.list({ filter: { company, name: differs }, or, count: "none" });
assert.deepEqual(unwrap(some).items.map((c) => c.name), ["a"]);
assert.equal("total" in some.data, false);
const chosen = { filter: { company }, sort: ["-phone:nullslast", "name"], fields: ["name"], limit: 1 };
assert.deepEqual(Object.keys(unwrap(await client.customers.list(chosen)).items[0]).sort(), [
  "_links",
  "id",
  "name",
]);
const inside = { "environment.os": "linux" };
assert.equal(unwrap(await client.tickets.list({ inside })).total, 0);

const names = [];
const all = client.customers.list({ filter: { company }, sort: "-name", limit: 2, offset: 1 });
for await (const customer of all.all()) names.push(customer.name);
assert.deepEqual(names, ["d", "c", "b", "a"]);
const sizes = [];
for await (const one of all.pages()) sizes.push(one.items.length);
assert.deepEqual(sizes, [2, 2]);
for await (const customer of all.all()) {
  assert.equal(customer.name, "d");
  break;
}

const refused = await client.customers.list({ filter: { nmae: "x" } });
assert(!refused.ok);
assert.match(refused.problem.errors[0].detail, /name/);
await assert.rejects(async () => {
  for await (const _ of client.customers.list({ limit: 0 }).all());
}, (error) => error instanceof RequestError && error.status === 400 && error.failure.headers !== null);
assert.throws(() => client.customers.list({ filter: { plan: { in: [] } } }).then(() => 0), TypeError);
console.log("done");
