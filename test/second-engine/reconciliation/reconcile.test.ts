import { beforeEach, expect, test } from "vitest";
import { listDifferences, listReconciliations } from "../../../shared/reconciliation/list.ts";
import type { Difference } from "../../../shared/reconciliation/model.ts";
import { differenceId } from "../../../shared/reconciliation/model.ts";
import { otherEntries } from "../../support/orders/books.ts";
import { PROVIDER, withPayments } from "../../support/payments/checkout-shop.ts";
import { at, reconciledShop } from "../../support/payments/reconciled-shop.ts";
import { sceneGround } from "../../support/scenes/ground.ts";

// What a provider says that it has booked is compared with what we have booked, and what only it knows is booked once.

const ground = await sceneGround();
const paying = await withPayments(ground.deps);
await paying.setFees(["1%"]);
const { simulator } = paying;
simulator.keeps(10_000);
const { deps, files, sell, sellAndRefund, look } = await reconciledShop(paying);

beforeEach(() => simulator.setStatements());

const found = ({ first }: { first: Difference[] }) =>
  first.map(({ is, todo, name = "-" }) => `${is} ${todo} ${name}`).toSorted();
const bookedFor = async (day: string) =>
  (await otherEntries(deps))
    .filter(({ name }) => name.startsWith(`statement:${PROVIDER}@${day}`))
    .map(({ name, legs }) => [name, Object.fromEntries(legs.map(({ account, amount }) => [account, amount]))]);

async function differencesOn(day: string, limit: number, after?: string) {
  const page = await listDifferences(deps, { provider: PROVIDER, day }, limit, after);
  if (page.kind !== "page") throw new Error(page.kind);
  return page;
}

test("a day on which both say the same is reconciled, and books nothing; columns may stand in any order", async () => {
  const day = "2026-03-10";
  for (const second of ["10", "11", "12"]) await sell(at(`09:00:${second}`, day));
  const { refunded } = await sellAndRefund(at("10:00:00", day), at("11:00:00", day));
  expect(refunded).toMatch(/^rfd_/);
  for (const wrong of [[], [{ is: "shuffled" as const }]]) {
    simulator.setStatements(...wrong);
    const one = await look(day);
    expect(one).toMatchObject({ state: "reconciled", counts: { lines: 5, matched: 5 }, first: [] });
    expect(one.account).toEqual(one.closing);
    expect(one.lookAt).toBeUndefined();
  }
  expect(await bookedFor(day)).toEqual([]);
  expect([...files.keys()].filter((key) => key.startsWith(`lines/${PROVIDER}/${day}/`))).toHaveLength(1);
});

test("each way to differ is told by itself, with what to do, and nothing else", async () => {
  const day = "2026-03-12";
  const names: string[] = [];
  for (let made = 0; made < 8; made++) names.push(await sell(at(`09:00:0${made}`, day)));
  const [garbled = "", missing = "", twin = "", dear = "", other = ""] = names;
  const foreign = { kind: "payment", reference: "elsewhere", id: "x1", currency: "CNY", feeThousandths: 0 } as const;
  simulator.setStatements(
    { is: "garbled", reference: garbled },
    { is: "missing", reference: missing },
    { is: "twin", reference: twin },
    { is: "dear", reference: dear, by: 3 },
    { is: "other_amount", reference: other, by: -1 },
    { is: "foreign", line: { ...foreign, amount: 70 } },
  );
  await look("2026-03-13");
  const one = await look(day);
  expect(one).toMatchObject({ state: "different", counts: { lines: 8, matched: 4, unreadable: 1 } });
  expect(found(one)).toEqual(
    [
      "unreadable read_by_hand -",
      // Its line is there, and nobody can read it.
      `missing_there ask_provider ${garbled}`,
      `missing_there ask_provider ${missing}`,
      `missing_here check_twin ${twin}`,
      `different check_rate ${dear}`,
      `different check_amount ${other}`,
      "missing_here find_owner elsewhere",
    ].toSorted(),
  );
  // Nobody knows what is in a line that can't be read, so nothing is booked of all of it.
  expect(await bookedFor(day)).toEqual([]);
  const page = await differencesOn(day, 3);
  const rest = await differencesOn(day, 100, page.next ?? "");
  const named = one.first.map((difference) => ({ ...difference, id: differenceId(difference) }));
  expect([...page.differences, ...rest.differences]).toEqual(named);
  expect(rest.next).toBeNull();
  await look(day);
  await expect(differencesOn(day, 3, page.next ?? "")).rejects.toThrow("changed");
});

