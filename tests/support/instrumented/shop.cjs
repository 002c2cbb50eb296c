// Node's: its own HTTP server, called by http, fetch and gRPC.
"use strict";
const http = require("node:http");
const modules = require("node:module").createRequire(`${process.env.MODULES}/`);
const grpc = modules("@grpc/grpc-js");
const { trace } = modules("@opentelemetry/api");

const METHOD = {
  path: "/shop.Prices/Get",
  requestStream: false,
  responseStream: false,
  requestSerialize: (value) => Buffer.from(JSON.stringify(value)),
  requestDeserialize: (bytes) => JSON.parse(bytes),
  responseSerialize: (value) => Buffer.from(value),
  responseDeserialize: (bytes) => bytes.toString(),
};
const Prices = grpc.makeGenericClientConstructor({ get: METHOD }, "Prices");
const GRPC_CODES = { 404: grpc.status.NOT_FOUND, 500: grpc.status.INTERNAL };
const came = new Map();
const ended = new Map();

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, Number(ms ?? 0)));
const count = (counts, id) => counts.set(id, (counts.get(id) ?? 0) + 1);

/** Work for a while, and return a status and an answer. */
async function work(asked) {
  count(came, asked.id);
  await pause(asked.work);
  count(ended, asked.id);
  return { status: Number(asked.status ?? 200), body: "x".repeat(Number(asked.size ?? 10)) };
}

const CALLS = {
  http: (asked) =>
    new Promise((resolve, reject) => {
      const url = `http://127.0.0.1:${asked.port}/price?${new URLSearchParams(asked)}`;
      const signal = AbortSignal.timeout(Number(asked.timeout));
      const request = http.get(url, { signal, agent: false }, (response) => {
        response.on("error", reject);
        response.on("end", () => resolve(response.statusCode));
        response.resume();
      });
      request.on("error", reject);
    }),
  fetch: async (asked) => {
    const url = `http://127.0.0.1:${asked.port}/price?${new URLSearchParams(asked)}`;
    const signal = AbortSignal.timeout(Number(asked.timeout));
    const response = await fetch(url, { signal });
    await response.text();
    return response.status;
  },
  grpc: (asked) =>
    new Promise((resolve, reject) => {
      const client = new Prices(`127.0.0.1:${asked.port}`, grpc.credentials.createInsecure());
      client.get(asked, { deadline: Date.now() + Number(asked.timeout) }, (error) => {
        client.close();
        return error ? reject(error) : resolve(200);
      });
    }),
};

/** Call the other side; return `OK`, or how it failed as the caller saw it. */
async function call(asked) {
  try {
    const status = await CALLS[asked.by](asked);
    return status === 200 ? "OK" : String(status);
  } catch (error) {
    const cause = error.cause ?? error;
    return asked.by === "grpc" ? grpc.status[error.code] : String(cause.code ?? cause.name);
  }
}

const ROUTES = {
  "/seen": ({ id }) => ({ body: JSON.stringify({ came: came.get(id) ?? 0, ended: ended.get(id) ?? 0 }) }),
  "/price": work,
  "/call": async (asked) => {
    const traceId = trace.getActiveSpan().spanContext().traceId;
    let saw = "";
    for (let tries = Number(asked.tries ?? 1); tries > 0 && saw !== "OK"; tries--) saw = await call(asked);
    return { status: saw === "OK" ? 200 : 502, body: JSON.stringify({ traceId, saw }) };
  },
};

const web = http.createServer(async (request, response) => {
  const url = new URL(request.url, "http://localhost");
  const answer = await ROUTES[url.pathname](Object.fromEntries(url.searchParams));
  response.writeHead(answer.status ?? 200).end(answer.body);
}).listen(Number(process.env.PORT), "127.0.0.1");

const server = new grpc.Server();
server.addService({ get: METHOD }, {
  get: async ({ request }, done) => {
    const { status, body } = await work(request);
    const code = GRPC_CODES[status];
    return code === undefined ? done(null, body) : done({ code, details: "as it was asked to" });
  },
});
// The instrumentation's own handler sends what is left, and leaves the process to its application.
process.on("SIGTERM", () => {
  server.forceShutdown();
  web.close();
  web.closeAllConnections();
});
server.bindAsync(`127.0.0.1:${process.env.GRPC_PORT}`, grpc.ServerCredentials.createInsecure(), () => {});
