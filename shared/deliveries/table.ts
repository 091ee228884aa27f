import { type Db, update } from "../aws/dynamo.ts";

type Deps = Db<"operations">;

/** How the keys of wrong links that an address has tried begin. */
export const LINK_GUESSES = "link-guesses#";
/** How the keys of looks by a link begin. */
export const LINK_LOOKS = "link-looks#";

/** The version of what these counters hold. They are only counted up and compared, and never read. */
const VERSION = 1;

/** Counts one more wrong link of an address in a window of time. `endsAt`: when it may go. Returns how many there were. */
export async function countGuess(
  deps: Deps,
  { address, window }: { address: string; window: number },
  endsAt: number,
): Promise<number> {
  const written = await update(deps.db, {
    TableName: deps.tables.operations,
    Key: { pk: `${LINK_GUESSES}${address}`, sk: String(window) },
    UpdateExpression: "SET v = :v, expiresAtEpoch = :end ADD guesses :one",
    ExpressionAttributeValues: { ":v": VERSION, ":end": endsAt, ":one": 1 },
    ReturnValues: "UPDATED_NEW",
  });
  return written.ok ? Number(written.item["guesses"]) : 0;
}

/** Counts one more look by a link, if there are fewer than so many. Of any number at once exactly so many are counted. */
export async function countLook(
  deps: Deps,
  { orderId, generation }: { orderId: string; generation: number },
  { most, endsAt }: { most: number; endsAt: number },
): Promise<boolean> {
  const written = await update(deps.db, {
    TableName: deps.tables.operations,
    Key: { pk: `${LINK_LOOKS}${orderId}`, sk: String(generation) },
    UpdateExpression: "SET v = :v, expiresAtEpoch = :end ADD looks :one",
    ConditionExpression: "attribute_not_exists(looks) OR looks < :most",
    ExpressionAttributeValues: { ":v": VERSION, ":end": endsAt, ":one": 1, ":most": most },
  });
  return written.ok;
}
