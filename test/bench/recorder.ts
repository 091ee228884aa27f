import { DescribeTableCommand } from "@aws-sdk/client-dynamodb";
import { GetCommand } from "@aws-sdk/lib-dynamodb";
import type { Item } from "../../shared/aws/dynamo.ts";
import { type Domain, domain } from "../support/engine/domain.ts";
import type { OwnTables } from "../support/engine/own-tables.ts";
import { bytesOf } from "../support/faults/meter.ts";

/**
 * One write as DynamoDB counts it: `at` is the partition key of a table or an index, `item` what lies there. `grows`: by how many
 * bytes the item changed. `times`: two in a transaction.
 */
export type Write = { at: string; item: string; before: number; grows: number; times: number };

type Named = { table: string; key: Item };
type Index = { name: string; hash: string; range: string };
type Input = Record<string, unknown>;
type Next = (args: { input: Input }) => Promise<{ output: unknown }>;

const WRITES = /^(PutItem|UpdateItem|DeleteItem|TransactWriteItems|BatchWriteItem)/;

/** Use cases whose every write is recorded, with the item as it was before and after, and what that changed in the indexes. */
export class Recorder {
  readonly deps: Domain;
  private readonly plain: Domain;
  private readonly indexes = new Map<string, Index[]>();
  private readonly images = new Map<string, Item | undefined>();
  private recorded: Write[] = [];

  constructor({ stack }: OwnTables) {
    this.plain = domain(undefined, { stack });
    this.deps = domain({ watch: (client: object) => this.watch(client) } as never, { stack });
  }

  /** Learns which indexes the tables have. */
  async open(): Promise<this> {
    for (const TableName of Object.values(this.plain.tables)) {
      const { Table } = await this.plain.db.send(new DescribeTableCommand({ TableName }));
      const indexes = (Table?.GlobalSecondaryIndexes ?? []).map(({ IndexName = "", KeySchema = [] }): Index => {
        const named = (type: string): string => KeySchema.find(({ KeyType }) => KeyType === type)?.AttributeName ?? "";
        return { name: IndexName, hash: named("HASH"), range: named("RANGE") };
      });
      this.indexes.set(TableName, indexes);
    }
    return this;
  }

  /** What was written since the last time. */
  take(): readonly Write[] {
    return this.recorded.splice(0);
  }

  private watch(client: object): void {
    const middleware =
      (next: Next, { commandName = "" }: { commandName?: string }) =>
      async (args: { input: Input }) => {
        if (!WRITES.test(commandName)) return next(args);
        const named = keysIn(args.input);
        for (const one of named) if (!this.images.has(nameOf(one))) this.images.set(nameOf(one), await this.read(one));
        const answer = await next(args);
        const times = commandName.startsWith("Transact") ? 2 : 1;
        for (const one of named) await this.note(one, times);
        return answer;
      };
    const { middlewareStack } = client as { middlewareStack: { add: (middleware: never, options: never) => void } };
    middlewareStack.add(middleware as never, { step: "initialize", name: "recorder", priority: "high" } as never);
  }

  private async note(named: Named, times: number): Promise<void> {
    const item = nameOf(named);
    const before = this.images.get(item);
    const after = await this.read(named);
    this.images.set(item, after);
    const [was, is] = [bytesOf(before), bytesOf(after)];
    this.recorded.push({ at: `${named.table} ${String(named.key["pk"])}`, item, before: was, grows: is - was, times });
    for (const index of this.indexes.get(named.table) ?? []) {
      const [from, to] = [placeIn(index, before), placeIn(index, after)];
      if (from?.place === to?.place) continue;
      // An entry that moves is deleted and put.
      for (const entry of [from, to])
        if (entry !== undefined)
          this.recorded.push({
            at: `${named.table}/${index.name} ${entry.hash}`,
            item: `${item}/${index.name}/${entry.place}`,
            before: bytesOf(named.key) + Buffer.byteLength(entry.place),
            grows: 0,
            times,
          });
    }
  }

  private async read({ table, key }: Named): Promise<Item | undefined> {
    const found = await this.plain.db.send(new GetCommand({ TableName: table, Key: key, ConsistentRead: true }));
    return found.Item;
  }
}

const nameOf = ({ table, key }: Named): string => `${table} ${String(key["pk"])} ${String(key["sk"])}`;

function placeIn({ hash, range }: Index, item: Item | undefined): { hash: string; place: string } | undefined {
  const [partition, place] = [item?.[hash], item?.[range]];
  if (typeof partition !== "string" || typeof place !== "string") return undefined;
  return { hash: partition, place: `${partition} ${place}` };
}

/** The keys that a request of the document client writes. */
function keysIn(input: Input): Named[] {
  const one = (write: Input): Named[] => {
    const key = (write["Key"] ?? write["Item"]) as Item | undefined;
    // What is only checked is not written.
    if (key === undefined) return [];
    return [{ table: String(write["TableName"]), key: plainKey(key) }];
  };
  if (input["TransactItems"] !== undefined)
    return (input["TransactItems"] as Record<string, Input>[]).flatMap(({ Put, Update, Delete }) =>
      [Put, Update, Delete].flatMap((write) => (write === undefined ? [] : one(write))),
    );
  if (input["RequestItems"] !== undefined)
    return Object.entries(input["RequestItems"] as Record<string, Record<string, Input>[]>).flatMap(
      ([TableName, requests]) =>
        requests.flatMap(({ PutRequest, DeleteRequest }) => one({ TableName, ...PutRequest, ...DeleteRequest })),
    );
  return one(input);
}

/** The client translates values before this sees them, or not. */
function plainKey({ pk, sk }: Item): Item {
  const plain = (value: unknown): unknown =>
    typeof value === "object" && value !== null && "S" in value ? (value as { S: string }).S : value;
  return { pk: plain(pk), sk: plain(sk) };
}
