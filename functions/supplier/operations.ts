import { functions as callbacks } from "./callbacks/operations.ts";

/** The functions that suppliers call, by domain. */
export const supplier = { callbacks } as const;

/** What suppliers call. The answer is in each supplier's own words. */
export const operations = { ...callbacks.receiveCallback } as const;
