import { expect, test } from "vitest";
import { dayAfter } from "../../../shared/kernel/clock.ts";
import { reconcile } from "../../../shared/reconciliation/reconcile.ts";
import { readReconciliation } from "../../../shared/reconciliation/table.ts";
import type { Domain } from "../../support/engine/domain.ts";
import { ownGround } from "../../support/engine/own-ground.ts";
import { moments } from "../../support/faults/crash.ts";
import { otherEntries } from "../../support/orders/books.ts";
import { PROVIDER, withPayments } from "../../support/payments/checkout-shop.ts";
import { at, reconciledShop } from "../../support/payments/reconciled-shop.ts";

// Whatever call dies while a day is compared, the next look ends the same: one result, and one entry of what only the statement tells.

const { alive, crashEverywhere } = await ownGround();
const paying = await withPayments(alive);
await paying.setFees(["1%"]);
const { simulator } = paying;
simulator.keeps(10_000);
const shop = await reconciledShop(paying);

type Scene = { day: string; payment: string };
let newest = "2026-05-01";
/** By how much more than agreed the provider says that it keeps of each payment: many scenes are played at once. */
const dearer = new Map<string, number>();

const reconciling =
  ({ day }: Scene) =>
  (deps: Domain) =>
    reconcile({ ...shop.deps, ...deps, clock: () => new Date(at("12:00:00", dayAfter(day))) }, PROVIDER, day);

/** A payment on a day of its own. Days lie apart, so that none looks at another one. */
async function soldOn(): Promise<Scene> {
  newest = dayAfter(newest, 3);
  const day = newest;
  return { day, payment: await shop.sell(at("09:00:00", day)) };
}

function keepMore({ payment }: Scene, by: number): void {
  dearer.set(payment, by);
  const dear = [...dearer].map(([reference, more]) => ({ is: "dear", reference, by: more }) as const);
  // Its balance has what all scenes do.
  simulator.setStatements({ is: "quiet" }, ...dear);
}

async function expectOnce({ day }: Scene, entries: number, fees: number): Promise<void> {
  const all = await otherEntries(alive);
  const booked = all.filter(({ name }) => name.startsWith(`statement:${PROVIDER}@${day}`));
  expect(booked).toHaveLength(entries);
  const kept = booked.flatMap(({ legs }) => legs).filter(({ account }) => account === `fees:${PROVIDER}`);
  expect(kept.reduce((sum, { amount }) => sum + amount, 0)).toBe(fees);
  const one = await readReconciliation(alive, PROVIDER, day);
  expect(one?.booked).toMatchObject({ entries, fees: { CNY: fees } });
}

test("comparing a day: the next look has one result and one entry, and so have two looks at once", async () => {
  const calls = await crashEverywhere(
    async (doomed) => {
      const scene = await soldOn();
      keepMore(scene, 2);
      await doomed.run(reconciling(scene));
      await Promise.all([reconciling(scene)(alive), reconciling(scene)(alive)]);
      await expectOnce(scene, 1, 2);
      const one = await readReconciliation(alive, PROVIDER, scene.day);
      expect(one?.first).toMatchObject([{ is: "different", todo: "check_rate", name: scene.payment }]);
    },
    moments,
    "calls",
  );
  expect(calls).toBeGreaterThanOrEqual(10);
});

test("comparing a corrected statement: what is more is booked once", async () => {
  const calls = await crashEverywhere(async (doomed) => {
    const scene = await soldOn();
    keepMore(scene, 2);
    await reconciling(scene)(alive);
    keepMore(scene, 5);
    await doomed.run(reconciling(scene));
    await reconciling(scene)(alive);
    await reconciling(scene)(alive);
    await expectOnce(scene, 2, 5);
  }, moments);
  expect(calls).toBeGreaterThanOrEqual(1);
});
