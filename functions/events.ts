import * as z from "zod";
import { productEvents } from "../shared/catalog/events.ts";
import { channelEvents } from "../shared/channels/events.ts";
import { disputeEvents } from "../shared/disputes/events.ts";
import type { Told } from "../shared/events/event.ts";
import { importEvents } from "../shared/imports/events.ts";
import { stockEvents } from "../shared/inventory/events.ts";
import { orderEvents } from "../shared/orders/event-schemas.ts";
import { depositEvents } from "../shared/payments/events.ts";
import { restockEvents } from "../shared/restock/events.ts";
import { supplierEvents } from "../shared/suppliers/events.ts";
import { webhookEvents } from "../shared/webhooks/events.ts";

/** Every event there is, by its type, with its facts: made from the lists beside the domains. */
export const eventCatalogue = {
  ...orderEvents,
  ...stockEvents,
  ...restockEvents,
  ...productEvents,
  ...channelEvents,
  ...supplierEvents,
  ...importEvents,
  ...webhookEvents,
  ...disputeEvents,
  ...depositEvents,
} as const satisfies Readonly<Record<string, z.ZodObject>>;

const everyEvent = { id: z.string(), number: z.int().exactOptional(), at: z.string(), v: z.int() };

const schemas = new Map(
  Object.entries(eventCatalogue).map(([type, facts]) => [
    type,
    z.object({ ...everyEvent, type: z.literal(type), ...facts.shape }),
  ]),
);

/**
 * Parses an event by the schema of its type: facts that we don't know stay behind. Throws if there is no such type, as for
 * a moment during a deployment.
 */
export function eventFrom(told: { type: string }): Told {
  const schema = schemas.get(told.type);
  if (schema === undefined) throw new UnknownEvent(told.type);
  return schema.parse(told);
}

/** An event of a type that this version does not know. */
export class UnknownEvent extends Error {
  override readonly name = "UnknownEvent";
}
