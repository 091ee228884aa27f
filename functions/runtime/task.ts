import * as z from "zod";
import { correlated } from "../../shared/kernel/correlation.ts";
import { type Called, underItsId } from "./correlated.ts";
import { errorName, log } from "./log.ts";

/** The run's input says which request it comes from. Runs that an earlier version has started don't. */
const FromRequest = z.object({ correlationId: z.string() });

/** What leaves a task that failed: the kind of error and nothing of its text, which would stay in the history. */
class TaskFailed extends Error {}

/**
 * The shell of the workflow's tasks. Business results are returned; an exception is for what may heal by itself, and the
 * state machine retries it.
 */
export function taskFunction<S extends z.ZodType, R>(
  name: string,
  schema: S,
  handle: (input: z.output<S>) => Promise<R>,
): (event: unknown, called?: Called) => Promise<R> {
  const run = async (event: unknown): Promise<R> => {
    try {
      return await handle(schema.parse(event));
    } catch (error) {
      const kind = errorName(error);
      log("task_failed", { task: name, error: kind }, error);
      const failed = new TaskFailed(`${name} failed: ${kind}`);
      failed.name = kind;
      throw failed;
    }
  };
  return underItsId((event: unknown) => correlated(FromRequest.safeParse(event).data?.correlationId, () => run(event)));
}