test("a fee beyond the contract, and what was paid out, are one entry; the same statement books nothing more, a corrected one the rest", async () => {
  const day = "2026-03-15";
  const dear = await sell(at("09:00:00", day));
  simulator.book({ ...payout(500), at: at("15:00:00", day) });
  simulator.setStatements({ is: "dear", reference: dear, by: 4 });
  const first = await look(day);
  expect(found(first)).toEqual([`different check_rate ${dear}`]);
  const paidOut = [
    "statement:simulated@2026-03-15#1",
    { "fees:simulated": 4, "platform:cash": 500, "provider:simulated": -504 },
  ];
  expect(await bookedFor(day)).toEqual([paidOut]);
  expect(await look(day)).toMatchObject({ hash: first.hash, booked: { entries: 1 } });
  expect(await bookedFor(day)).toEqual([paidOut]);
  simulator.setStatements({ is: "dear", reference: dear, by: 1 });
  const corrected = await look(day);
  expect(corrected).toMatchObject({ fees: { CNY: 1 }, booked: { entries: 2 } });
  simulator.setStatements();
  expect(await look(day)).toMatchObject({ state: "reconciled", booked: { fees: { CNY: 0 }, entries: 3 } });
  expect(await bookedFor(day)).toEqual([
    paidOut,
    ["statement:simulated@2026-03-15#2", { "fees:simulated": -3, "provider:simulated": 3 }],
    ["statement:simulated@2026-03-15#3", { "fees:simulated": -1, "provider:simulated": 1 }],
  ]);
  const known = await look(day);
  expect(known.account).toEqual(known.closing);
});
const payout = (amount: number) =>
  ({ kind: "payout", reference: "po_1", id: "po_1", amount, feeThousandths: 0, currency: "CNY" }) as const;

test("what the provider has on the next day is carried until that is read, and is no difference then, whichever day is read first", async () => {
  const [day, next] = ["2026-03-18", "2026-03-19"];
  const late = await sell(at("23:59:59", day));
  simulator.setStatements({ is: "other_day", reference: late });
  const carried = await look(day);
  expect(carried).toMatchObject({ state: "carried", counts: { missing_there: 1 } });
  expect(found(carried)).toEqual([`missing_there wait_a_day ${late}`]);
  const after = await look(next);
  expect(found(after)).toEqual([`other_day nothing ${late}`]);
  expect(after.state).toBe("reconciled");
  expect((await look(day)).counts).toMatchObject({ missing_there: 0, matched: 1 });
  expect((await look(next)).state).toBe("reconciled");
});

test("a statement that is not ready waits, one that breaks off is none, and a day without anything is reconciled", async () => {
  const day = "2026-03-22";
  await sell(at("08:00:00", day));
  simulator.setStatements({ is: "not_ready" });
  const early = () => new Date(at("00:59:59", "2026-03-23"));
  expect(await look(day, 1, early)).toMatchObject({ state: "waiting", lookAt: at("01:59:59", "2026-03-23") });
  simulator.setStatements({ is: "cut" });
  expect(await look(day)).toMatchObject({ state: "failed", reason: "cut_off" });
  simulator.setDown(true);
  expect(await look(day)).toMatchObject({ state: "failed", reason: "http_503" });
  simulator.setDown(false);
  simulator.setStatements();
  const read = await look(day);
  expect(read.state).toBe("reconciled");
  expect(read.reason).toBeUndefined();
  simulator.setStatements({ is: "cut" });
  // What was found before stays.
  expect(await look(day)).toMatchObject({ state: "reconciled", reason: "cut_off", hash: read.hash });
  simulator.setStatements();
  expect(await look("2026-01-01")).toMatchObject({ state: "reconciled", counts: { lines: 0 } });
});

test("a balance that is not ours is a difference, although every line is matched", async () => {
  const day = "2026-03-25";
  await sell(at("08:00:00", day));
  await look("2026-03-24");
  simulator.setStatements({ is: "richer", by: 5 });
  const one = await look(day);
  expect(one.state).toBe("different");
  expect(found(one)).toEqual(["other_closing find_missing_movement -"]);
});

test("days are listed, the newest first, by provider and state", async () => {
  const all = await listReconciliations(deps, { since: "2026-03-01", until: "2026-03-31" });
  expect(all.map(({ day }) => day)).toEqual(
    all
      .map(({ day }) => day)
      .toSorted()
      .toReversed(),
  );
  const some = await listReconciliations(deps, {
    provider: PROVIDER,
    since: "2026-03-10",
    until: "2026-03-12",
    state: "different",
  });
  expect(some.map(({ day, state }) => [day, state])).toEqual([["2026-03-12", "different"]]);
  expect(await listDifferences(deps, { provider: PROVIDER, day: "2026-04-01" }, 10)).toEqual({ kind: "not_compared" });
});
