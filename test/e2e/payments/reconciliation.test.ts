import { afterAll, expect, test } from "vitest";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import { terminal } from "../../support/ops/ops.ts";
import { eventually, openShop, operate, order, stockProduct } from "../../support/orders/shop.ts";
import { startPaymentSimulator } from "../../support/payments/payment-simulator.ts";
import { providerOn } from "../../support/payments/provider-on.ts";

// A provider's statement is compared with the books by the deployed functions, and operators see what differs and what to do.

const stack = deployedStack();
const simulator = await startPaymentSimulator();
afterAll(() => simulator.stop());
const { provider } = await providerOn(stack, "simulated", simulator);
simulator.keeps(6_000);
const { json, raw, stackFile } = terminal(stack);

test("an operator has a day compared, sees what differs, and finds in the books what the provider has kept", async () => {
  const shop = await openShop(0);
  const { productId } = await stockProduct(stack, 1, 1500, 1500);
  const placed = await order(shop, [{ productId, quantity: 1 }], crypto.randomUUID(), {
    payment: { method: "checkout", provider },
  });
  const { id } = placed.body.payment as { id: string };
  simulator.pay(id);
  const date = await eventually(async () => {
    const { received } = await operate(stack, { method: "GET", path: `/admin/v1/payments/${id}` });
    return (received as { at: string } | undefined)?.at.slice(0, 10);
  }, "the payment");
  const foreign = {
    kind: "payment",
    reference: "elsewhere",
    id: "x1",
    amount: 70,
    feeThousandths: 0,
    currency: "CNY",
  } as const;
  simulator.setStatements({ is: "foreign", line: { ...foreign, at: `${date}T00:00:00.000Z` } }, { is: "quiet" });

  expect(await json("payments", "reconcile", provider, "--date", date)).toEqual({ code: 0, value: { provider, date } });
  const day = await eventually(async () => {
    const listed = await operate(stack, { method: "GET", path: `/admin/v1/reconciliations?provider=${provider}` });
    return (listed.data as { state: string; entries: string[] }[])[0];
  }, "the day that was compared");
  const entry = `statement:${provider}@${date}#1`;
  expect(day).toMatchObject({ state: "different", day: date, lines: 2, fees: { CNY: 9 }, entries: [entry] });
  const csv = await raw("payments", "differences", provider, "--date", date, "--output", "csv", "--stack", stackFile);
  const [head = "", ...rows] = csv.stdout.trim().split("\n");
  expect(head).toContain("todo");
  // Nobody has said what this provider keeps by its contract.
  expect(rows.join("\n")).toContain(`different,check_rate,fee,payment,${id}`);
  expect(rows.join("\n")).toContain("missing_here,find_owner,,payment,elsewhere");
  const { data: listed } = (await json("payments", "differences", provider, "--date", date)).value as {
    data: { id: string }[];
  };
  for (const { id: difference } of listed) {
    const accept = ["payments", "accept-difference", provider, "--date", date, "--difference", difference];
    expect(await json(...accept, "--reason", "known", "--yes")).toMatchObject({ code: 0 });
  }
  const settled = await json("payments", "reconciliations", "--provider", provider);
  expect(settled.value).toMatchObject({ data: [{ day: date, state: "reconciled", accepted: listed.length }] });
  const none = await json("payments", "reconciliations", "--provider", provider, "--state", "different");
  expect(none.value).toEqual({ data: [] });
  const refused = await json("payments", "reconcile", provider, "--date", "2999-01-01");
  expect(refused).toMatchObject({ code: 1, value: { code: "invalid_request" } });
});
