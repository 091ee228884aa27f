import { functions as notifications } from "./notifications/operations.ts";

/** The functions that payment providers call, by domain. */
export const payment = { notifications } as const;

/** What payment providers call. The answer is in each provider's own words. */
export const operations = { ...notifications.receiveNotification } as const;
