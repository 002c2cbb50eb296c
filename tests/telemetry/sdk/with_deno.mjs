// Sends one trace and one log record by the OpenTelemetry that is built into Deno: its API in
// JavaScript, everything behind it (batching, encoding, export) OpenTelemetry's crates for Rust.
const provider = Deno.telemetry.tracerProvider;
const tracer = provider.getTracer("a library", "1.2");
const SERVER = 1;
const ERROR = 2;

tracer.startActiveSpan(
  "outer",
  {
    kind: SERVER,
    attributes: { text: "日本", number: 5, share: 0.5, flag: true, list: ["a", "b"], shares: [0.5, 1.5] },
  },
  (outer) => {
    tracer.startActiveSpan("inner", { links: [{ context: outer.spanContext() }] }, (inner) => {
      inner.end();
    });
    console.warn("hello");
    outer.addEvent("happened", { count: 3 });
    outer.setStatus({ code: ERROR, message: "it broke" });
    outer.end();
  },
);
