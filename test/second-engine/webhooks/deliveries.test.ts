import { expect, test } from "vitest";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { attemptAgain, deliverEvent, listDeliveries, replayDeliveries } from "../../../shared/webhooks/deliveries.ts";
import {
  changeEndpoint,
  createEndpoint,
  deleteEndpoint,
  findEndpoint,
  listEndpoints,
} from "../../../shared/webhooks/endpoints.ts";
import { queueKey } from "../../../shared/webhooks/table.ts";
import { sceneGround } from "../../support/scenes/ground.ts";
import { valueOf } from "../../support/value-of.ts";
import { webhookScene } from "../../support/webhooks/scene.ts";

const ground = await sceneGround();
const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
const DAY = 24 * 3600;
let channels = 0;
const newChannel = (): string => `chan_scene${channels++}`;

test("what is told out of order, and twice, is sent once and in order of each subject", async () => {
  const scene = webhookScene(ground);
  const channelId = newChannel();
  const { name } = await scene.endpoint(channelId);
  await scene.tell(channelId, "ord_a", 3, 1, 2, 2, 12, 11);
  await scene.tell(channelId, "ord_b", 1);
  expect(await scene.serve(name)).toEqual({ kind: "done" });
  expect([scene.numbersOf("ord_a"), scene.numbersOf("ord_b")]).toEqual([[1, 2, 3, 11, 12], [1]]);
  await scene.tell(channelId, "ord_a", 1, 12);
  await scene.serve(name);
  expect(scene.got).toHaveLength(6);
});

test("an event goes to the endpoints of its channel that want it, and to no other", async () => {
  const scene = webhookScene(ground);
  const [channelId, other] = [newChannel(), newChannel()];
  const { name } = await scene.endpoint(channelId, ["order.paid"]);
  await scene.endpoint(channelId, ["order.refunded"]);
  await scene.endpoint(other);
  await scene.tell(channelId, "ord_a", 1);
  expect(scene.woken).toEqual([{ name, subject: "ord_a" }]);
});

test("an event of a product goes to the endpoints of all channels that want it, and one of a rule to none", async () => {
  const scene = webhookScene(ground);
  const [wanting, other] = [
    await scene.endpoint(newChannel(), ["product.changed"]),
    await scene.endpoint(newChannel()),
  ];
  const event = { at: "2026-03-01T00:00:00.000Z", v: 1, productId: "prod_1" };
  await deliverEvent(scene.deps, { id: "evt_listed", type: "product.changed", ...event, action: "listing" }, "prod_1");
  await deliverEvent(scene.deps, { id: "evt_unlisted", type: "product.unlisted", ...event, reason: "r" }, "prod_1");
  const woken = scene.woken.map(({ name }) => name.endpointId);
  expect(woken).toContain(wanting.name.endpointId);
  expect(woken).not.toContain(other.name.endpointId);
  await scene.serve(wanting.name);
  expect(scene.got.map(({ id, body }) => [id, JSON.parse(body).data])).toEqual([
    ["evt_listed", { id: "prod_1", action: "listing" }],
  ]);
});

test("what is not taken is sent again later, and holds up those behind it, but no other subject", async () => {
  const scene = webhookScene(ground);
  const channelId = newChannel();
  const { name } = await scene.endpoint(channelId);
  scene.answerWith(({ subject }) => ({ status: subject === "ord_a" ? 400 : 200, answer: "", tookMs: 1 }));
  await scene.tell(channelId, "ord_a", 1, 2);
  await scene.tell(channelId, "ord_b", 1, 2);
  await scene.serve(name);
  expect([scene.numbersOf("ord_a"), scene.numbersOf("ord_b")]).toEqual([[1], [1, 2]]);
  await scene.serve(name);
  expect(scene.numbersOf("ord_a")).toEqual([1]);
  scene.answerWith(() => ({ status: 200, answer: "", tookMs: 1 }));
  await scene.run(60);
  expect(scene.numbersOf("ord_a")).toEqual([1, 1, 2]);
  const { deliveries } = await listDeliveries(scene.deps, name, 10);
  expect(deliveries.map(({ state }) => state)).toEqual(["delivered", "delivered", "delivered", "delivered"]);
  const first = deliveries.find(({ subject, event }) => subject === "ord_a" && event.number === 1);
  expect(first?.attempts.map(({ status }) => status)).toEqual([400, 200]);
});

