// Makes a link of its own with toxiproxy-node-client, breaks it and leaves it so.
import { createRequire } from "node:module";

const [, , control, name, listen, upstream, modules] = process.argv;
const { Toxiproxy } = createRequire(`${modules}/`)("toxiproxy-node-client");
const proxy = await new Toxiproxy(control).createProxy({ name, listen, upstream });
await proxy.update({ enabled: false, listen, upstream });
