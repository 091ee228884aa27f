import { isDeepStrictEqual } from "node:util";
import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import { batchGet } from "../aws/batch-get.ts";
import { type Db, type Item, type Key, putNew } from "../aws/dynamo.ts";
import { DamagedItem } from "../aws/stored.ts";
import { LIMITS } from "../kernel/limits.ts";
import { kindOf, type NewTable } from "./kinds.ts";

type Deps = Db<"platform" | NewTable>;

/** `copy` copies what is not there yet; `verify` only looks. */
export type Mode = "copy" | "verify";

/** What became of an item. `differs`: the new table has another one under its key, which stays as it is. */
type Fate = "copied" | "same" | "differs" | "missing";

/** How many items of a kind had which fate. */
export type KindCount = { table: NewTable; kind: string } & Partial<Record<Fate, number>>;

/**
 * An item that needs a person: its kind is unknown, the new table does not have it, or it is `damaged`: it does not hold
 * what its kind says, so its readers will refuse it.
 */
type Problem = { key: string; problem: "unknown_kind" | "missing" | "damaged" };

export type Page = { kinds: KindCount[]; differs: string[]; differences: Problem[]; next: string | null };

type Stored = Item & Key;
type Known = { item: Stored; table: NewTable; kind: string; isDamaged: boolean };

/**
 * Copies a page of the old table to where its items live now, or compares the two. It overwrites nothing: an item that the new table
 * has already stays as it is there. Idempotent, safe to run concurrently, and safe to interrupt. Items of no known kind are named and
 * left where they are; damaged ones are named and copied as they are.
 */
export async function migratePage(
  deps: Deps,
  mode: Mode,
  cursor?: string,
  Limit: number = LIMITS.itemsPerMigration,
): Promise<Page> {
  const page = await deps.db.send(
    new ScanCommand({
      TableName: deps.tables.platform,
      ConsistentRead: true,
      Limit,
      ExclusiveStartKey: cursor === undefined ? undefined : keyFrom(cursor),
    }),
  );
  const items = (page.Items ?? []) as Stored[];
  const known = items.flatMap((item): Known[] => {
    const kind = kindOf(item);
    if (kind === undefined) return [];
    // What is made from the fields of a damaged item would be wrong.
    const damaged = isDamaged(item, kind.read);
    const whole = damaged ? item : { ...item, ...kind.beside?.(item) };
    return [{ item: whole, table: kind.to, kind: kind.kind, isDamaged: damaged }];
  });
  const fates = mode === "copy" ? await copy(deps, known) : await compare(deps, known);
  const fated = (fate: Fate) => known.filter((_, index) => fates[index] === fate).map(({ item }) => nameOf(item));
  const unknown = items.filter((item) => kindOf(item) === undefined).map(nameOf);
  const damaged = known.flatMap((one) => (one.isDamaged ? [nameOf(one.item)] : []));
  return {
    kinds: counted(known, fates),
    differs: fated("differs"),
    differences: [
      ...unknown.map((key) => ({ key, problem: "unknown_kind" as const })),
      ...fated("missing").map((key) => ({ key, problem: "missing" as const })),
      ...damaged.map((key) => ({ key, problem: "damaged" as const })),
    ],
    next: page.LastEvaluatedKey === undefined ? null : cursorOf(page.LastEvaluatedKey as Key),
  };
}

function isDamaged(item: Item, read: (item: Item) => unknown): boolean {
  try {
    read(item);
    return false;
  } catch (error) {
    if (error instanceof DamagedItem) return true;
    throw error;
  }
}

async function copy(deps: Deps, known: readonly Known[]): Promise<Fate[]> {
  const fates: Fate[] = [];
  for (let at = 0; at < known.length; at += AT_ONCE)
    fates.push(
      ...(await Promise.all(
        known.slice(at, at + AT_ONCE).map(async ({ item, table }): Promise<Fate> => {
          const put = await putNew(deps.db, deps.tables[table], item);
          if (put.ok) return "copied";
          return isDeepStrictEqual(put.old, item) ? "same" : "differs";
        }),
      )),
    );
  return fates;
}

/** Puts that are under way together: a page takes a second at 10 ms each. */
const AT_ONCE = 16;

async function compare(deps: Deps, known: readonly Known[]): Promise<Fate[]> {
  const found = new Map<string, Item>();
  for (const table of ["identity", "catalog", "operations"] as const) {
    const keys = known.filter((one) => one.table === table).map(({ item: { pk, sk } }) => ({ pk, sk }));
    for (const item of await batchGet(deps.db, deps.tables[table], keys, true)) found.set(nameOf(item as Stored), item);
  }
  return known.map(({ item }) => {
    const there = found.get(nameOf(item));
    if (there === undefined) return "missing";
    return isDeepStrictEqual(there, item) ? "same" : "differs";
  });
}

function counted(known: readonly Known[], fates: readonly Fate[]): KindCount[] {
  const counts = new Map<string, KindCount>();
  for (const [index, { table, kind }] of known.entries()) {
    const count = counts.get(kind) ?? { table, kind };
    const fate = fates[index] ?? "missing";
    counts.set(kind, { ...count, [fate]: (count[fate] ?? 0) + 1 });
  }
  return [...counts.values()];
}

const nameOf = ({ pk, sk }: Key): string => `${pk} ${sk}`;
const cursorOf = ({ pk, sk }: Key): string => JSON.stringify([pk, sk]);

function keyFrom(cursor: string): Key {
  const [pk, sk] = JSON.parse(cursor) as [string, string];
  return { pk, sk };
}
