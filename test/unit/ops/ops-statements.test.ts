import { expect, test } from "vitest";
import type { OperatorAnswer, Send } from "../../../infra/ops/client.ts";
import { statementCommands } from "../../../infra/ops/statement-commands.ts";
import { adding, type Closing } from "../../../shared/closings/model.ts";
import type { Entry } from "../../../shared/ledger/entries.ts";

// What `statements verify` finds in closed days that somebody has changed since. The API behind it is played here.

const BOOK = { owner: "platform", currency: "CNY" };

const entry = (day: string, name: string, amount: number): Entry => ({
  name,
  at: `${day}T08:00:00.000Z`,
  day,
  currency: BOOK.currency,
  legs: [
    { account: "platform:cash", amount },
    { account: "platform:sales", amount: -amount },
  ],
});

const ENTRIES = [entry("2026-11-28", "one", 100), entry("2026-11-29", "two", 50), entry("2026-11-29", "three", 7)];

/** Closes the days of these entries, as the product does. */
function closed(entries: readonly Entry[]): Closing[] {
  const closings: Closing[] = [];
  for (const [day, some] of Map.groupBy(entries, (one) => one.day)) {
    const before = closings.at(-1);
    const sums = adding({ opening: before?.closing ?? {}, hash: before?.hash ?? "" });
    for (const one of some.toSorted((a, b) => (a.name < b.name ? -1 : 1))) sums.add(one);
    const link = before === undefined ? {} : { before: { day: before.day, hash: before.hash } };
    closings.push({ ...BOOK, day, ...link, ...sums.end(), closedAt: `${day}T23:00:00.000Z` });
  }
  return closings;
}

/** Runs the command against an API that has these closings and these entries, and gives what it finds wrong. */
async function wrongIn(closings: readonly Closing[], entries: readonly Entry[] = ENTRIES): Promise<unknown[]> {
  const lists: Readonly<Record<string, unknown>> = { books: [BOOK], closings, entries };
  const send: Send = ({ path }): Promise<OperatorAnswer> =>
    Promise.resolve({ ok: true, status: 200, body: { data: lists[path.split("/").at(-1) ?? ""], nextCursor: null } });
  const run = statementCommands["statements verify"]?.run as NonNullable<(typeof statementCommands)[string]["run"]>;
  const { body } = await run({ options: {}, argument: "" }, send, undefined as never);
  return (body as { differences: { day: string; is: string }[] }).differences.map(({ day, is }) => [day, is]);
}

const [first, second] = closed(ENTRIES) as [Closing, Closing];

test("nothing is wrong in days that lie as they were closed", async () => {
  expect(await wrongIn([first, second])).toEqual([]);
});

test.each<[string, Closing[], Entry[], unknown]>([
  ["an entry that was changed", [first, second], [...ENTRIES.slice(0, 2), entry("2026-11-29", "three", 8)], "changed"],
  ["an entry that was taken out", [first, second], ENTRIES.slice(0, 2), "changed"],
  ["a balance that was changed", [first, { ...second, closing: { "platform:cash": 158 } }], ENTRIES, "changed"],
  ["a movement that was changed", [first, { ...second, movements: {} }], ENTRIES, "changed"],
  ["a chain that was broken", [first, { ...second, before: { day: first.day, hash: "0" } }], ENTRIES, "broken_chain"],
])("%s is found", async (_what, closings, entries, is) => {
  expect(await wrongIn(closings, entries)).toEqual([["2026-11-29", is]]);
});

test("a day that was taken out is found", async () => {
  expect(await wrongIn([second])).toEqual([
    ["2026-11-29", "broken_chain"],
    ["2026-11-29", "changed"],
    ["2026-11-28", "missing"],
  ]);
});
