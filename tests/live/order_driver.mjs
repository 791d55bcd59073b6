// Drives the ordering of static/js/live-order.js from a test: one JSON line in, one out.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

const source = readFileSync(new URL("../../static/js/live-order.js", import.meta.url));
const { Order } = await import(`data:text/javascript;base64,${source.toString("base64")}`);
const orders = new Map();

const verbs = {
  load: (_order, last) => ({ made: new Order(last) }),
  hint: (order, frame) => ({ changes: order.hint(frame) }),
  beat: (order, last) => order.heard(last),
  gap: (order) => order.gap(),
  asking: (order) => ({ after: order.asking() }),
  answer: (order, answer) => order.answer(answer),
  pause: (order, paused) => {
    order.paused = paused;
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const [client, verb, about] = JSON.parse(line);
  const done = verbs[verb](orders.get(client), about) ?? {};
  if (done.made) orders.set(client, done.made);
  const { last, behind } = orders.get(client);
  const { after, lost, changes } = done;
  console.log(JSON.stringify({ after, lost, changes: changes ?? [], last, behind }));
}
