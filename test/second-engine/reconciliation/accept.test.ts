import { beforeEach, expect, test } from "vitest";
import { acceptDifference, planAcceptance } from "../../../shared/reconciliation/accept.ts";
import { listDifferences } from "../../../shared/reconciliation/list.ts";
import { PROVIDER, withPayments } from "../../support/payments/checkout-shop.ts";
import { at, reconciledShop } from "../../support/payments/reconciled-shop.ts";
import { sceneGround } from "../../support/scenes/ground.ts";

// What nobody can mend, a person may accept: it is listed, and counts no more, as long as both sides say the same.

const ground = await sceneGround();
const paying = await withPayments(ground.deps);
await paying.setFees(["1%"]);
const { simulator } = paying;
simulator.keeps(10_000);
const { deps, sell, look } = await reconciledShop(paying);
const BY = { reason: "known to the accountant", by: "arn:anna" };

beforeEach(() => simulator.setStatements());

async function listed(day: string) {
  const page = await listDifferences(deps, { provider: PROVIDER, day }, 20);
  if (page.kind !== "page") throw new Error(page.kind);
  return page.differences;
}
const foreign = (amount: number) =>
  ({
    is: "foreign",
    line: { kind: "payment", reference: "elsewhere", id: "x1", currency: "CNY", feeThousandths: 0, amount },
  }) as const;

async function accept(day: string, id: string) {
  const plan = await planAcceptance(deps, { provider: PROVIDER, day }, id);
  return plan.kind === "accept" ? acceptDifference(deps, plan, BY) : plan.kind;
}

test("a difference that a person accepts counts no more, in this look and in later ones, until it says something else", async () => {
  const day = "2026-04-10";
  const dear = await sell(at("09:00:00", day));
  const missing = await sell(at("09:00:01", day));
  const wrong = [foreign(70), { is: "missing", reference: missing }, { is: "dear", reference: dear, by: 3 }] as const;
  simulator.setStatements(...wrong);
  await look("2026-04-11");
  const before = await look(day);
  expect(before).toMatchObject({ state: "different", counts: { missing_here: 1, missing_there: 1, different: 1 } });
  const ids = (await listed(day)).map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const [index, id] of ids.entries()) {
    const is = await accept(day, id);
    expect(is).toMatchObject({ state: index === ids.length - 1 ? "reconciled" : "different" });
    expect(await accept(day, id)).toBe("accepted");
  }
  expect((await listed(day)).map(({ accepted }) => accepted)).toEqual(ids.map(() => expect.objectContaining(BY)));
  const again = await look(day);
  expect(again).toMatchObject({ state: "reconciled", first: [], counts: { missing_here: 0, missing_there: 0 } });
  expect(again.lookAt).toBeUndefined();
  // What only the statement tells is booked whatever persons accept, and by that only once.
  expect([again.fees, again.booked]).toEqual([before.fees, before.booked]);
  simulator.setStatements(foreign(71), ...wrong.slice(1));
  expect(await look(day)).toMatchObject({
    state: "different",
    counts: { missing_here: 1, missing_there: 0, different: 0 },
  });
});

test("what can't be read, what waits for the day after, and what nobody has found can't be accepted", async () => {
  const day = "2026-04-14";
  const [garbled, waits] = [await sell(at("09:00:00", day)), await sell(at("09:00:01", day))];
  expect(await accept(day, "0".repeat(16))).toBe("not_compared");
  simulator.setStatements({ is: "garbled", reference: garbled }, { is: "missing", reference: waits });
  await look(day);
  for (const { id, todo } of await listed(day)) {
    expect(["read_by_hand", "wait_a_day"]).toContain(todo);
    expect(await accept(day, id)).toBe("not_yours");
  }
  expect(await accept(day, "0".repeat(16))).toBe("unknown");
});

test("of a look and an acceptance at the same moment one is told to look again, and neither is lost", async () => {
  const day = "2026-04-18";
  await sell(at("09:00:00", day));
  simulator.setStatements(foreign(70));
  await look("2026-04-19");
  await look(day);
  const [one] = await listed(day);
  const plan = await planAcceptance(deps, { provider: PROVIDER, day }, one?.id ?? "");
  if (plan.kind !== "accept") throw new Error(plan.kind);
  await look(day);
  expect(await acceptDifference(deps, plan, BY)).toBeUndefined();
  expect(await accept(day, one?.id ?? "")).toMatchObject({ state: "reconciled" });
});
