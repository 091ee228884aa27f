import type { Db } from "../../shared/aws/dynamo.ts";
import { operators } from "./callers.ts";
import { remembering } from "./idempotency.ts";
import { recording } from "./record.ts";

/** The shell of functions that operators call, and whose acts go on record. */
export const forRecordedOperators = (deps: Db<"audit">) => ({ authenticate: operators, record: recording(deps) });

/** The same, for functions of which some operation notes what its Idempotency-Key is used for. */
export const forOperators = (deps: Db<"operations" | "audit">) => ({
  ...forRecordedOperators(deps),
  remember: remembering(deps),
});
