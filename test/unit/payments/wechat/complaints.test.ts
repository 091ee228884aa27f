import { expect, test } from "vitest";
import { SEALED_PHONE } from "../../../support/payments/wechat/complaints.ts";
import { chargeOf, wechatMerchant } from "../../../support/payments/wechat/merchant.ts";

const { simulator, method } = await wechatMerchant();
const desk = method.disputes;
if (desk?.reply === undefined || desk.complete === undefined) throw new Error("no desk");
const { query, list, reply, complete } = desk as Required<typeof desk>;
const charge = chargeOf(1500);
await method.start(charge);
simulator.pay(charge.id);
const newsOf = async (id: string) => {
  const asked = await query(id);
  if (asked.kind !== "dispute") throw new Error(asked.kind);
  return asked.news;
};

test("a complaint says which payment it is about, what the payer wants, and until when we must answer; never who", async () => {
  const { id } = simulator.complain(charge.id, { at: new Date("2026-11-30T04:00:00.120Z") });
  const news = await newsOf(id);
  expect(news).toEqual({
    state: "complained",
    paymentId: charge.id,
    amount: { amount: 1500, currency: "CNY" },
    reason: "refund_expected",
    openedAt: "2026-11-30T04:00:00.120Z",
    answerBy: "2026-12-01T04:00:00.120Z",
    completeBy: "2026-12-03T04:00:00.120Z",
    isAnswered: false,
    funds: { taken: 0, givenBack: 0 },
    fees: { taken: 0, givenBack: 0, currency: "CNY" },
    words: "没有收到卡密",
  });
  expect(JSON.stringify(news)).not.toContain(SEALED_PHONE);
});

test("a complaint is replied to and completed, and completing it again says the same", async () => {
  const { id } = simulator.complain(charge.id, { type: "SERVICE_NOT_WORK" });
  expect(await reply(id, "已补发")).toEqual({ kind: "taken" });
  expect(await newsOf(id)).toMatchObject({ state: "replied", isAnswered: true, reason: "not_received" });
  for (let again = 0; again < 2; again++) expect(await complete(id)).toEqual({ kind: "taken" });
  const news = await newsOf(id);
  expect(news.state).toBe("completed");
  expect(news.completeBy).toBeUndefined();
  expect(await reply(id, "too late")).toEqual({ kind: "refused", reason: "invalid_request" });
});

test("a reply whose answer is lost or a probe is not made twice: whether it was taken is asked", async () => {
  const { id } = simulator.complain(charge.id);
  simulator.next({ kind: "signed", wrong: "probe" });
  expect(await reply(id, "一")).toEqual({ kind: "unknown", reason: "unsigned_answer" });
  expect(simulator.complaint(id)?.replies).toEqual(["一"]);
  simulator.next({ kind: "throttled" });
  expect(await reply(id, "二")).toMatchObject({ kind: "not_sent" });
  expect((await newsOf(id)).isAnswered).toBe(true);
});

test("all complaints since a time are listed, over pages and over more than thirty days", async () => {
  const days = (ago: number) => new Date(Date.now() - ago * 86_400_000);
  const old = Array.from({ length: 120 }, () => simulator.complain(charge.id, { at: days(61), words: "old" }).id);
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await list(days(62).toISOString(), cursor);
    if (page.kind !== "page") throw new Error(page.reason);
    ids.push(...page.ids);
    cursor = page.next;
  } while (cursor !== undefined);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of old) expect(ids).toContain(id);
  expect(ids.length).toBeGreaterThan(old.length);
});

test("a complaint that nobody knows, or whose answer does not verify, is told apart", async () => {
  expect(await query("200000000000")).toEqual({ kind: "never_heard" });
  simulator.next({ kind: "signed", wrong: "none" });
  expect(await query("200000000000")).toEqual({ kind: "unknown", reason: "unsigned_answer" });
  const other = simulator.complain("20260101000001");
  expect((await newsOf(other.id)).paymentId).toBeUndefined();
});
