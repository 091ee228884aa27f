import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { closeBook } from "../../../shared/closings/close.ts";
import { readMonth } from "../../../shared/closings/month.ts";
import { readJournal } from "../../../shared/closings/read.ts";
import { monthStatementOf, statementOf } from "../../../shared/closings/statement.ts";
import { listClosings } from "../../../shared/closings/table.ts";
import { dayAfter } from "../../../shared/kernel/clock.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { refund } from "../../../shared/ledger/accounts.ts";
import { debit } from "../../../shared/ledger/debit.ts";
import { deposit } from "../../../shared/ledger/deposits.ts";
import type { Book, Entry } from "../../../shared/ledger/entries.ts";
import { readAccount } from "../../../shared/ledger/lanes.ts";
import { settle } from "../../../shared/ledger/settle.ts";
import type { Domain } from "../../support/engine/domain.ts";
import { ownGround } from "../../support/engine/own-ground.ts";
import { sceneGround } from "../../support/scenes/ground.ts";

// A day that is over is closed once, never changes, and the next one begins with what it ended with.

const { deps: bare } = await sceneGround();
const shanghai = { ...bare, zone: "Asia/Shanghai" };
const { alive, crashEverywhere } = await ownGround();

const currency = "CNY";
type Shop = Book & { deps: Domain };
const open = (deps: Domain = shanghai): Shop => ({ deps, owner: newId("chan"), currency });

const payIn = async ({ deps, owner }: Shop, amount: number, at: string): Promise<void> => {
  expect(await deposit(deps, owner, { amount, currency }, newId("evt"), new Date(at))).toMatchObject({ ok: true });
};

/** Sets money of an order aside. Its booking is what the stream does later. */
async function setAside({ deps, owner }: Shop, amount: number, at: string) {
  const order = { id: newId("ord"), epoch: 1, total: { amount, currency } };
  const set = await debit(deps, owner, order, new Date(at));
  if (!set.ok) throw new Error(set.why);
  const book = async (fundedAt = at): Promise<void> => {
    const lane = (await readAccount(deps, owner, currency))?.lanes[0];
    if (lane === undefined) throw new Error("no lane");
    const of = { channelId: owner, currency, orderId: order.id, epoch: 1, amount };
    expect(await settle(deps, lane, [{ ...of, fundedBy: [set.nonce], fundedAt, isOver: false }])).toBe(1);
  };
  return { order, book };
}

const giveBack = ({ deps, owner }: Shop, id: string, amount: number, at: string, bookedAt: string): Promise<void> =>
  refund(deps, owner, { id, epoch: 1, round: 1, at }, { channel: amount, currency }, [], new Date(bookedAt));

const close = ({ deps, ...book }: Shop, now: string, by: Domain = deps) =>
  closeBook({ ...by, zone: deps.zone }, book, new Date(now));

const closingsOf = async ({ deps, ...book }: Shop) =>
  (await listClosings(deps, book, { from: "0000", to: "9999", limit: 100 })).closings;

async function journal({ deps, ...book }: Shop, day: string, limit = 100): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (let after: string | undefined; ; ) {
    const page = await readJournal(deps, book, day, limit, after);
    if (page === undefined) throw new Error(`${day} is not closed`);
    entries.push(...page.entries);
    if (page.next === null) return entries;
    after = page.next;
  }
}

/** Counts the hash as the README says it, with nothing of the code that made it. */
const hashOf = (before: string, entries: readonly Entry[]): string => {
  const lines = entries.map(({ name, at, day, bookedAt, currency, legs, link }) => {
    const written = legs.map(({ account, amount }) => `{"account":"${account}","amount":${amount}}`).join(",");
    const booked = bookedAt === undefined ? "" : `"bookedAt":"${bookedAt}",`;
    const linked = link === undefined ? "" : `,"link":"${link}"`;
    return `{"name":"${name}","at":"${at}","day":"${day}",${booked}"currency":"${currency}","legs":[${written}]${linked}}`;
  });
  return createHash("sha256")
    .update([before, ...lines].map((line) => `${line}\n`).join(""))
    .digest("hex");
};

