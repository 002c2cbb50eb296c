// Sends one trace and one log record by OpenTelemetry's own SDK for Node, in protobuf and in JSON.
import { createRequire } from "node:module";

const [, , endpoint, modules, marker] = process.argv;
const load = createRequire(`${modules}/`);
const { NodeTracerProvider, SimpleSpanProcessor } = load("@opentelemetry/sdk-trace-node");
const { LoggerProvider, SimpleLogRecordProcessor } = load("@opentelemetry/sdk-logs");
const { resourceFromAttributes } = load("@opentelemetry/resources");
const { SpanKind, SpanStatusCode, trace, context } = load("@opentelemetry/api");

for (const format of ["http", "proto"]) {
  const { OTLPTraceExporter } = load(`@opentelemetry/exporter-trace-otlp-${format}`);
  const { OTLPLogExporter } = load(`@opentelemetry/exporter-logs-otlp-${format}`);
  const resource = resourceFromAttributes({ "service.name": `node-${format}`, marker });
  const traces = new NodeTracerProvider({
    resource,
    spanProcessors: [new SimpleSpanProcessor(new OTLPTraceExporter({ url: `${endpoint}/v1/traces` }))],
  });
  const logs = new LoggerProvider({
    resource,
    processors: [
      new SimpleLogRecordProcessor({
        exporter: new OTLPLogExporter({ url: `${endpoint}/v1/logs` }),
      }),
    ],
  });
  const tracer = traces.getTracer("a library", "1.2");
  const span = tracer.startSpan("outer", {
    kind: SpanKind.SERVER,
    attributes: { text: "日本", number: 5, share: 0.5, flag: true, list: ["a", "b"] },
  });
  const within = trace.setSpan(context.active(), span);
  tracer.startSpan("inner", { links: [{ context: span.spanContext() }] }, within).end();
  span.addEvent("happened", { count: 3 });
  span.setStatus({ code: SpanStatusCode.ERROR, message: "it broke" });
  logs.getLogger("a logger").emit({
    body: "hello",
    severityNumber: 13,
    severityText: "WARN",
    attributes: { requestId: marker },
    context: within,
  });
  span.end();
  await traces.forceFlush();
  await logs.forceFlush();
  await traces.shutdown();
  await logs.shutdown();
}
