// What a receiver on Node does with a snapshot and a thin event: reads {base, key, snapshot, thin},
// each event with body, signature and secret, and writes what the official SDK made of them.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const given = JSON.parse(readFileSync(0, "utf8"));
const Stripe = createRequire(given.modules)("stripe");
const { hostname: host, port } = new URL(given.base);
const client = new Stripe(given.key, { host, port, protocol: "http", maxNetworkRetries: 0 });

const refusal = (check) => {
  try {
    check();
    return null;
  } catch (error) {
    return error.type;
  }
};

const { snapshot, thin } = given;
const event = client.webhooks.constructEvent(snapshot.body, snapshot.signature, snapshot.secret);
const notice = client.parseEventNotification(thin.body, thin.signature, thin.secret);
const whole = await notice.fetchEvent();
const related = await notice.fetchRelatedObject();
const written = {
  snapshot: { type: event.type, object: event.data.object.id },
  thin: { id: notice.id, type: notice.type, related: notice.related_object.id },
  whole: { id: whole.id, changes: whole.changes ?? null },
  related: { id: related.id, object: related.object },
  refused: [
    refusal(() => client.webhooks.constructEvent(`${snapshot.body} `, snapshot.signature, snapshot.secret)),
    refusal(() => client.parseEventNotification(thin.body, thin.signature, snapshot.secret)),
  ],
};
process.stdout.write(JSON.stringify(written));
