import * as z from "zod";
import type { Key } from "../aws/dynamo.ts";
import { stored } from "../aws/stored.ts";
import { sha256 } from "../kernel/ids.ts";
import { orderKey } from "../orders/table.ts";

/** How the second keys of waiting executions begin. */
export const WAITS = "wait#";

/** Each waiting execution has an item of its own beside the order, so reruns may wait at the same time. */
export const waitKey = (orderId: string, token: string): Key => ({
  ...orderKey(orderId),
  sk: `${WAITS}${sha256(token).slice(0, 16)}`,
});

/** What a waiting execution says of itself: its token, its name, what it waits for, and until when at most. */
const wait = z.object({
  token: z.string(),
  waitingFor: z.enum(["supplier", "decision"]),
  /** A run that an earlier version started says neither its name nor an end. */
  execution: z.string().exactOptional(),
  until: z.string().exactOptional(),
  since: z.string(),
});
export type Wait = z.infer<typeof wait>;
export const waits = stored("wait of an execution", wait);
