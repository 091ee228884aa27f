import type { Cost, Reserved, Ticket } from "../inventory/model.ts";
import type { Money } from "../kernel/money.ts";

/** Delivered pieces that went back. `cost`: what those have cost us that came back into stock. */
export type Back = { pieces: number; cost?: Cost[]; void?: Places };

/** Delivered pieces on their way back. */
export type Leaving = {
  pieces: number;
  /** Where their codes lie. Absent: there are none, as of a top-up. */
  places?: Places;
  /** What those have cost us that come back into stock. */
  cost?: Cost[];
  /** Somebody has seen their codes: those are void. Otherwise they come back into stock. */
  isSeen?: true;
};

/** Where codes lie: one by one, or in runs of a large order. */
export type Places = { tickets?: Ticket[]; reserved?: Reserved[] };

/**
 * Codes that did not work. They stay sold to their order, are marked, and nobody is shown them any more. `fresh`: those of our stock that
 * came in their places · `cost`: what these have cost us more than those, by currency; less is negative.
 */
export type Swapped = { dead: Ticket[]; fresh: Ticket[]; cost?: Money[] };