test("each day begins with what the day before ended with, days without an entry have none, and each hash holds the one before", async () => {
  const shop = open();
  await payIn(shop, 10_000, "2026-03-01T02:00:00.000Z");
  for (let sale = 0; sale < 12; sale++) await (await setAside(shop, 100, `2026-03-01T03:00:${10 + sale}.000Z`)).book();
  await payIn(shop, 500, "2026-03-04T02:00:00.000Z");
  expect(await close(shop, "2026-03-06T00:00:00.000Z")).toEqual({ closed: 2, through: "2026-03-05" });
  const [first, second, ...others] = await closingsOf(shop);
  if (first === undefined || second === undefined) throw new Error("not closed");
  expect(others).toEqual([]);
  expect(statementOf(first)).toMatchObject({
    day: "2026-03-01",
    opening: { amount: 0 },
    in: { amount: 10_000 },
    out: { amount: 1200 },
    closing: { amount: 8800 },
    entries: 13,
  });
  expect(statementOf(second)).toMatchObject({
    day: "2026-03-04",
    opening: { amount: 8800 },
    closing: { amount: 9300 },
  });
  expect(second.opening).toEqual(first.closing);
  expect(second.before).toEqual({ day: first.day, hash: first.hash });
  expect(first.hash).toBe(hashOf("", await journal(shop, first.day)));
  expect(second.hash).toBe(hashOf(first.hash, await journal(shop, second.day)));
  const byFives = await journal(shop, first.day, 5);
  expect(byFives).toEqual(await journal(shop, first.day));
  expect(byFives.map(({ at }) => at)).toEqual(byFives.map(({ at }) => at).toSorted());
});

test("a month is added up from its closed days, as far as they are closed, and one on which nothing happened has what the last one had", async () => {
  const shop = open();
  const { deps, ...book } = shop;
  const month = (name: string) => readMonth(deps, book, name);
  await payIn(shop, 10_000, "2026-01-31T02:00:00.000Z");
  await payIn(shop, 500, "2026-03-01T02:00:00.000Z");
  await (await setAside(shop, 200, "2026-03-30T03:00:00.000Z")).book();
  await payIn(shop, 1, "2026-03-31T15:59:59.999Z"); // 23:59:59.999 in Shanghai
  await payIn(shop, 2, "2026-03-31T16:00:00.000Z"); // April
  expect(await month("2026-01")).toBeUndefined();
  await close(shop, "2026-03-31T00:00:00.000Z");
  expect(await month("2026-04")).toBeUndefined();
  expect(await month("2025-12")).toMatchObject({ isOver: true, opening: {}, closing: {}, entries: 0, hash: "" });
  expect(await month("2026-02")).toMatchObject({ isOver: true, through: "2026-02-28", movements: {}, entries: 0 });
  expect(await month("2026-03")).toMatchObject({ isOver: false, through: "2026-03-30", entries: 2 });
  await close(shop, "2026-04-02T00:00:00.000Z");
  const [january, february, march] = [await month("2026-01"), await month("2026-02"), await month("2026-03")];
  if (january === undefined || february === undefined || march === undefined) throw new Error("not closed");
  expect(february).toMatchObject({ opening: january.closing, closing: january.closing, hash: january.hash });
  expect(monthStatementOf(march)).toMatchObject({
    opening: { amount: 10_000 },
    in: { amount: 501 },
    out: { amount: 200 },
    closing: { amount: 10_301 },
    entries: 3,
    isOver: true,
    through: "2026-03-31",
  });
  const last = (await closingsOf(shop)).find(({ day }) => day === "2026-03-31");
  expect(march.hash).toBe(last?.hash);
});

test("a day ends at midnight in the shop's zone, and is closed an hour later, not before", async () => {
  const shop = open();
  await payIn(shop, 1, "2026-03-01T15:59:59.999Z"); // 23:59:59.999 in Shanghai
  await payIn(shop, 2, "2026-03-01T16:00:00.000Z"); // midnight
  expect(await close(shop, "2026-03-01T16:59:59.999Z")).toMatchObject({ closed: 0 });
  expect(await close(shop, "2026-03-01T17:00:00.000Z")).toEqual({ closed: 1, through: "2026-03-01" });
  await close(shop, "2026-03-02T17:00:00.000Z");
  expect((await closingsOf(shop)).map(statementOf)).toMatchObject([
    { day: "2026-03-01", closing: { amount: 1 } },
    { day: "2026-03-02", in: { amount: 2 }, closing: { amount: 3 } },
  ]);
});

