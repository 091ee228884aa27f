import * as z from "zod";
import { Money } from "../../../shared/kernel/money.ts";
import { ORDER_STATES } from "../../../shared/orders/states.ts";
import { Time } from "../../fields.ts";

export const KnownOfBuyer = z
  .object({
    orderId: z.string(),
    channelId: z.string(),
    placedAt: Time,
    state: z.enum(ORDER_STATES),
    total: Money,
    bought: z.array(z.object({ name: z.string(), quantity: z.int() })),
    contact: z
      .object({ email: z.string().optional(), phone: z.string().optional(), locale: z.string().optional() })
      .optional()
      .meta({ description: "Absent: it was erased." }),
    messages: z.array(z.object({ template: z.string(), medium: z.string(), state: z.string(), createdAt: Time })),
  })
  .meta({ id: "KnownOfBuyer", description: "What one order tells of a person." });
