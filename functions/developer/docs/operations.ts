import * as z from "zod";
import type { Operations } from "../../runtime/operation.ts";

const Page = z.string().meta({ description: "A page in HTML." });

const InLanguage = z.object({
  lang: z.string().optional().meta({ description: "`zh` or `en`, instead of what `Accept-Language` says." }),
});

const showDocs = {
  showGuide: {
    method: "GET",
    path: "/docs",
    summary: "The API for storefronts, as a page for people",
    query: InLanguage,
    answer: { status: 200, description: "The page", schema: Page },
    needs: {},
  },
  showProblem: {
    method: "GET",
    path: "/docs/problems/{code}",
    summary: "What a problem means, and what to do about it",
    params: z.object({ code: z.string() }),
    query: InLanguage,
    answer: { status: 200, description: "The page", schema: Page },
    refusals: ["not_found"],
    needs: {},
  },
} as const satisfies Operations;

/** What developers of storefronts read. It is the same for everybody, and comes from no table. */
export const functions = { showDocs } as const;
