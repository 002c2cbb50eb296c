import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { ApiError, fetchJson } from "../../../dashboard/static/dashboard/wire/api.js";

const fetched = globalThis.fetch;
/** @type {RequestInit[]} */
let sent = [];

afterEach(() => {
  globalThis.fetch = fetched;
  sent = [];
});

/** @param {() => Promise<Response>} answer */
function answering(answer) {
  globalThis.fetch = (_url, init = {}) => {
    sent.push(init);
    return answer();
  };
}

/**
 * @param {Promise<unknown>} call
 * @returns {Promise<ApiError>} what it was rejected with
 */
async function refused(call) {
  const error = await call.then(() => null, (reason) => reason);
  assert.ok(error instanceof ApiError);
  return error;
}

test("JSON is sent and read", async () => {
  answering(() => Promise.resolve(Response.json({ b: 2 })));
  assert.deepEqual(await fetchJson("/x", { method: "POST", body: { a: 1 } }), { b: 2 });
  assert.equal(sent[0]?.body, '{"a":1}');
  assert.deepEqual(sent[0]?.headers, { "Content-Type": "application/json" });
});

test("a response without a body is null", async () => {
  answering(() => Promise.resolve(new Response(null, { status: 204 })));
  assert.equal(await fetchJson("/x"), null);
});

test("a file is sent as it is", async () => {
  answering(() => Promise.resolve(Response.json({})));
  const file = new Blob(["{}"]);
  await fetchJson("/x", { method: "POST", body: file });
  assert.equal(sent[0]?.body, file);
});

test("a response that is no success says why", async () => {
  answering(() => Promise.resolve(Response.json({ error: "no", field: "sku" }, { status: 422 })));
  const error = await refused(fetchJson("/x"));
  assert.deepEqual([error.message, error.status, error.field], ["no", 422, "sku"]);
  answering(() => Promise.resolve(new Response("<h1>", { status: 502 })));
  assert.equal((await refused(fetchJson("/x"))).message, "HTTP 502");
});

test("no response has status 0", async () => {
  answering(() => Promise.reject(new TypeError("failed to fetch")));
  const error = await refused(fetchJson("/x"));
  assert.deepEqual([error.status, error.timedOut], [0, false]);
});

test("a response that takes too long is given up", async () => {
  globalThis.fetch = (_url, init) =>
    new Promise((_resolve, reject) => {
      init?.signal?.addEventListener("abort", () => reject(init.signal?.reason));
    });
  const error = await refused(fetchJson("/x", { timeoutMs: 5 }));
  assert.deepEqual([error.status, error.timedOut], [0, true]);
});
