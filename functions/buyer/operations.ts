import { functions as delivery } from "./delivery/operations.ts";
import { functions as find } from "./find/operations.ts";

/** The functions that buyers call by their browsers, by domain. */
export const buyer = { delivery, find } as const;

/** What buyers call. They have a link, or look for one, and no key. */
export const operations = {
  ...delivery.showDelivery,
  ...delivery.revealDelivery,
  ...delivery.helpDelivery,
  ...find.findDelivery,
} as const;
