import * as z from "zod";
import { type Case as CaseInside } from "../shared/cases/model.ts";
import { pick } from "../shared/kernel/pick.ts";
import { CASE_KINDS, CASE_REASONS, CASE_STATES } from "../shared/orders/cases.ts";
import { Time } from "./fields.ts";

// What channels and operators are shown of cases, and how.

const Reason = z.enum(CASE_REASONS).meta({
  description:
    "Why it ended so: `did_not_work`, `unused_at_issuer`, `used_at_issuer` · `by_refund_rule`, `too_late`, `seen`: the product's rule of refunds · " +
    "`refunded_otherwise` · `not_ours_to_change`, `filled_already` · `supplier_agreed`, `supplier_refused` · `goodwill` · `not_justified`.",
});

export const Case = z
  .object({
    id: z.string(),
    orderId: z.string(),
    kind: z.enum(CASE_KINDS),
    lineId: z.string(),
    state: z.enum(CASE_STATES).meta({
      description:
        "`open`: a rule looks at it · `asking`: who has delivered is asked · `waiting`: a person decides · `acting`: it is decided, and being " +
        "done · its ends: `delivered`, `replaced`, `refunded`, `compensated`, `refused`.",
    }),
    openedAt: Time,
    decideBy: Time.meta({ description: "Until when a person is to have decided it." }),
    reason: Reason.optional(),
    endedAt: Time.optional(),
    replacements: z
      .array(z.object({ dead: z.string(), fresh: z.string() }))
      .optional()
      .meta({ description: "Codes that don't work, and those that stand in their places, by `codeId`." }),
  })
  .meta({ id: "Case", description: "What somebody asked for after the sale, and what became of it." });

/** Shows a case as its channel sees it. */
export function showCase({ swaps, ...one }: CaseInside): z.infer<typeof Case> {
  return {
    ...pick(one, ["id", "orderId", "kind", "lineId", "state", "openedAt", "decideBy", "reason", "endedAt"]),
    ...(swaps === undefined ? {} : { replacements: [...swaps] }),
  };
}
