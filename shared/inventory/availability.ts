import { BatchGetCommand } from "@aws-sdk/lib-dynamodb";
import type { Db } from "../aws/dynamo.ts";
import { type Availability, availabilityOf } from "../catalog/model.ts";
import { after } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import { cachedDirectory } from "./directory.ts";
import { asRange, rangeKey } from "./table.ts";
import { isMarkedSoldOut } from "./tickets.ts";

/** What a shop window may say of a product: a few seconds old, and never how many exactly. */
export async function availability(deps: Db<"inventory">, productId: string, now: Date): Promise<Availability> {
  const { directory } = await cachedDirectory(deps, productId);
  if (isMarkedSoldOut(directory, now)) return "sold_out";
  const soon = after(now, LIMITS.minimumValiditySeconds);
  const ids = directory.ranges.filter((range) => range.expiresAt > soon).slice(0, LIMITS.rangesPerTicket);
  if (ids.length === 0) return "sold_out";
  const table = deps.tables.inventory;
  const found = await deps.db.send(
    new BatchGetCommand({ RequestItems: { [table]: { Keys: ids.map(({ id }) => rangeKey(id)) } } }),
  );
  const ranges = (found.Responses?.[table] ?? []).map(asRange);
  return availabilityOf(ranges.reduce((left, range) => left + (range.open ? range.left : 0), 0));
}
