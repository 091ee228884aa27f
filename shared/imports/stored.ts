import * as z from "zod";
import { stored } from "../aws/stored.ts";
import { StoredMoney } from "../kernel/money.ts";
import type { RefusedLine } from "../stock-files/refusals.ts";
import type { Generation } from "./generate.ts";
import { IMPORT_STATES, type LargeImport } from "./model.ts";

// What the items of imports hold. What is within a member that is only `whole` is checked when it is made.

const whole = <T extends object>() => z.custom<T>((value) => typeof value === "object" && value !== null);

export const imports = stored<LargeImport>(
  "import",
  z.object({
    importId: z.string(),
    productId: z.string(),
    batchId: z.string(),
    layout: whole<NonNullable<LargeImport["layout"]>>().exactOptional(),
    sealed: z.literal(true).exactOptional(),
    generation: whole<Generation>().exactOptional(),
    madeWith: z.literal("generation").exactOptional(),
    dryRun: z.boolean(),
    unitCost: StoredMoney.exactOptional(),
    supplierId: z.string().exactOptional(),
    sharesCodes: z.literal(true).exactOptional(),
    state: z.enum(IMPORT_STATES),
    createdAt: z.string(),
    startedAt: z.string().exactOptional(),
    finishedAt: z.string().exactOptional(),
    bytes: z.int().exactOptional(),
    etag: z.string().exactOptional(),
    beginning: whole<NonNullable<LargeImport["beginning"]>>().exactOptional(),
    places: whole<NonNullable<LargeImport["places"]>>().exactOptional(),
    begun: z.object({ part: z.string(), expiries: z.array(z.string()) }).exactOptional(),
    segments: z.int(),
    bytesDone: z.int(),
    linesDone: z.int(),
    rowsDone: z.int().exactOptional(),
    isQuoted: z.boolean().exactOptional(),
    imported: z.int(),
    refused: z.int(),
    reason: z.string().exactOptional(),
    reasonAt: z.array(z.number()).exactOptional(),
  }),
);

export const segments = stored(
  "segment of an import",
  z.object({
    number: z.int(),
    slabs: z.array(z.object({ slab: z.string(), count: z.int(), expiresAt: z.string() })),
    imported: z.int(),
    refused: z.array(whole<RefusedLine>()),
  }),
);
