// One record, from its creation to its end.
import assert from "node:assert/strict";
import { createClient, unwrap } from "./js/client.js";

const client = createClient({ baseUrl: `${process.argv[2]}/` });
assert.deepEqual(unwrap(await client.service.health()), { status: "ok", domain: "helpdesk" });

const customer = unwrap(await client.customers.create({ name: "Ada", email: "ada@example.org" }));
const made = await client.tickets.create({ subject: "It burns", customer_id: customer.id });
assert(made.ok);
assert.equal(made.status, 201);
assert.match(made.data.number, /^TKT/);
assert.match(made.etag, /^"/);

const read = await client.tickets.get(made.data.id);
assert.deepEqual(read.data, made.data);
const same = await client.tickets.get(made.data.id, {}, { ifNoneMatch: read.etag });
assert(!same.ok);
assert.deepEqual([same.reason, same.status], ["not-modified", 304]);

const beside = unwrap(
  await client.tickets.get(made.data.id, { fields: ["subject"], expand: ["customer"] }),
);
assert.deepEqual(Object.keys(beside).sort(), ["_links", "customer", "id", "subject"]);
assert.equal(beside.customer.name, "Ada");

const around = unwrap(await client.tickets.graph(made.data.id, { edges: ["SUBMITTED_BY"] }));
assert.deepEqual(around.nodes.map((n) => n.entity).sort(), ["customer", "ticket"]);

const change = { priority: "high" };
const changed = await client.tickets.update(made.data.id, change, { ifMatch: made.etag });
assert(changed.ok);
assert.equal(changed.data.priority, "high");
const low = { priority: "low" };
const unshown = await client.tickets.update(made.data.id, low, { minimal: true });
assert.deepEqual([unshown.ok, unshown.status, unshown.data], [true, 204, null]);
assert.equal(unshown.etag, (await client.tickets.get(made.data.id)).etag);
const stale = await client.tickets.update(made.data.id, change, { ifMatch: made.etag });
assert(!stale.ok);
assert.deepEqual([stale.reason, stale.status], ["problem", 412]);

const illegal = await client.tickets.transition(made.data.id, { state: "resolved" });
assert(!illegal.ok);
assert.deepEqual(illegal.problem.allowed_states, ["assigned", "closed"]);
assert.equal(illegal.problem.state, "new");
const moved = unwrap(await client.tickets.transition(made.data.id, { state: "assigned" }));
assert.equal(moved.state, "assigned");

const invalid = await client.customers.create({ name: "", email: "x" });
assert(!invalid.ok);
assert.deepEqual(invalid.problem.errors.map((e) => e.pointer).sort(), ["/email", "/name"]);

const used = await client.customers.delete(customer.id);
assert(!used.ok);
assert.deepEqual([used.status, used.problem.entity], [409, "ticket"]);
const gone = await client.tickets.delete(made.data.id);
assert.deepEqual([gone.ok, gone.status, gone.data], [true, 204, null]);
const missing = await client.tickets.get(made.data.id);
assert(!missing.ok && missing.status === 404);

const results = unwrap(
  await client.customers.bulk({
    operations: [
      { op: "create", body: { name: "Bulk", email: "bulk@example.org" } },
      { op: "update", id: customer.id, body: { company: "C" } },
    ],
  }),
);
assert.deepEqual(results.results.map((r) => r.status), [201, 200]);
const unwanted = results.results[0].body.id;
unwrap(await client.customers.delete(unwanted));
const deleted = await client.customers.list({ deleted: "only" });
assert.deepEqual(unwrap(deleted).items.map((c) => c.id), [unwanted]);
assert.equal(unwrap(await client.customers.restore(unwanted)).name, "Bulk");
const whole = { name: "Eve", email: "eve@example.org" };
assert.equal(unwrap(await client.customers.replace(customer.id, whole)).company, null);
console.log("done");
