import type { KindCount, Mode, Page } from "../../shared/migration/migrate.ts";
import type { OperatorAnswer, Send } from "./client.ts";
import type { Command, Given } from "./command.ts";
import { answersOf, stoppedAfter } from "./paged.ts";

type Found = Omit<Page, "next">;

/** All pages in one mode; or what was found until a call failed, with the failure. */
async function allPages(mode: Mode, send: Send): Promise<{ found: Found; failed?: OperatorAnswer }> {
  const found: Found = { kinds: [], differs: [], differences: [] };
  const call = { method: "POST", path: "/admin/v1/table-migrations", json: { mode } } as const;
  for await (const { answer } of answersOf(send, call)) {
    if (!answer.ok) return { found, failed: answer };
    const page = answer.body as Found;
    for (const one of page.kinds) add(found.kinds, one);
    found.differs.push(...page.differs);
    found.differences.push(...page.differences);
  }
  return { found };
}

function add(kinds: KindCount[], page: KindCount): void {
  const sum = kinds.find(({ kind }) => kind === page.kind);
  if (sum === undefined) kinds.push(page);
  else for (const fate of FATES) if (page[fate] !== undefined) sum[fate] = (sum[fate] ?? 0) + page[fate];
}

const FATES = ["copied", "same", "differs", "missing"] as const;

/** Copies all there is, unless it is only to look, and then compares both tables from the beginning. */
async function migrateTables({ options }: Given, send: Send): Promise<OperatorAnswer> {
  const copied = options["verify"] === undefined ? await allPages("copy", send) : undefined;
  if (copied?.failed !== undefined) return stoppedAfter(copied.failed, copied.found);
  const verified = await allPages("verify", send);
  if (verified.failed !== undefined) return stoppedAfter(verified.failed, { copied: copied?.found.kinds });
  const body = { ...(copied === undefined ? {} : { copied: copied.found.kinds }), ...verified.found };
  return { ok: true, status: 200, body };
}

/** What a release asks for that keeps things in other tables than the one before. */
export const migrateCommands: Record<string, Command> = {
  "migrate tables": {
    options: { verify: { flag: true, local: true, about: "copies nothing, only compares" } },
    run: migrateTables,
  },
};
