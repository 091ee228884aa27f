import { expect, test } from "vitest";
import type { Evidence } from "../../../../shared/payments/dispute-contract.ts";
import { paramsOf } from "../../../support/payments/stripe/spec.ts";
import { begun, chargeFor, methodFor, withStripe } from "../../../support/payments/stripe/stripe-payments.ts";

const shop = await withStripe();
const { simulator, stripe } = shop;
const UPDATE = "post /v1/disputes/{dispute}";
const desk = stripe.disputes;
if (desk === undefined) throw new Error("Stripe has a desk");
const sendEvidence = (id: string, evidence: Evidence) => desk.sendEvidence?.(id, evidence);
const accept = (id: string) => desk.accept?.(id);
const EVIDENCE = {
  product: "Video, one month",
  deliveredAt: "2026-11-29T10:00:00.000Z",
  payerIp: "203.0.113.7",
  looks: [
    { at: "2026-11-29T10:00:01.000Z", by: "delivery link", from: "203.0.113.7" },
    { at: "2026-11-29T10:00:02.000Z", by: "key_1" },
  ],
  text: "It was delivered a second after it was paid.",
};
const newsOf = async (id: string) => {
  const found = await desk.query(id);
  if (found.kind !== "dispute") throw new Error(`it is ${found.kind}`);
  return found.news;
};

test("a dispute says what it is about, what it has taken, what it costs and until when it is answered", async () => {
  const charge = await begun(shop, chargeFor(500, "ISK"));
  const dispute = simulator.dispute(charge.id, { reason: "product_not_received", amount: 30_000 });
  expect(await newsOf(dispute.id)).toEqual({
    state: "opened",
    paymentId: charge.id,
    amount: { amount: 300, currency: "ISK" },
    reason: "not_received",
    openedAt: new Date(dispute.created * 1000).toISOString(),
    answerBy: new Date((dispute.created + 7 * 86_400) * 1000).toISOString(),
    isAnswered: false,
    funds: { taken: 300, givenBack: 0 },
    fees: { taken: 15, givenBack: 0, currency: "ISK" },
  });
});

test("evidence is sent once, where the network looks for it, and a second time changes nothing", async () => {
  const charge = await begun(shop);
  const { id } = simulator.dispute(charge.id);
  simulator.misbehave(UPDATE, "lost");
  expect(await sendEvidence(id, EVIDENCE)).toEqual({ kind: "unknown", reason: "connection_lost" });
  expect(await sendEvidence(id, { ...EVIDENCE, text: "Other words." })).toEqual({ kind: "taken" });
  expect(simulator.calls(UPDATE)).toHaveLength(1);
  expect(paramsOf(new URLSearchParams(simulator.calls(UPDATE)[0]?.body))).toEqual({
    evidence: {
      product_description: EVIDENCE.product,
      service_date: EVIDENCE.deliveredAt,
      customer_purchase_ip: EVIDENCE.payerIp,
      access_activity_log: "2026-11-29T10:00:01.000Z delivery link 203.0.113.7\n2026-11-29T10:00:02.000Z key_1",
      uncategorized_text: EVIDENCE.text,
    },
    submit: "true",
  });
  expect(await newsOf(id)).toMatchObject({ state: "answered", isAnswered: true });
  expect((await newsOf(id)).answerBy).toBeUndefined();
  simulator.decideDispute(charge.id, "won");
  expect(await newsOf(id)).toMatchObject({
    state: "won",
    funds: { taken: 1500, givenBack: 1500 },
    fees: { taken: 1500, currency: "CNY" },
  });
});

test("accepting a dispute loses it, once; then no evidence is taken any more", async () => {
  const charge = await begun(shop);
  const { id } = simulator.dispute(charge.id);
  for (let again = 0; again < 2; again++) expect(await accept(id)).toEqual({ kind: "taken" });
  expect(await newsOf(id)).toMatchObject({ state: "lost", isAnswered: false });
  expect(await sendEvidence(id, EVIDENCE)).toEqual({ kind: "refused", reason: "dispute_not_open" });
  simulator.decideDispute(charge.id, "won");
  expect(await accept(id)).toEqual({ kind: "refused", reason: "dispute_not_open" });
});

test.each([
  ["warning_closed", "inquiry_closed"],
  ["prevented", "inquiry_closed"],
  ["lost", "lost"],
] as const)("an inquiry moves no money, is answered, and ends: %s", async (theirs, ours) => {
  const charge = await begun(shop);
  const { id } = simulator.dispute(charge.id, { isInquiry: true, reason: "bank_cannot_process" });
  expect(await newsOf(id)).toMatchObject({
    state: "inquiry",
    reason: "other",
    funds: { taken: 0 },
    fees: { taken: 0 },
  });
  await sendEvidence(id, EVIDENCE);
  expect((await newsOf(id)).state).toBe("inquiry_answered");
  simulator.decideDispute(charge.id, theirs);
  expect((await newsOf(id)).state).toBe(ours);
});

test("all disputes since a time are named, a page at a time", async () => {
  const since = new Date(Date.now() - 60_000).toISOString();
  const charge = await begun(shop);
  const made = Array.from({ length: 101 }, () => simulator.dispute(charge.id, { amount: 1 }).id).toReversed();
  const first = await desk.list(since);
  if (first.kind !== "page") throw new Error("no page");
  expect(first.ids).toEqual(made.slice(0, 100));
  const second = await desk.list(since, first.next);
  expect(second).toMatchObject({ ids: expect.arrayContaining([made[100]]) as string[] });
  expect(second).not.toHaveProperty("next");
  expect(await desk.list(new Date(Date.now() + 60_000).toISOString())).toEqual({ kind: "page", ids: [] });
});

test("one that Stripe doesn't know, and one that can't be asked about, are told apart", async () => {
  expect(await desk.query("du_unheard")).toEqual({ kind: "never_heard" });
  expect(await sendEvidence("du_unheard", EVIDENCE)).toEqual({ kind: "refused", reason: "unknown_dispute" });
  expect(await accept("du_unheard")).toEqual({ kind: "refused", reason: "resource_missing" });
  const nowhere = methodFor({ ...simulator, url: "http://127.0.0.1:1023" }).disputes;
  expect(await nowhere?.query("du_1")).toEqual({ kind: "unknown", reason: "unreachable" });
  expect(await nowhere?.list(new Date().toISOString())).toEqual({ kind: "unknown", reason: "unreachable" });
  expect(await nowhere?.accept?.("du_1")).toEqual({ kind: "not_sent", reason: "unreachable" });
  expect((await nowhere?.sendEvidence?.("du_1", EVIDENCE))?.kind).toBe("unknown");
});
