import { expect, test } from "vitest";
import { setDirectory } from "../../../shared/inventory/directory.ts";
import { tellLevels } from "../../../shared/inventory/levels.ts";
import { TOTAL } from "../../../shared/inventory/model.ts";
import { setPool } from "../../../shared/inventory/pools.ts";
import { transfer } from "../../../shared/inventory/transfer.ts";
import { fakeBus } from "../../support/engine/fake-aws.ts";
import { fallAsleep, type Moment } from "../../support/faults/meanwhile.ts";
import { draw, openMarket } from "../../support/orders/market.ts";
import { sceneGround } from "../../support/scenes/ground.ts";

// Crossings of low and sold out are told, each of them, whoever dies.

const { deps } = await sceneGround();

const isMarkedAsTold: Moment = ({ input }) => {
  const { ":to": to } = (input["ExpressionAttributeValues"] ?? {}) as {
    ":to"?: { crossing?: number; told?: number };
  };
  return to?.crossing !== undefined && to.crossing === to.told;
};

test("a crossing that was noted and not told is told, also when the stock has crossed another mark since", async () => {
  const { productId } = await openMarket(deps, { stock: 3, money: 0 });
  const { events, told } = fakeBus();
  const telling = { ...deps, events, eventBusName: "bus" };
  await setDirectory(deps, productId, TOTAL, { lowBelow: 3 });
  await draw(deps, productId, 1, new Date());
  const deaf = {
    ...telling,
    events: { send: () => Promise.reject(new Error("no bus")) } as unknown as typeof events,
  };
  await expect(tellLevels(deaf, productId, new Date())).rejects.toThrow("no bus");
  await draw(deps, productId, 2, new Date());
  await fallAsleep(telling, isMarkedAsTold, (sleepy) => tellLevels(sleepy, productId, new Date()));
  await tellLevels(telling, productId, new Date());
  const kinds = [...new Set(told)].map((event) => event.split(" ")[0]);
  expect(kinds).toEqual(["stock.low", "stock.sold_out"]);
});

test("a pool that never had anything is not told to be sold out; one whose stock is gone is", async () => {
  const { productId } = await openMarket(deps, { stock: 2, money: 0 });
  const { events, told } = fakeBus();
  const look = () => tellLevels({ ...deps, events, eventBusName: "bus" }, productId, new Date());
  const { pool } = await setPool(deps, productId, { kind: "channel", subject: "chan_anna" }, "stop");
  await look();
  expect(told).toEqual([]);
  await transfer(deps, productId, TOTAL, pool, 1);
  await look();
  await draw(deps, productId, 1, new Date(), { channelId: "chan_anna" });
  await look();
  expect(told).toEqual([expect.stringMatching(/^stock.sold_out/)]);
});
