import * as z from "zod";
import { copyItems } from "../../needs.ts";
import type { Operations } from "../../runtime/operation.ts";

const count = z.int().optional();

const migrateTables = {
  migrateTables: {
    method: "POST",
    path: "/admin/v1/table-migrations",
    // Where a page begins: the key of the last item of the one before.
    pages: /^\[".+",".+"\]$/s,
    summary: "Copy a page of the table that earlier versions used to where its items live now, or compare the two",
    query: z.strictObject({ cursor: z.string().max(3000).optional() }),
    body: z.strictObject({ mode: z.enum(["copy", "verify"]) }),
    command: {
      is: "migrate tables",
      summary: "Copy the table that earlier versions used to where its items live now, and compare the two",
      own: "it copies page after page, and then compares page after page",
    },
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
        differences: z.array(z.object({ key: z.string(), problem: z.enum(["unknown_kind", "missing", "damaged"]) })),
        nextCursor: z.string().nullable(),
      }),
    },
    needs: {
      platformTable: ["Scan"],
      identityTable: copyItems,
      catalogTable: copyItems,
      suppliers: copyItems,
      offers: copyItems,
      rates: copyItems,
      settings: copyItems,
      restocks: copyItems,
      callbacks: copyItems,
      failures: copyItems,
      imports: copyItems,
      requestNotes: copyItems,
    },
    audit: { action: "tables_migrated", subject: "tables" },
  },
} as const satisfies Operations;

/** What operators do once, with a release that keeps things in other tables than the one before. */
export const functions = { migrateTables } as const;
