import { expect, test } from "vitest";
import { transact } from "../../../shared/aws/dynamo.ts";
import { completeComplaint, decideAnswer, replyToComplaint, wordsOf } from "../../../shared/disputes/answers.ts";
import { careDisputes, findDisputes } from "../../../shared/disputes/due.ts";
import { listDisputes } from "../../../shared/disputes/list.ts";
import { processMessage } from "../../../shared/disputes/process-message.ts";
import { readAccount } from "../../../shared/ledger/lanes.ts";
import { followPayment } from "../../../shared/orders/follow-payment.ts";
import { revealGoods } from "../../../shared/orders/goods.ts";
import { orderPaymentId, type Payment } from "../../../shared/payments/model.ts";
import { newPaymentWrite, readPayment } from "../../../shared/payments/payments.ts";
import { receiveNotification } from "../../../shared/payments/receive-notification.ts";
import { startPayment } from "../../../shared/payments/start.ts";
import { wrongBooks } from "../../support/orders/books.ts";
import { notNow, PROVIDER } from "../../support/payments/checkout-shop.ts";
import { hear, look, paidOrder, stored, withDisputes } from "../../support/payments/dispute-shop.ts";
import { sceneGround } from "../../support/scenes/ground.ts";
import { valueOf } from "../../support/value-of.ts";

// News that is lost, deadlines that run, people who answer, and a channel whose deposit is disputed.

const { deps: ground } = await sceneGround();
const shop = await withDisputes(ground);
const { deps, simulator, sent } = shop;
const { disputes } = simulator;
const later = (seconds: number) => ({ ...deps, clock: () => new Date(Date.now() + seconds * 1000) });
const HOUR = 3600;
const bodies = () =>
  sent.splice(0).map(({ MessageBody }) => JSON.parse(MessageBody) as Parameters<typeof processMessage>[1]);

test("notifications are stored and queued, and act once; disputes of which no news came are found by asking, page by page", async () => {
  const { paymentId } = await paidOrder(shop);
  const names = [1, 2, 3].map(() => simulator.dispute(paymentId, { amount: 1 }));
  const receiving = { ...deps, sealBody: ground.sealRecipient, follow: notNow };
  const { body, headers } = simulator.disputeNotification(names[0] ?? "");
  for (let again = 0; again < 2; again++)
    expect(await receiveNotification(receiving, PROVIDER, body, headers)).toMatchObject({ kind: "stored" });
  const [first, second] = bodies();
  if (first === undefined || second === undefined) throw new Error("nothing was queued");
  expect(await processMessage(deps, first)).toMatchObject({ kind: "dispute", dispute: { state: "opened" } });
  expect(await processMessage(deps, second)).toBeUndefined();
  const failed: unknown[] = [];
  expect(await findDisputes(deps, (_provider, error) => failed.push(error))).toBe(2);
  for (const message of bodies()) await processMessage(deps, message);
  expect(await findDisputes(deps, (_provider, error) => failed.push(error))).toBe(0);
  expect(Object.keys((await readPayment(deps, paymentId))?.disputes ?? {})).toHaveLength(3);
  expect(failed).toEqual([]);
  simulator.setDown(true);
  await findDisputes(deps, (_provider, error) => failed.push(error));
  simulator.setDown(false);
  expect(failed).toMatchObject([{ name: "DisputesNotListed" }]);
  // What is due is found in the list, and what is over stands in the other one.
  for (const name of names) disputes.decide(name, "won");
  expect(await careDisputes(later(7 * HOUR))).toBe(3);
  for (const message of bodies()) await processMessage(later(7 * HOUR), message);
  const over = await listDisputes(deps, { isOver: true, limit: 10 });
  expect(over.disputes.map(({ disputeId }) => disputeId).toSorted()).toEqual(names.toSorted());
  expect((await listDisputes(deps, { isOver: false, limit: 10 })).disputes).toEqual([]);
});

test("news that is about no payment of ours, or of which the provider knows nothing, does nothing", async () => {
  expect(await hear(deps, "du_nobody")).toBeUndefined();
  const { payment } = await paidOrder(shop);
  const name = disputes.open({ reference: `pay_${"0".repeat(26)}`, amount: 5, currency: payment.amount.currency });
  expect(await hear(deps, name)).toBeUndefined();
});

