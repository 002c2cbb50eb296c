import assert from "node:assert/strict";
import { test } from "node:test";
import { stackParts } from "../../../dashboard/static/dashboard/model/trace/stack_trace.js";

/** @param {string} text @returns {string[]} */
const shape = (text) => stackParts(text).map(({ kind, frames }) => `${kind} ${frames}`);

test("Java's and .NET's frames are told from those of what they are built on", () => {
  const java = `java.net.http.HttpTimeoutException: request timed out
	at java.net.http/jdk.internal.net.http.HttpClientImpl.send(HttpClientImpl.java:957)
	at shop.checkout.PaymentClient.charge(PaymentClient.java:61)
	at shop.checkout.CheckoutService.pay(CheckoutService.java:118)
	at org.springframework.web.Dispatcher.doDispatch(Dispatcher.java:1)
Caused by: java.net.ConnectException: refused
	... 23 more`;
  assert.deepEqual(shape(java), ["head 0", "library 1", "own 2", "library 1", "head 0"]);
  const net = "System.Exception: x\n   at Shop.Pay() in /src/Pay.cs:line 4\n   at System.Run()";
  assert.deepEqual(shape(net), ["head 0", "own 1", "library 1"]);
});

test("Python's line of code stays with its frame", () => {
  const python = `Traceback (most recent call last):
  File "/usr/lib/python3.11/site-packages/httpx/_client.py", line 1, in get
    return send()
  File "/app/shop.py", line 7, in price
    client.get(url)
httpx.ConnectError: [Errno 111] Connection refused`;
  assert.deepEqual(shape(python), ["head 0", "library 1", "own 1", "head 0"]);
  assert.equal(stackParts(python)[2]?.lines.length, 2);
});

test("Node's and browsers' frames, and a text that is no stack trace", () => {
  const node = `Error: ECONNREFUSED
    at Socket.connect (node:net:1:2)
    at get (/app/node_modules/got/index.js:3:4)
    at price (/app/price.js:5:6)`;
  assert.deepEqual(shape(node), ["head 0", "library 2", "own 1"]);
  assert.deepEqual(shape("nothing\nspecial"), ["head 0"]);
  assert.deepEqual(shape(""), ["head 0"]);
});

test("no line of it is lost", () => {
  const text = "a\n  at b\n    c\n\tat java.lang.D\n\ne";
  assert.equal(stackParts(text).flatMap(({ lines }) => lines).join("\n"), text);
});
