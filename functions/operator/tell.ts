import { type EventDeps, emit } from "../../shared/events/emit.ts";
import type { News } from "../../shared/events/event.ts";
import { log } from "../runtime/log.ts";
import { countFailure } from "../runtime/metrics.ts";

/**
 * Tells of a change that is done already. If that fails it is logged and counted as a failure of the function, and the call is answered
 * all the same: an answer that says an API key once must not be lost for it.
 */
export async function tellOf(kebabName: string, bus: EventDeps, news: News): Promise<void> {
  try {
    await emit(bus, news);
  } catch (error) {
    log("event_not_told", { function: kebabName, subject: news.subject }, error);
    countFailure(kebabName);
  }
}
