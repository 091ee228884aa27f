import * as z from "zod";
import { areSalesClosed, movesStock } from "./closed-sales.ts";
import { underItsId } from "./correlated.ts";
import { log } from "./log.ts";
import type { Jobs } from "./worker.ts";

/**
 * Makes the Lambda handler of a function that does jobs of one domain, each when its schedule says so: the event names the job. A
 * job that moves stock rests while sales are closed, and the others of its function go on.
 */
export function scheduleFunction<J extends Jobs>(jobs: J, work: { readonly [Name in keyof J]: () => Promise<void> }) {
  const Event = z.object({ job: z.enum(Object.keys(jobs) as [keyof J & string]) });
  return underItsId(async (event: unknown): Promise<void> => {
    const { job } = Event.parse(event);
    const needs = jobs[job]?.needs;
    if (areSalesClosed() && needs !== undefined && movesStock(needs)) log("job_rests", { job });
    else await work[job]();
  });
}
