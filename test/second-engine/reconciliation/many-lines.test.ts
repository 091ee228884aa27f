import { BatchWriteCommand } from "@aws-sdk/lib-dynamodb";
import { expect, test } from "vitest";
import { idOf } from "../../../shared/kernel/ids.ts";
import { inParallel } from "../../../shared/kernel/in-parallel.ts";
import { openBook } from "../../../shared/ledger/books.ts";
import { PLATFORM } from "../../../shared/ledger/entries.ts";
import { paymentEntry } from "../../../shared/ledger/payment-entries.ts";
import { entryItem } from "../../../shared/ledger/table.ts";
import { listDifferences } from "../../../shared/reconciliation/list.ts";
import type { Difference } from "../../../shared/reconciliation/model.ts";
import { PROVIDER, withPayments } from "../../support/payments/checkout-shop.ts";
import { at, reconciler } from "../../support/payments/reconciled-shop.ts";
import type { Wrong } from "../../support/payments/statement-simulator.ts";
import { sceneGround } from "../../support/scenes/ground.ts";
import { isFullProof } from "../../support/size.ts";

// A long day with a hundred planted differences: each of them is found, and no other one.

const LINES = isFullProof ? 100_000 : 10_000;
const DAY = "2026-03-10";
const [FEE, AMOUNT] = [6, 1_000];

const ground = await sceneGround();
const { simulator, deps: paying } = await withPayments(ground.deps);
const { deps, look } = reconciler(paying);

const nameOf = (number: number): string => idOf("pay", "many", String(number));
const timeOf = (number: number): string =>
  new Date(Date.parse(at("00:00:00", DAY)) + Math.floor((number * 86_399_000) / LINES)).toISOString();

/** What our books and the provider both have of a day. */
async function sold(): Promise<void> {
  const { db, tables } = deps;
  await openBook(deps, { owner: PLATFORM, currency: "CNY" });
  const entries = Array.from({ length: LINES }, (_, number) => {
    const times = { at: timeOf(number), zone: "UTC" };
    const of = { paymentId: nameOf(number), provider: PROVIDER };
    return entryItem(paymentEntry(of, { amount: AMOUNT, currency: "CNY" }, FEE, times));
  });
  const batches = Array.from({ length: LINES / 25 }, (_, batch) => entries.slice(batch * 25, (batch + 1) * 25));
  await inParallel(8, batches, async (some) => {
    const puts = some.map((Item) => ({ PutRequest: { Item } }));
    await db.send(new BatchWriteCommand({ RequestItems: { [tables.ledger]: puts } }));
  });
  const money = { amount: AMOUNT, feeThousandths: FEE * 1_000, currency: "CNY" };
  for (let number = 0; number < LINES; number++)
    simulator.book({ kind: "payment", reference: nameOf(number), id: `x${number}`, ...money, at: timeOf(number) });
}

/** A hundred differences, spread over the day. */
function planted(): { wrongs: Wrong[]; told: string[] } {
  const names = Array.from({ length: 100 }, (_, plant) => nameOf(plant * (LINES / 100)));
  const told: string[] = [];
  const wrongs = names.map((reference, plant): Wrong => {
    const say = (is: string, name = reference): void => void told.push(`${is} ${name}`);
    if (plant < 10) {
      say("missing_here check_twin 2");
      return { is: "twin", reference };
    }
    if (plant < 35) {
      say("missing_there ask_provider -");
      return { is: "missing", reference };
    }
    if (plant < 60) {
      say("different check_rate -");
      return { is: "dear", reference, by: 1 };
    }
    if (plant < 80) {
      say("different check_amount -");
      return { is: "other_amount", reference, by: 1 };
    }
    const id = `foreign${plant}`;
    say("missing_here find_owner 1", id);
    const line = { kind: "payment", reference: id, id, amount: 5, feeThousandths: 0, currency: "CNY" } as const;
    return { is: "foreign", line };
  });
  return { wrongs, told };
}

async function allDifferences(): Promise<Difference[]> {
  const all: Difference[] = [];
  let after: string | undefined;
  do {
    const page = await listDifferences(deps, { provider: PROVIDER, day: DAY }, 30, after);
    if (page.kind !== "page") throw new Error(page.kind);
    all.push(...page.differences);
    after = page.next ?? undefined;
  } while (after !== undefined);
  return all;
}

test(`of ${LINES} lines with a hundred planted differences, ten of them twins, the hundred are found and none is invented`, async () => {
  await sold();
  const { wrongs, told } = planted();
  simulator.setStatements(...wrongs, { is: "quiet" });
  await look("2026-03-11");
  const before = process.memoryUsage().rss;
  let peak = before;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 20);
  const began = performance.now();
  const one = await look(DAY);
  const seconds = (performance.now() - began) / 1000;
  clearInterval(watch);
  const megabytes = (bytes: number): number => Math.round(bytes / 1024 ** 2);
  process.stdout.write(
    `${LINES} lines: ${seconds.toFixed(1)} s, ${megabytes(peak - before)} MB more than the ${megabytes(before)} MB before\n`,
  );
  const found = await allDifferences();
  const words = found.map(
    ({ is, todo, name, occurrence, externalId }) =>
      `${is} ${todo} ${is === "missing_here" ? occurrence : "-"} ${externalId?.startsWith("foreign") ? externalId : name}`,
  );
  expect(words.toSorted()).toEqual(told.toSorted());
  expect(one.counts).toMatchObject({ matched: LINES - 70, missing_here: 30, missing_there: 25, different: 45 });
  expect((await look(DAY)).counts).toEqual(one.counts);
  expect((await look(DAY)).booked.entries).toBe(1);
});
