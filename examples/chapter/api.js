"use strict";

// Takes orders, sends their jobs to the worker, and hears back from it. Nothing in here knows of the lab.
const { randomUUID } = require("node:crypto");
const express = require("express");
const log = require("./log.js")("api");

const PORT = Number(process.env.PORT ?? 4000);
const WORKER_URL = process.env.WORKER_URL ?? "http://127.0.0.1:4001";
const TIMEOUT_MS = Number(process.env.DELIVERY_TIMEOUT_MS ?? 800);

const orders = new Map();
const app = express();
app.use(express.json());

async function deliver({ orderId, requestId }) {
  const started = Date.now();
  const fields = { requestId, orderId, boundary: "api->worker", timeoutMs: TIMEOUT_MS };
  try {
    const answer = await fetch(`${WORKER_URL}/jobs/reserve-stock`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-request-id": requestId },
      body: JSON.stringify({ orderId, requestId }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    log("INFO", "job delivered to worker", { ...fields, workerHttpStatus: answer.status });
  } catch (error) {
    const kind = error.cause?.code ?? error.name;
    log("ERROR", "failed to deliver job to worker", {
      ...fields,
      elapsedMs: Date.now() - started,
      error: kind,
    });
  }
}

app.post("/orders", async (request, response) => {
  const order = {
    orderId: randomUUID(),
    requestId: request.get("x-request-id") ?? randomUUID(),
    status: "PENDING",
    createdAt: new Date().toISOString(),
  };
  orders.set(order.orderId, order);
  const { orderId, requestId } = order;
  log("INFO", "order accepted (pending)", { requestId, orderId });
  await deliver(order);
  response.status(201).json({ orderId, requestId, status: order.status });
});

app.get("/orders/:orderId", (request, response) => {
  const order = orders.get(request.params.orderId);
  if (order) response.json(order);
  else response.status(404).json({ error: "not found" });
});

app.post("/internal/order-events", (request, response) => {
  const { type, orderId, requestId } = request.body;
  const order = orders.get(orderId);
  if (!order) {
    log("WARN", "unknown order id", { requestId, orderId });
    response.status(404).json({ ok: false });
    return;
  }
  log("INFO", "event received", { requestId, orderId, type });
  if (type === "OrderStockReserved") {
    order.status = "CONFIRMED";
    log("INFO", "order confirmed", { requestId, orderId });
  }
  response.json({ ok: true });
});

app.get("/healthz", (_request, response) => response.json({ ok: true }));

app.listen(PORT, "127.0.0.1", () => log("INFO", "api listening", { port: PORT }));
