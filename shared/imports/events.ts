import * as z from "zod";
import type { EventsOf } from "../events/event.ts";

/** Every event of an import. */
export const importEvents = {
  /** All codes of its file are on sale. */
  "import.finished": z.object({ productId: z.string(), importId: z.string() }),
} as const;

export type ImportEvent = EventsOf<typeof importEvents>;
