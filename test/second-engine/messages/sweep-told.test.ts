import { expect, test } from "vitest";
import { archive } from "../../../shared/events/archive.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { NewSender, setSender } from "../../../shared/messages/senders.ts";
import { NewChannelMessages, setChannelMessages } from "../../../shared/messages/settings.ts";
import { sweepTold } from "../../../shared/messages/sweep-told.ts";
import { tellBuyer } from "../../../shared/messages/tell.ts";
import { fakeBucket } from "../../support/engine/fake-aws.ts";
import { messageScene } from "../../support/messages/scene.ts";
import { sceneGround } from "../../support/scenes/ground.ts";

const ground = await sceneGround();

test("an order whose event was lost is found in the archive and told; one that was told, or that nobody can reach, is not woken", async () => {
  const scene = messageScene(ground);
  const senders = { ...ground.deps, senderSecretsPrefix: "/test/senders/" };
  const settings = { host: "127.0.0.1", port: "1", tls: "none", from: "orders@shop.example" };
  await setSender(senders, NewSender.parse({ name: "mail", protocol: "smtp", settings }));
  const said = { shop: "Star shop", email: "mail", page: "https://shop.example/o/{order}" };
  await setChannelMessages(ground.deps, "chan_1", NewChannelMessages.parse(said));
  const orders = { lost: await scene.orderOf(), told: await scene.orderOf(), silent: await scene.orderOf({}, null) };
  await scene.tell(orders.told.id);
  const { s3 } = fakeBucket();
  const woken: string[] = [];
  const deps = { ...scene.telling, s3, eventArchive: "archive", wake: async (id: string) => void woken.push(id) };
  const of = (id: string, type: string, more: object = {}) => ({
    subject: id,
    types: [type],
    ...more,
    events: [{ id: newId("evt"), type, at: scene.at(), v: 1 }],
  });
  const hasContact = { hasContact: true } as const;
  await archive(deps, { at: scene.at(), of: "batch" }, [
    of(orders.lost.id, "order.fulfilled", hasContact),
    of(orders.told.id, "order.fulfilled", hasContact),
    of(orders.silent.id, "order.fulfilled"),
    of(newId("ord"), "order.fulfilled", hasContact),
  ]);
  // Its message may still be on its way.
  expect(await sweepTold(deps)).toBe(0);
  scene.pass(601);
  expect(await sweepTold(deps)).toBe(1);
  expect(woken).toEqual([orders.lost.id]);
  for (const id of woken) await tellBuyer(scene.telling, id);
  expect(await scene.known(orders.lost.id)).toMatchObject([{ state: "sent" }]);
  // It goes on behind what it has seen.
  expect(await sweepTold(deps)).toBe(0);
});
