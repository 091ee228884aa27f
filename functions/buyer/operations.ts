import { functions as delivery } from "./delivery/operations.ts";

/** The functions that buyers call by their browsers, by domain. */
export const buyer = { delivery } as const;

/** What buyers call. They have a link, and no key. */
export const operations = { ...delivery.showDelivery, ...delivery.revealDelivery, ...delivery.helpDelivery } as const;