test("evidence whose answer was lost is sent once; a person's answer comes before the rule's; and one that is refused is a person's again", async () => {
  const { paymentId } = await paidOrder(shop);
  const name = simulator.dispute(paymentId);
  const { id = "" } = (await hear(deps, name)) ?? {};
  expect(await decideAnswer(deps, id, "evidence", "arn:person")).toMatchObject({ ok: true });
  expect(await decideAnswer(deps, id, "evidence", "arn:other")).toMatchObject({ ok: true });
  expect(await decideAnswer(deps, id, "accept", "arn:other")).toMatchObject({ ok: false, code: "dispute_closed" });
  disputes.losesNextAnswer = true;
  await hear(deps, name);
  expect(await stored(deps, name)).toMatchObject({ answer: { by: "arn:person", state: "sending" } });
  await hear(deps, name);
  expect(await stored(deps, name)).toMatchObject({ state: "answered", answer: { by: "arn:person", state: "sent" } });
  expect(disputes.evidenceFor(name)).toHaveLength(1);
  expect(await decideAnswer(deps, "dsp_nobody", "accept", "arn")).toMatchObject({ ok: false, code: "not_found" });

  const other = simulator.dispute((await paidOrder(shop)).paymentId);
  const refused = (await hear(deps, other))?.id ?? "";
  let warned = 0;
  disputes.isRefusing = true;
  valueOf(await decideAnswer(deps, refused, "evidence", "arn:person"));
  await hear({ ...deps, onAnswerRefused: () => (warned += 1) }, other);
  disputes.isRefusing = false;
  expect(await stored(deps, other)).toMatchObject({
    state: "opened",
    answer: { state: "refused", reason: "evidence_not_taken" },
  });
  expect(warned).toBe(1);
  valueOf(await decideAnswer(deps, refused, "accept", "arn:person"));
  await hear(deps, other);
  expect(await stored(deps, other)).toMatchObject({ state: "lost", answer: { what: "accept", state: "sent" } });
});

test("a complaint has two clocks, of which a person is warned once each; a person replies and completes it; its payer may complain again", async () => {
  const { paymentId } = await paidOrder(shop);
  const name = simulator.dispute(paymentId, { state: "complained" });
  const { id = "" } = (await hear(deps, name)) ?? {};
  let warned = 0;
  const warning = (hours: number) => ({ ...later(hours * HOUR), onDeadlineNear: () => (warned += 1) });
  await look(warning(17), name);
  expect(warned).toBe(0);
  for (let again = 0; again < 2; again++) await look(warning(18.5), name);
  expect(warned).toBe(1);
  const known = await stored(deps, name);
  expect(await wordsOf(deps, known)).toBe("Where is my code?");
  expect(await decideAnswer(deps, id, "evidence", "arn")).toMatchObject({ ok: false, code: "dispute_closed" });
  expect(await completeComplaint(deps, id)).toMatchObject({ ok: false, code: "dispute_closed" });
  valueOf(await replyToComplaint(deps, id, "Look at your page."));
  for (const message of bodies()) await processMessage(deps, message);
  expect(await stored(deps, name)).toMatchObject({ state: "replied", isAnswered: true });
  await look(warning(67), name);
  expect(warned).toBe(2);
  valueOf(await completeComplaint(deps, id));
  for (const message of bodies()) await processMessage(deps, message);
  expect((await stored(deps, name)).dueAt).toBeUndefined();
  expect(await replyToComplaint(deps, id, "Once more.")).toMatchObject({ ok: false, code: "dispute_closed" });
  disputes.set(name, "complained");
  await hear(deps, name);
  expect(await stored(deps, name)).toMatchObject({ state: "complained", entries: 0 });
  simulator.setDown(true);
  expect(await replyToComplaint(deps, id, "Hello?")).toMatchObject({ ok: false, code: "busy" });
  simulator.setDown(false);
});

test("a disputed deposit is its channel's debt at once, and the channel's money again when it is given back", async () => {
  const channelId = "chan_indebted";
  const created = deps.clock().toISOString();
  const deposited: Payment = {
    id: orderPaymentId("disputed deposit", 1, 1),
    version: 1,
    purpose: { kind: "deposit", reference: "R", depositId: "dep_1", requestHash: "h" },
    channelId,
    provider: PROVIDER,
    attempt: 1,
    amount: { amount: 500, currency: "CNY" },
    state: "created",
    createdAt: created,
    expiresAt: later(HOUR).clock().toISOString(),
    refunds: {},
    asked: 0,
    dueAt: created,
  };
  await transact(deps.db, [newPaymentWrite(deps, deposited)]);
  valueOf(await startPayment(deps, deposited));
  simulator.pay(deposited.id);
  await followPayment(deps, deposited.id, "news");
  const spendable = async () => (await readAccount(deps, channelId, "CNY"))?.spendable;
  expect(await spendable()).toBe(500);
  const name = simulator.dispute(deposited.id);
  await hear(deps, name);
  await hear(deps, name);
  expect(await spendable()).toBe(0);
  disputes.decide(name, "lost");
  await hear(deps, name);
  expect(await spendable()).toBe(0);
  expect(await wrongBooks(deps, channelId, "CNY")).toEqual([]);
  disputes.reinstate(name);
  disputes.decide(name, "won");
  await hear(deps, name);
  expect(await spendable()).toBe(500);
  expect(await wrongBooks(deps, channelId, "CNY")).toEqual([]);
});

test("goods that nobody has seen are not shown while their money is disputed", async () => {
  const { order, paymentId } = await paidOrder(shop, { isSeen: false });
  const name = simulator.dispute(paymentId);
  await hear(deps, name);
  const looker = { keyId: "key", sourceIp: "192.0.2.1", requestId: "req" };
  expect(await revealGoods(deps, order, looker)).toMatchObject({ ok: false, code: "payment_disputed" });
  disputes.decide(name, "won");
  await hear(deps, name);
  expect((await revealGoods(deps, order, looker)).ok).toBe(true);
});
