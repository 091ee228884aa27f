import type { Db } from "../aws/dynamo.ts";
import { pageOfList } from "../aws/listed.ts";
import type { Dispute } from "./model.ts";
import { CLOSED, disputes, OPEN } from "./table.ts";

/** Where a page of disputes ends. */
export const DISPUTE_PLACE = /^\d{4}-[\dT:.-]+Z#dsp_[0-9a-z]{26}$/;

/** Reads a page of the disputes that wait for something, those that are due first; or of those that are over, the newest first. */
export async function listDisputes(
  deps: Db<"operations">,
  { isOver, limit, after }: { isOver: boolean; limit: number; after?: string | undefined },
): Promise<{ disputes: Dispute[]; next: string | null }> {
  const { items, next } = await pageOfList(deps, isOver ? CLOSED : OPEN, { limit, after, newestFirst: isOver });
  return { disputes: items.map(disputes.read), next };
}
