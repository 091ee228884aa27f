import * as z from "zod";
import { stored } from "../aws/stored.ts";
import { StoredMoney as money } from "../kernel/money.ts";
import type {
  AnySlot,
  Batch,
  Directory,
  ListedRange,
  Mark,
  Range,
  RangeEntry,
  SlotSeen,
  Transferred,
} from "./model.ts";

// What the items of the inventory table hold. A sale parses them too: measured, a range takes 0.6 µs, a slot 0.2 µs and a
// directory of a hundred ranges 3.4 µs (a call to DynamoDB takes thousands), and the first of each 1 to 3 ms, once in the
// life of a process.

const int = z.int();
const text = z.string();
const bytes = z.instanceof(Uint8Array);

export const ranges = stored<Range>(
  "range",
  z.object({
    id: text,
    productId: text,
    batchId: text,
    slab: text,
    pool: text,
    first: int,
    start: int,
    head: int,
    tail: int,
    left: int,
    next: int.exactOptional(),
    expiresAt: text,
    state: z.enum(["open", "frozen", "void", "order"]),
    orderId: text.exactOptional(),
    epoch: int.exactOptional(),
    done: int.exactOptional(),
    holes: int.exactOptional(),
    listed: z.boolean().exactOptional(),
    notes: z.array(z.object({ head: int, next: int, at: text })).exactOptional(),
    restored: z.object({ since: text, head: int, next: int.exactOptional() }).exactOptional(),
  }),
);

const code = {
  codeId: text,
  productId: text,
  batchId: text,
  sealed: bytes,
  dataKey: bytes,
  hint: text.exactOptional(),
  expiresAt: text.exactOptional(),
  fingerprint: text.exactOptional(),
  cost: money.exactOptional(),
  orderId: text.exactOptional(),
  until: text.exactOptional(),
  soldAt: text.exactOptional(),
  deadBy: text.exactOptional(),
};
const seen = {
  codeId: text.exactOptional(),
  orderId: text.exactOptional(),
  soldAt: text.exactOptional(),
  until: text.exactOptional(),
};
const places = ["available", "held", "sold", "void"] as const;

export const slots = stored<AnySlot>(
  "slot",
  z.discriminatedUnion("state", [
    z.object({ state: z.enum(places), ...code }),
    z.object({ state: z.literal("moved"), movedTo: text.exactOptional(), orderId: text.exactOptional() }),
  ]),
);

/** The same items, without what is sealed. */
export const seenSlots = stored<SlotSeen>("slot", z.object({ state: z.enum([...places, "moved"]), ...seen }));

const entry = z.object({ id: text, expiresAt: text });

export const directories = stored<Directory>(
  "directory of a pool",
  z.object({
    productId: text,
    pool: text,
    version: int,
    ranges: z.array<z.ZodType<RangeEntry>>(entry),
    soldOutUntil: text.exactOptional(),
    frozen: z.boolean().exactOptional(),
    lanes: int.exactOptional(),
    owner: z.object({ kind: z.enum(["channel", "campaign"]), subject: text }).exactOptional(),
    whenEmpty: z.enum(["stop", "borrow"]).exactOptional(),
    hasPools: z.boolean().exactOptional(),
    lowBelow: int.exactOptional(),
    level: z.object({ is: z.enum(["ok", "low", "sold_out"]), crossing: int, told: int }).exactOptional(),
  }),
);

export const listedRanges = stored<ListedRange>(
  "entry of the list of ranges",
  entry.extend({ slab: text, batchId: text }),
);

export const batches = stored<Batch>(
  "batch",
  z.object({
    batchId: text,
    productId: text,
    imported: int,
    slabs: z.array(z.object({ slab: text, count: int })),
    at: text,
    unitCost: money.exactOptional(),
    supplierId: text.exactOptional(),
  }),
);

export const transfers = stored<Transferred & { requestHash: string }>(
  "transfer that was done",
  z.object({ quantity: int, ranges: int, requestHash: text }),
);

export const marks = stored<Mark>(
  "mark of a code",
  z.object({
    ticket: text.exactOptional(),
    codeId: text.exactOptional(),
    productId: text.exactOptional(),
    beside: z
      .object({ twin: text.exactOptional(), shop: text.exactOptional(), shopTwin: text.exactOptional() })
      .exactOptional(),
    numbered: int.exactOptional(),
  }),
);
