import { functions as docs } from "./docs/operations.ts";

/** The functions that developers of storefronts open in their browsers, by domain. */
export const developer = { docs } as const;

/** What developers read. They need no key. These are pages and no calls, so no OpenAPI document has them. */
export const operations = { ...docs.showDocs } as const;
