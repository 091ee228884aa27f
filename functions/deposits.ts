import * as z from "zod";
import { DEPOSIT_STATES } from "../shared/payments/deposit-states.ts";

// What channels and operators say and see of deposits that are paid at payment providers.

export const DepositState = z.enum(DEPOSIT_STATES).meta({
  description:
    "`awaiting_payment`: it can be paid before `payment.expiresAt` · `paid`: it is in the balance · `returned`: something else was paid than " +
    "was asked for, and goes back · `expired`: nobody has paid · `refused`: the provider does not take it · `reversed`: it was wrong, and was " +
    "taken out of the balance again.",
});

/** Which deposits a list has. */
export const DepositFilter = {
  state: z.enum(DEPOSIT_STATES).optional().meta({
    description: "Only deposits in this state. Without it: all but those that were refused.",
  }),
  since: z.iso.datetime().optional().meta({ description: "Only what was begun at or after this time." }),
  until: z.iso.datetime().optional().meta({ description: "Only what was begun before this time." }),
};
