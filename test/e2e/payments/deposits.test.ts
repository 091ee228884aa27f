import { expect, test } from "vitest";
import { trailOf } from "../../../shared/audit/table.ts";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import { domain } from "../../support/engine/domain.ts";
import { terminal } from "../../support/ops/ops.ts";
import { secondOperator } from "../../support/ops/second-operator.ts";
import { available, openShop, tryToOperate } from "../../support/orders/shop.ts";

// What channels pay in, and what is taken out again because it was wrong, through the deployed functions.

const stack = deployedStack();
const { json } = terminal(stack);

test("a wrong deposit is reversed by two people, each on record, and the command line waits for the second", async () => {
  const shop = await openShop(0);
  const { channelId } = shop;
  const deposit = ["channels", "deposit", "--channel", channelId, "--amount", "50000", "--currency", "CNY"];
  expect(await json(...deposit, "--reference", "bank-1")).toMatchObject({ code: 0 });
  const path = `/admin/v1/channels/${channelId}/deposit-reversals`;
  const call = { method: "POST", path, json: { reference: "bank-1", reason: "typed twice" } } as const;
  expect(await tryToOperate(stack, call)).toMatchObject({ status: 409, body: { code: "person_unknown" } });
  const [anna, ben] = [await secondOperator(stack), await secondOperator(stack)];
  expect(await anna(call)).toMatchObject({ status: 202, body: { state: "proposed" } });
  expect(await anna(call)).toMatchObject({ status: 409, body: { code: "second_person_required" } });
  expect(await available(shop)).toBe(50_000);
  expect(await ben(call)).toMatchObject({ status: 200, body: { state: "reversed", money: { amount: 50_000 } } });
  expect(await ben(call)).toMatchObject({ status: 200, body: { state: "reversed" } });
  expect(await available(shop)).toBe(0);
  const trail = (await trailOf(domain(), channelId)).filter(({ action }) => action.startsWith("deposit_reversal"));
  expect(trail.map(({ action }) => action)).toEqual([
    "deposit_reversal_proposed bank-1",
    "deposit_reversal_reversed bank-1",
  ]);
  expect(new Set(trail.map(({ by }) => by)).size).toBe(2);
  expect(trail[1]?.what).toMatchObject({
    reference: "bank-1",
    reason: expect.stringContaining("typed twice (proposed by ") as string,
  });
  const refused = await json(
    "channels",
    "reverse-deposit",
    "--channel",
    channelId,
    "--reference",
    "none",
    "--reason",
    "r",
  );
  expect(refused).toMatchObject({ code: 1, value: { code: "not_found" } });
});
