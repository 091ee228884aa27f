/** The limits of personal data, which are part of `LIMITS`. Times are in seconds. */
export const BUYER_LIMITS = {
  /** How long it is known how to reach the buyer of an order: half a year, longer than links, disputes and reviews last. */
  contactKeptSeconds: 183 * 24 * 3600,
  /** Notes about contacts that are due stay this much longer: an open case may hold an erasure up. */
  contactNoteSlackSeconds: 60 * 24 * 3600,
  /** Days before today on which contacts may still wait to be erased. */
  erasureDaysBack: 60,
  /** How long it is known what was erased: five days longer than a table can be restored to. */
  erasuresKeptSeconds: 40 * 24 * 3600,
  /** Orders of one person that one call tells of, or erases. Each is read, and written. */
  ordersOfPerson: 1_000,
} as const;
