"use strict";

// Reserves stock for an order and calls the API back. Nothing in here knows of the lab.
const express = require("express");
const log = require("./log.js")("worker");

const PORT = Number(process.env.PORT ?? 4001);
const CALLBACK_URL = `${process.env.API_CALLBACK_URL ?? "http://127.0.0.1:4000"}/internal/order-events`;
const SLOW_MS = Number(process.env.SIM_SLOW_WORKER_MS ?? 0);

const app = express();
app.use(express.json());

async function callBack({ orderId, requestId }) {
  const fields = { requestId, orderId, boundary: "worker->api", callbackUrl: CALLBACK_URL };
  try {
    const answer = await fetch(CALLBACK_URL, {
      method: "POST",
      headers: { "content-type": "application/json", "x-request-id": requestId },
      body: JSON.stringify({ type: "OrderStockReserved", orderId, requestId }),
    });
    log("INFO", "callback sent", { ...fields, apiHttpStatus: answer.status });
  } catch (error) {
    log("ERROR", "callback failed", { ...fields, error: error.cause?.code ?? error.name });
  }
}

app.post("/jobs/reserve-stock", async (request, response) => {
  const { orderId, requestId } = request.body;
  log("INFO", "job accepted", { requestId, orderId });
  if (SLOW_MS > 0) {
    log("WARN", "simulated slow worker", { requestId, orderId, slowMs: SLOW_MS });
    await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
  }
  log("INFO", "stock reserved", { requestId, orderId });
  await callBack({ orderId, requestId });
  response.json({ ok: true });
});

app.get("/healthz", (_request, response) => response.json({ ok: true }));

app.listen(PORT, "127.0.0.1", () => log("INFO", "worker listening", { port: PORT }));
