import { paginateScan } from "@aws-sdk/lib-dynamodb";
import type { Db, Item, Key, TableName } from "../../../shared/aws/dynamo.ts";
import { type ItemKind, itemKinds } from "./item-kinds.ts";

/** An import that nobody has started goes by itself; its segments go when it is over. */
const MAY_GO = ["awaiting_file", "cancelled"];
const OVER = ["finished", "cancelled", "failed"];

type Stored = Item & Key;

/** Reads all that is left in the tables: which kinds of items are there, and what does not end as its kind does. */
export async function readEnds(deps: Db<TableName>): Promise<{ kinds: string[]; wrong: string[] }> {
  const seen = new Set<string>();
  const wrong = new Set<string>();
  const states = new Map<string, string>();
  const segments: Stored[] = [];
  // What is in the old table are copies of what earlier versions wrote; whoever copies it keeps its end.
  const { platform: _old, ...tables } = deps.tables;
  for (const [table, TableName] of Object.entries(tables))
    for await (const { Items = [] } of paginateScan({ client: deps.db }, { TableName }))
      for (const item of Items as Stored[]) {
        const kinds = kindsOf(table, item);
        const [kind] = kinds;
        if (kind === undefined || kinds.length > 1) {
          wrong.add(`${table}: ${item.pk} ${item.sk} is of ${kinds.length} kinds`);
          continue;
        }
        seen.add(kind.kind);
        if (kind.kind === "import") states.set(item.pk, String(item["state"]));
        if (kind.kind === "segment of an import") segments.push(item);
        else if (!endsAsItShould(kind, item)) wrong.add(`${table}: ${kind.kind}`);
      }
  for (const segment of segments) {
    const isOver = OVER.includes(states.get(segment.pk) ?? "");
    if ((segment["expiresAtEpoch"] !== undefined) !== isOver) wrong.add(`segment of ${states.get(segment.pk)}`);
  }
  return { kinds: [...seen], wrong: [...wrong] };
}

const kindsOf = (table: string, { pk, sk }: Key): ItemKind[] =>
  itemKinds.filter((kind) => kind.table === table && kind.pk.test(pk) && kind.sk.test(sk));

function endsAsItShould({ kind, end }: ItemKind, item: Item): boolean {
  const hasEnd = item["expiresAtEpoch"] !== undefined;
  if (kind === "import") return hasEnd ? MAY_GO.includes(String(item["state"])) : item["state"] !== "awaiting_file";
  return hasEnd === (end === "time to live");
}
