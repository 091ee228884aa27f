import * as z from "zod";
import type { Operation } from "../runtime/operation.ts";

const count = z.int().optional();

/** What operators do once, with a release that keeps things in other tables than the one before. */
export const tableOperations = {
  migrateTables: {
    method: "POST",
    path: "/admin/v1/table-migrations",
    summary: "Copy a page of the table that earlier versions used to where its items live now, or compare the two",
    query: z.strictObject({ cursor: z.string().max(3000).optional() }),
    body: z.strictObject({ mode: z.enum(["copy", "verify"]) }),
    answer: {
      status: 200,
      description: "What became of the items of this page, by kind; `nextCursor` is null after the last",
      schema: z.object({
        kinds: z.array(
          z.object({
            table: z.string(),
            kind: z.string(),
            copied: count,
            same: count,
            differs: count,
            missing: count,
          }),
        ),
        differs: z.array(z.string()),
        differences: z.array(z.object({ key: z.string(), problem: z.enum(["unknown_kind", "missing"]) })),
        nextCursor: z.string().nullable(),
      }),
    },
  },
} as const satisfies Record<string, Operation>;