test("what is never taken is given up after three days, and those behind it go on", async () => {
  const scene = webhookScene(ground);
  const channelId = newChannel();
  const { name } = await scene.endpoint(channelId);
  scene.answerWith(({ number }) => ({ status: number === 1 ? 400 : 200, answer: "", tookMs: 1 }));
  await scene.tell(channelId, "ord_a", 1, 2);
  // Others are taken all the while: the endpoint is well.
  for (let hours = 0; hours < 80; hours += 4) {
    await scene.tell(channelId, `ord_well${hours}`, 1, 2, 3);
    scene.answerWith(({ subject, number }) => ({
      status: subject === "ord_a" && number === 1 ? 400 : 200,
      answer: "",
      tookMs: 1,
    }));
    scene.pass(4 * 3600 - 60);
    await scene.run(60);
  }
  expect(scene.numbersOf("ord_a").at(-1)).toBe(2);
  expect(scene.numbersOf("ord_a").length).toBeGreaterThan(LIMITS.fewestTriesOfDelivery);
  expect(scene.disabled).toEqual([]);
  const { deliveries } = await listDeliveries(scene.deps, name, 100);
  const states = deliveries.filter(({ subject }) => subject === "ord_a").map(({ state }) => state);
  expect(states.toSorted()).toEqual(["delivered", "failed"]);
});

test("a dead endpoint rests and is tried with one event at a time; when it is back everything goes out in order", async () => {
  const scene = webhookScene(ground);
  const channelId = newChannel();
  const { name } = await scene.endpoint(channelId);
  scene.answerWith(() => ({ failure: "unreachable", tookMs: 1 }));
  const subjects = numbers(30).map((n) => `ord_${n}`);
  for (const subject of subjects) await scene.tell(channelId, subject, 1, 2);
  await scene.serve(name);
  const atFirst = scene.got.length;
  // Those that were under way when it began to rest.
  expect(atFirst).toBeLessThan(LIMITS.failuresToRest + LIMITS.webhookCallsAtOnce);
  await scene.run(3600);
  expect(scene.got.length - atFirst).toBeLessThan(15);
  expect(valueOf(await findEndpoint(scene.deps, name)).sender.failingSince).toBe("2026-03-01T00:00:00.000Z");
  scene.answerWith(() => ({ status: 204, answer: "", tookMs: 1 }));
  scene.got.splice(0);
  await scene.run(2 * 3600);
  for (const subject of subjects) expect([subject, scene.numbersOf(subject)]).toEqual([subject, [1, 2]]);
  expect(valueOf(await findEndpoint(scene.deps, name)).sender).not.toHaveProperty("failingSince");
});

test("an endpoint that takes nothing for three days is disabled and its owner told; enabled again, all that waits goes out", async () => {
  const scene = webhookScene(ground);
  const channelId = newChannel();
  const { name } = await scene.endpoint(channelId);
  scene.answerWith(() => ({ status: 503, answer: "closed", tookMs: 1 }));
  await scene.tell(channelId, "ord_a", 1, 2);
  for (let hours = 0; hours < 75; hours++) {
    scene.pass(3600 - 60);
    await scene.run(60);
  }
  expect(scene.disabled).toEqual([`${name.endpointId} failing`]);
  const [now] = await listEndpoints(scene.deps, channelId);
  expect(now?.endpoint).toMatchObject({ enabled: false, disabledReason: "failing" });
  const tried = scene.got.length;
  await scene.tell(channelId, "ord_b", 1);
  await scene.run(600);
  expect(scene.got).toHaveLength(tried);
  scene.answerWith(() => ({ status: 200, answer: "", tookMs: 1 }));
  valueOf(await changeEndpoint(scene.deps, name, { enabled: true }));
  scene.got.splice(0);
  scene.pass(DAY);
  await scene.run(60);
  expect([scene.numbersOf("ord_a"), scene.numbersOf("ord_b")]).toEqual([[1, 2], [1]]);
});

test("an endpoint that says it is gone is disabled at once", async () => {
  const scene = webhookScene(ground);
  const channelId = newChannel();
  const { name } = await scene.endpoint(channelId);
  scene.answerWith(() => ({ status: 410, answer: "", tookMs: 1 }));
  await scene.tell(channelId, "ord_a", 1, 2);
  await scene.serve(name);
  expect([scene.got.length, scene.disabled]).toEqual([1, [`${name.endpointId} gone`]]);
});

/** The same tables, of which the index of lists knows nothing yet. */
function indexBehind(): typeof ground {
  const { db } = ground.deps;
  const send = async (command: { input: { IndexName?: string } }): Promise<unknown> =>
    command.input.IndexName === undefined ? db.send(command as never) : { Items: [] };
  return { ...ground, deps: { ...ground.deps, db: { send } as unknown as typeof db } };
}

