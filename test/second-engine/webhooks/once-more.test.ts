import { expect, test } from "vitest";
import { attemptAgain, listDeliveries } from "../../../shared/webhooks/deliveries.ts";
import { sceneGround } from "../../support/scenes/ground.ts";
import { valueOf } from "../../support/value-of.ts";
import { webhookScene } from "../../support/webhooks/scene.ts";

const ground = await sceneGround();

test("a delivery that is asked for once more while it is sent is sent once more", async () => {
  const scene = webhookScene(ground);
  const channelId = "chan_while";
  const { name } = await scene.endpoint(channelId);
  await scene.tell(channelId, "ord_a", 1, 2);
  const [first] = (await listDeliveries(scene.deps, name, 10)).deliveries.filter(({ event }) => event.number === 1);
  scene.answerWith(async ({ number }) => {
    // The receiver took it, and has lost it before its answer is here.
    if (number === 1 && scene.numbersOf("ord_a").length === 1)
      valueOf(await attemptAgain(scene.deps, name, first?.deliveryId ?? ""));
    return { status: 200, answer: "", tookMs: 1 };
  });
  await scene.serve(name);
  await scene.run(60);
  expect(scene.numbersOf("ord_a")).toEqual([1, 1, 2]);
  const { deliveries } = await listDeliveries(scene.deps, name, 10);
  expect(deliveries.map(({ state }) => state)).toEqual(["delivered", "delivered"]);
});

test("a delivery that waits is sent once, also if it is asked for once more meanwhile, and now", async () => {
  const scene = webhookScene(ground);
  const channelId = "chan_before";
  const { name } = await scene.endpoint(channelId);
  scene.answerWith(() => ({ status: 400, answer: "", tookMs: 1 }));
  await scene.tell(channelId, "ord_a", 1, 2);
  await scene.serve(name);
  const { deliveries } = await listDeliveries(scene.deps, name, 10);
  const first = deliveries.find(({ event }) => event.number === 1);
  scene.answerWith(() => ({ status: 200, answer: "", tookMs: 1 }));
  const askAgain = async () => valueOf(await attemptAgain(scene.deps, name, first?.deliveryId ?? ""));
  await askAgain();
  await askAgain();
  await scene.serve(name);
  await scene.run(60);
  expect(scene.numbersOf("ord_a")).toEqual([1, 1, 2]);
});
