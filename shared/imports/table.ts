import { GetCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { type Db, type Key, putNew, transact, update } from "../aws/dynamo.ts";
import { listedAs } from "../aws/listed.ts";
import { endOfSlabs } from "../inventory/fill.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { ImportState, LargeImport, Segment } from "./model.ts";
import { imports, segments } from "./stored.ts";

type Deps = Db<"operations">;

/** How the keys of imports and of their segments begin. */
export const IMPORTS = "import#";
const importKey = (importId: string): Key => ({ pk: `${IMPORTS}${importId}`, sk: "import" });
const SEGMENTS = "segment#";
const segmentKey = (importId: string, number: number): Key => ({
  pk: importKey(importId).pk,
  sk: `${SEGMENTS}${String(number).padStart(6, "0")}`,
});

/** Where an import stands in the list of imports: by the time at which it was made. */
export const importPlace = ({ createdAt, importId }: Pick<LargeImport, "createdAt" | "importId">): string =>
  `${createdAt}#${importId}`;

/** Stores an import, or returns the one that is there already. */
export async function putImport(deps: Deps, made: LargeImport): Promise<LargeImport> {
  // An import that nobody starts gets an end. It puts codes into stock only after its start, and from then on it stays.
  const isAwaiting = made.state === "awaiting_file";
  const end = isAwaiting ? { expiresAtEpoch: epochOf(made.createdAt) + LIMITS.importAwaitsStartSeconds } : {};
  const beside = { ...end, ...listedAs("imports", importPlace(made)) };
  const written = await putNew(deps.db, deps.tables.operations, imports.write(importKey(made.importId), made, beside));
  return written.ok || written.old === undefined ? made : imports.read(written.old);
}

export async function readImport(deps: Deps, importId: string): Promise<LargeImport | undefined> {
  const found = await deps.db.send(
    new GetCommand({ TableName: deps.tables.operations, Key: importKey(importId), ConsistentRead: true }),
  );
  return imports.find(found.Item);
}

const epochOf = (at: string): number => Math.floor(Date.parse(at) / 1000);

/** Moves an import from one of these states. Undefined: it was in none of them. */
export async function moveImport(
  deps: Deps,
  importId: string,
  from: readonly [ImportState, ImportState?],
  change: Partial<Pick<LargeImport, "startedAt" | "finishedAt" | "bytes" | "etag" | "reason" | "reasonAt">> & {
    state: ImportState;
  },
): Promise<LargeImport | undefined> {
  const names = Object.keys(change);
  const [first, second = first] = from;
  const stays = change.state === "running" ? " REMOVE expiresAtEpoch" : "";
  const written = await update(deps.db, {
    TableName: deps.tables.operations,
    Key: importKey(importId),
    UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(", ")}${stays}`,
    ConditionExpression: "#state IN (:first, :second)",
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: {
      ...Object.fromEntries(Object.entries(change).map(([name, value]) => [`:${name}`, value])),
      ":first": first,
      ":second": second,
    },
    ReturnValues: "ALL_NEW",
  });
  return written.ok && written.item !== undefined ? imports.read(written.item) : undefined;
}

/** The import still runs at this segment. Add this condition check to a transaction to make it fail otherwise. */
const isAtSegment = {
  condition: "#state = :running AND #segments = :before",
  names: { "#state": "state", "#segments": "segments" },
  values: ({ segments }: LargeImport) => ({ ":running": "running", ":before": segments }),
};

/**
 * Writes which segment is begun, so that a cancelling worker knows where its codes are. False: another worker is ahead,
 * and what it wrote must stay; or the import does not run any more.
 */
export async function beginSegment(
  deps: Deps,
  at: LargeImport,
  begun: LargeImport["begun"],
  beginning: LargeImport["beginning"],
): Promise<boolean> {
  const written = await update(deps.db, {
    TableName: deps.tables.operations,
    Key: importKey(at.importId),
    UpdateExpression: beginning === undefined ? "SET begun = :begun" : "SET begun = :begun, beginning = :beginning",
    ConditionExpression: isAtSegment.condition,
    ExpressionAttributeNames: isAtSegment.names,
    ExpressionAttributeValues: { ...isAtSegment.values(at), ":begun": begun, ":beginning": beginning },
  });
  return written.ok;
}

/**
 * Makes the condition check for each write of a segment, so that none comes after the import was cancelled or the
 * segment noted.
 */
export function whileAtSegment({ tables }: Deps, at: LargeImport) {
  return {
    ConditionCheck: {
      TableName: tables.operations,
      Key: importKey(at.importId),
      ConditionExpression: isAtSegment.condition,
      ExpressionAttributeNames: isAtSegment.names,
      ExpressionAttributeValues: isAtSegment.values(at),
    },
  };
}

/** How far a segment goes. It is noted with the segment: a worker that does it again begins where it began. */
export type Progress = { bytesDone: number; lines: number; rowsDone: number; isQuoted: boolean };

/**
 * Notes a segment and the progress, once. False: it was noted before, the import does not run any more, or another
 * worker has put more into its slabs.
 */
export async function noteSegment(
  deps: Deps & Db<"inventory">,
  before: LargeImport,
  segment: Segment,
  { bytesDone, lines, rowsDone, isQuoted }: Progress,
): Promise<boolean> {
  const written = await transact(deps.db, [
    {
      Put: {
        TableName: deps.tables.operations,
        Item: segments.write(segmentKey(before.importId, segment.number), segment),
      },
    },
    {
      Update: {
        TableName: deps.tables.operations,
        Key: importKey(before.importId),
        UpdateExpression:
          "SET #segments = :segments, bytesDone = :bytes, linesDone = :lines, rowsDone = :rows, isQuoted = :quoted, imported = :imported, refused = :refused",
        ConditionExpression: isAtSegment.condition,
        ExpressionAttributeNames: isAtSegment.names,
        ExpressionAttributeValues: {
          ...isAtSegment.values(before),
          ":segments": before.segments + 1,
          ":bytes": bytesDone,
          ":lines": before.linesDone + lines,
          ":rows": rowsDone,
          ":quoted": isQuoted,
          ":imported": before.imported + segment.imported,
          ":refused": before.refused + segment.refused.length,
        },
      },
    },
    ...endOfSlabs(deps, segment.slabs),
  ]);
  return written.ok;
}

/** Reads a page of segments, in their order. */
export async function listSegments(
  deps: Deps,
  importId: string,
  limit: number,
  after?: number,
): Promise<{ segments: Segment[]; next: number | null }> {
  const page = await deps.db.send(
    new QueryCommand({
      TableName: deps.tables.operations,
      KeyConditionExpression: "pk = :import AND begins_with(sk, :segment)",
      ExpressionAttributeValues: { ":import": importKey(importId).pk, ":segment": SEGMENTS },
      ConsistentRead: true,
      Limit: limit,
      ...(after === undefined ? {} : { ExclusiveStartKey: segmentKey(importId, after) }),
    }),
  );
  const found = (page.Items ?? []).map(segments.read);
  return { segments: found, next: page.LastEvaluatedKey === undefined ? null : (found.at(-1)?.number ?? null) };
}

/** Gives each segment an end, when nobody needs them any more to find what the import has put in. Idempotent. */
export async function endSegments(deps: Deps, importId: string, at: string): Promise<void> {
  for await (const { number } of allSegments(deps, importId))
    await update(deps.db, {
      TableName: deps.tables.operations,
      Key: segmentKey(importId, number),
      UpdateExpression: "SET expiresAtEpoch = :end",
      ConditionExpression: "attribute_exists(pk)",
      ExpressionAttributeValues: { ":end": epochOf(at) + LIMITS.segmentsKeptSeconds },
    });
}

/** Reads all segments, a page at a time. */
export async function* allSegments(deps: Deps, importId: string): AsyncGenerator<Segment> {
  let after: number | undefined;
  do {
    const page = await listSegments(deps, importId, 20, after);
    yield* page.segments;
    after = page.next ?? undefined;
  } while (after !== undefined);
}