test("two calls never send to one endpoint at once: the second one tells the first of its subject", async () => {
  const scene = webhookScene(indexBehind());
  const channelId = newChannel();
  const { name } = await scene.endpoint(channelId);
  await scene.tell(channelId, "ord_a", 1);
  const second: unknown[] = [];
  scene.answerWith(async ({ subject }) => {
    if (subject === "ord_a") {
      await scene.tell(channelId, "ord_b", 1);
      second.push(await scene.serve(name, "ord_b"));
    }
    return { status: 200, answer: "", tookMs: 1 };
  });
  expect(await scene.serve(name, "ord_a")).toEqual({ kind: "done" });
  expect(second).toEqual([{ kind: "asked" }]);
  expect([scene.numbersOf("ord_a"), scene.numbersOf("ord_b")]).toEqual([[1], [1]]);
});

test("a sender that dies after the receiver took the event sends it again, and nothing overtakes it", async () => {
  const scene = webhookScene(ground);
  const channelId = newChannel();
  const { name } = await scene.endpoint(channelId);
  await scene.tell(channelId, "ord_a", 1, 2, 3);
  let dies = true;
  scene.answerWith(({ number }) => {
    if (number !== 2 || !dies) return { status: 200, answer: "", tookMs: 1 };
    dies = false;
    throw new Error("killed");
  });
  await expect(scene.serve(name, "ord_a")).rejects.toThrow("killed");
  // It still has the endpoint; that ends with its time.
  expect(await scene.serve(name, "ord_a")).toEqual({ kind: "asked" });
  await scene.run(120);
  expect(scene.numbersOf("ord_a")).toEqual([1, 2, 2, 3]);
});

test("a lost message is made up for by the schedule, and what has gone with its time is passed", async () => {
  const scene = webhookScene(ground);
  const channelId = newChannel();
  await scene.endpoint(channelId);
  await scene.tell(channelId, "ord_a", 1);
  scene.woken.splice(0);
  await scene.run(60);
  expect(scene.numbersOf("ord_a")).toEqual([1]);
});

test("more than may wait of one subject is given up at once", async () => {
  const scene = webhookScene(ground);
  const channelId = newChannel();
  const { name } = await scene.endpoint(channelId);
  const { db, tables } = scene.deps;
  const { PutCommand } = await import("@aws-sdk/lib-dynamodb");
  const waiting = new Set(numbers(LIMITS.eventsWaiting).map((n) => `n${String(n).padStart(10, "0")}#dlv_${n}`));
  const Item = { ...queueKey(name.endpointId, "ord_full"), v: 1, waiting, expiresAtEpoch: 4_000_000_000 };
  await db.send(new PutCommand({ TableName: tables.operations, Item }));
  await scene.tell(channelId, "ord_full", 9999);
  const { deliveries } = await listDeliveries(scene.deps, name, 10);
  expect(deliveries.map(({ state }) => state)).toEqual(["failed"]);
});

test("a replay sends all deliveries of a range once more, oldest first; an attempt sends one", async () => {
  const scene = webhookScene(ground);
  const channelId = newChannel();
  const { name } = await scene.endpoint(channelId);
  await scene.tell(channelId, "ord_a", 1, 2);
  await scene.serve(name);
  scene.pass(60);
  await scene.tell(channelId, "ord_a", 3);
  await scene.serve(name);
  const range = { from: "2026-03-01T00:00:00Z", to: "2026-03-01T00:01:00Z" };
  expect(valueOf(await replayDeliveries(scene.deps, name, range))).toEqual({ sent: 2, next: null });
  await scene.serve(name);
  expect(scene.numbersOf("ord_a")).toEqual([1, 2, 3, 1, 2]);
  const { deliveries } = await listDeliveries(scene.deps, name, 1);
  valueOf(await attemptAgain(scene.deps, name, deliveries[0]?.deliveryId ?? ""));
  await scene.serve(name, "ord_a");
  expect(scene.numbersOf("ord_a").at(-1)).toBe(3);
});

test("a channel has ten endpoints at most, and one that is deleted makes room; what waits for it is never sent", async () => {
  const scene = webhookScene(ground);
  const channelId = newChannel();
  const make = (n: number) => createEndpoint(scene.deps, channelId, { url: `https://shop.example/${n}` }, `key ${n}`);
  for (const n of numbers(LIMITS.webhookEndpoints)) valueOf(await make(n));
  expect(await make(0)).toMatchObject({ code: "limit_reached" });
  expect(valueOf(await make(1))).not.toHaveProperty("secret");
  const [first] = await listEndpoints(scene.deps, channelId);
  const name = { channelId, endpointId: first?.endpoint.endpointId ?? "" };
  await scene.tell(channelId, "ord_a", 1);
  valueOf(await deleteEndpoint(scene.deps, name));
  expect(await deleteEndpoint(scene.deps, name)).toMatchObject({ code: "not_found" });
  await scene.serve(name);
  expect(scene.got).toEqual([]);
  valueOf(await make(0));
});
