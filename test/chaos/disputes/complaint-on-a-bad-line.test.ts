import { afterAll, expect, test } from "vitest";
import { completeComplaint, replyToComplaint } from "../../../shared/disputes/answers.ts";
import { followDispute } from "../../../shared/disputes/follow.ts";
import { disputeIdFor } from "../../../shared/disputes/model.ts";
import { readDispute } from "../../../shared/disputes/table.ts";
import { followPayment } from "../../../shared/orders/follow-payment.ts";
import { PaymentNotKnown } from "../../../shared/orders/payment-not-known.ts";
import { readOrder } from "../../../shared/orders/table.ts";
import { ownGround } from "../../support/engine/own-ground.ts";
import { type BadLine, LINE_FAULTS, startBadLine } from "../../support/faults/bad-line.ts";
import { wrongBooks } from "../../support/orders/books.ts";
import { settleMoney } from "../../support/orders/market.ts";
import { waitingFor, withAllProviders } from "../../support/payments/any-provider.ts";
import { isFullProof } from "../../support/size.ts";
import { valueOf } from "../../support/value-of.ts";

// A complaint at WeChat Pay has clocks, and its payer reads what we reply. The line breaks at each call about it: what was said is said once, and
// a person who is told that nobody knows can look.

const { alive } = await ownGround();
const lines = new Map<string, BadLine>();
const { deps, cashiers } = await withAllProviders(alive, async (url) => {
  const line = await startBadLine(url);
  lines.set(url, line);
  afterAll(() => line.stop());
  return line.url;
});
const { wechat } = cashiers;
const { simulator } = wechat;

/** Silence takes real time. */
const FAULTS = LINE_FAULTS.filter((fault) => isFullProof || fault !== "silence");

test.each(FAULTS)("a complaint, the reply to it and its end, when the line is %s at each of them", async (fault) => {
  const line = lines.get(wechat.url);
  if (line === undefined) throw new Error("there is no line");
  const { market, order, payment } = await waitingFor({ deps }, wechat.ways[0], 1, 1500);
  expect(wechat.pay(payment)).toBe(true);
  await followPayment(deps, payment.id, "changed");
  const { id: disputeId } = simulator.complain(payment.id);
  const id = disputeIdFor("wechat", disputeId);
  const hear = () =>
    followDispute(deps, { provider: "wechat", disputeId }, true).catch((error: unknown) => {
      if (!(error instanceof PaymentNotKnown)) throw error;
    });
  const state = async () => (await readDispute(deps, id))?.state;
  const badly = async <T>(work: () => Promise<T>): Promise<T> => {
    line.next(fault);
    const value = await work();
    line.mend();
    await hear();
    return value;
  };

  await badly(hear);
  expect(await state()).toBe("complained");
  const replied = await badly(() => replyToComplaint(deps, id, "收到"));
  // A person who heard that nobody knows looks, and says it again only if it is not there.
  const isThere = simulator.complaint(disputeId)?.replies.length === 1;
  expect(replied.ok).toBe(replied.ok && isThere);
  if (!isThere) valueOf(await replyToComplaint(deps, id, "收到"));
  await hear();
  expect([await state(), simulator.complaint(disputeId)?.replies]).toEqual(["replied", ["收到"]]);
  const completed = await badly(() => completeComplaint(deps, id));
  const isDone = (await state()) === "completed";
  expect(completed.ok).toBe(completed.ok && isDone);
  if (!isDone) valueOf(await completeComplaint(deps, id));
  await hear();
  expect(await state()).toBe("completed");
  // A complaint moves no money.
  await settleMoney(deps, order.id);
  expect([(await readOrder(deps, order.id))?.state, wechat.holdsOf(payment.id)]).toEqual(["fulfilled", 1500]);
  expect(await wrongBooks(deps, market.channelId, "CNY")).toEqual([]);
});
