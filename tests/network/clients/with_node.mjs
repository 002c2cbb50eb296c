// Drives a link with toxiproxy-node-client, as its users do; prints what it saw as JSON.
import { createRequire } from "node:module";

const [, , control, modules] = process.argv;
const { Toxiproxy } = createRequire(`${modules}/`)("toxiproxy-node-client");

const server = new Toxiproxy(control);
const seen = { version: await server.getVersion(), proxies: Object.keys((await server.getAll())) };
const proxy = await server.createProxy({ name: "made", listen: "127.0.0.1:0", upstream: "127.0.0.1:1" });
seen.enabled = proxy.enabled;
seen.twice = await server.createProxy({ name: "made", listen: "127.0.0.1:0", upstream: "127.0.0.1:1" })
  .then(() => "made", () => "refused");
const added = await proxy.addToxic({
  name: "slow",
  type: "latency",
  stream: "downstream",
  toxicity: 1,
  attributes: { latency: 50, jitter: 10 },
});
const changed = await added.update({ attributes: { latency: 100 } });
seen.toxic = [changed.type, changed.stream, changed.toxicity, changed.attributes];
seen.down = (await proxy.update({ enabled: false, listen: proxy.listen, upstream: proxy.upstream })).enabled;
await added.remove();
seen.toxics = (await fetch(`${control}/proxies/made/toxics`).then((answer) => answer.json()));
await server.reset();
await proxy.remove();
seen.left = Object.keys(await server.getAll());
console.log(JSON.stringify(seen));