test("what happened on a closed day and is booked later counts on a later day and says both; the closed day stays as it is", async () => {
  const shop = open();
  await payIn(shop, 1000, "2026-03-01T02:00:00.000Z");
  const sale = await setAside(shop, 600, "2026-03-01T03:00:00.000Z");
  await sale.book();
  await close(shop, "2026-03-02T00:00:00.000Z");
  const [before] = await closingsOf(shop);
  await giveBack(shop, sale.order.id, 600, "2026-03-01T05:00:00.000Z", "2026-03-03T05:00:00.000Z");
  await close(shop, "2026-03-04T00:00:00.000Z");
  const [first, second] = await closingsOf(shop);
  expect(first).toEqual(before);
  expect(second && statementOf(second)).toMatchObject({
    day: "2026-03-03",
    opening: { amount: 400 },
    in: { amount: 600 },
    closing: { amount: 1000 },
  });
  expect(await journal(shop, "2026-03-03")).toMatchObject([
    { at: "2026-03-01T05:00:00.000Z", bookedAt: "2026-03-03T05:00:00.000Z", day: "2026-03-03" },
  ]);
});

test("a day waits for the money of an order that was paid on it, and says so; it is closed when that is booked", async () => {
  const shop = open();
  await payIn(shop, 1000, "2026-03-01T02:00:00.000Z");
  await close(shop, "2026-03-02T00:00:00.000Z");
  const at = "2026-03-02T15:59:59.000Z";
  const sale = await setAside(shop, 600, at);
  await payIn(shop, 5, "2026-03-03T02:00:00.000Z");
  expect(await close(shop, "2026-03-04T00:00:00.000Z")).toEqual({ closed: 0, through: "2026-03-01", waits: at });
  await sale.book();
  expect(await close(shop, "2026-03-04T00:00:00.000Z")).toEqual({ closed: 2, through: "2026-03-03" });
  expect((await closingsOf(shop)).map(statementOf)).toMatchObject([
    { closing: { amount: 1000 } },
    { day: "2026-03-02", out: { amount: 600 }, closing: { amount: 400 } },
    { day: "2026-03-03", closing: { amount: 405 } },
  ]);
});

test("money that is set aside on the day after keeps no day waiting", async () => {
  const shop = open();
  await payIn(shop, 1000, "2026-03-01T02:00:00.000Z");
  await setAside(shop, 600, "2026-03-01T16:00:01.000Z");
  expect(await close(shop, "2026-03-01T18:00:00.000Z")).toEqual({ closed: 1, through: "2026-03-01" });
});

test("who closes at once closes each day once; a longer time than one turn has is closed in several", async () => {
  const shop = open();
  for (let day = 0; day < 42; day++) await payIn(shop, day + 1, `${dayAfter("2026-02-01", day)}T02:00:00.000Z`);
  const now = "2026-03-29T00:00:00.000Z";
  const turns = await Promise.all([close(shop, now), close(shop, now), close(shop, now)]);
  await close(shop, now);
  expect(turns.every(({ closed }) => closed <= 40)).toBe(true);
  await close(shop, now);
  const all = await closingsOf(shop);
  expect(all).toHaveLength(42);
  expect(all.map(({ before }) => before?.hash)).toEqual([undefined, ...all.slice(0, -1).map(({ hash }) => hash)]);
  expect(all.slice(-1).map(statementOf)).toMatchObject([{ day: "2026-03-14", closing: { amount: (42 * 43) / 2 } }]);
});

test("whatever call dies, the next run closes the same days", async () => {
  const calls = await crashEverywhere(async (doomed) => {
    const shop = open({ ...alive, zone: shanghai.zone });
    await payIn(shop, 1000, "2026-03-01T02:00:00.000Z");
    await payIn(shop, 500, "2026-03-03T02:00:00.000Z");
    const now = "2026-03-05T00:00:00.000Z";
    await doomed.run((deps: Domain) => close(shop, now, deps));
    await close(shop, now);
    expect((await closingsOf(shop)).map(statementOf)).toMatchObject([
      { day: "2026-03-01", closing: { amount: 1000 } },
      { day: "2026-03-03", opening: { amount: 1000 }, closing: { amount: 1500 } },
    ]);
  });
  expect(calls).toBeGreaterThan(30);
});
