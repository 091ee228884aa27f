import { expect, test } from "vitest";
import { allRows, linesIn, statementOn } from "../../../support/payments/statement-rows.ts";
import { begun, chargeFor, refundOf, withStripe } from "../../../support/payments/stripe/stripe-payments.ts";

const shop = await withStripe();
const { simulator, stripe } = shop;

const today = (): string => new Date().toISOString().slice(0, 10);

const desk = stripe.statements;
const linesOf = async () => linesIn(await statementOn(desk, today()));

test("a day's statement has what was paid, what went back and what was disputed, by our names, each with its fee, in our units", async () => {
  const charge = await begun(shop, chargeFor(500, "ISK"));
  const back = refundOf(charge, 200);
  await stripe.refund(charge, back);
  const dispute = simulator.dispute(charge.id, { amount: 30_000 });
  simulator.decideDispute(charge.id, "won");
  const { charge: source } = simulator.session(charge.id);
  const [refund] = simulator.refunds(charge.id);
  const line = (kind: string, name: string, externalId: string | undefined, amount: number, feeThousandths = 0) =>
    expect.objectContaining({ kind, name, externalId, amount, feeThousandths, currency: "ISK" }) as object;
  expect(await linesOf()).toEqual([
    line("dispute", dispute.id, dispute.id, 300),
    line("dispute", dispute.id, dispute.id, -300, 15_000),
    line("refund", back.id, refund?.id, 200),
    line("payment", charge.id, source, 500, 15_000),
  ]);
});

test("a refund that came to nothing is there twice: as it went, and as it came back", async () => {
  const charge = await begun(shop, chargeFor(700));
  const back = refundOf(charge, 700);
  await stripe.refund(charge, back);
  simulator.endRefund(charge.id, "failed");
  const ours = (await linesOf()).filter(({ name }) => name === back.id);
  expect(ours.map(({ kind, amount }) => `${kind} ${amount}`).toSorted()).toEqual(["bounce 700", "refund 700"]);
});

test("a long day comes in pages, and the day before has nothing of it", async () => {
  const charge = await begun(shop, chargeFor(100_000));
  for (let made = 0; made < 101; made++) simulator.dispute(charge.id, { amount: 100 });
  const lines = await linesOf();
  expect(lines.length).toBeGreaterThan(101);
  expect(new Set(lines.map(({ kind, externalId, amount }) => `${kind} ${externalId} ${amount}`)).size).toBe(
    lines.length,
  );
  expect(await desk?.read("2020-01-01")).toEqual({ kind: "none" });
});

test("a statement that can't be read is none, also if that is seen only on a later page", async () => {
  simulator.misbehave("get /v1/balance_transactions", "page");
  expect(await desk?.read(today())).toEqual({ kind: "unknown", reason: "http_502" });
  const said = await desk?.read(today());
  simulator.misbehave("get /v1/balance_transactions", "page");
  await expect(said?.kind === "statement" ? allRows(said.rows) : undefined).rejects.toThrow("http_502");
});
