import * as z from "zod";
import { reconcile } from "../../../shared/reconciliation/reconcile.ts";
import { providersBy } from "../../providers.ts";
import { queueFunction } from "../../runtime/batch.ts";
import { dependenciesOfWorker, s3Client } from "../../runtime/dependencies.ts";
import { log } from "../../runtime/log.ts";
import { workers } from "./workers.ts";

const { env, deps: given } = dependenciesOfWorker(workers.reconcileDay);
const deps = { ...given, ...providersBy(env), s3: s3Client(), statements: env.STATEMENT_BUCKET };

const Message = z.strictObject({ provider: z.string(), day: z.iso.date() });

/** Compares a provider's statement of a day with our books. A day that can't be read now is looked at again by the schedule. */
export const handler = queueFunction("reconcile-day", "reconciliations", Message, deps, async ({ provider, day }) => {
  const done = await reconcile(deps, provider, day);
  if (done.kind !== "looked") return;
  const { state, counts, reason } = done.is;
  log("day_reconciled", { provider, day, state, lines: counts.lines, matched: counts.matched, reason });
});
