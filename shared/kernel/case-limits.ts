/** The limits of cases and of personal data, which are part of `LIMITS`. Times are in seconds. */
export const CASE_LIMITS = {
  /**
   * Codes that one case may name. Each is two writes of the transaction that replaces it, and two entries at most if all have other
   * suppliers and currencies: 20 make 80 of its 100.
   */
  piecesPerCase: 20,
  /** Cases of one order. Each adds some 150 bytes to it, and 20 codes at most to those that it names as dead: 15 KB with all of them. */
  casesPerOrder: 20,
  /** How long a person may take, unless the settings say. Then the case is late, with an alarm. */
  caseSeconds: 24 * 3600,
  /** Cases that are looked at in one run of the schedule, each minute. */
  casesPerCare: 200,
  /** A case that was left half-way, because its process died, is taken up by the schedule after this. */
  caseLeftSeconds: 60,
  /** How often a case that waits is looked at: what it is about may have gone back in another way. */
  caseLookSeconds: 3600,
  /** Times that one call tries again when others change the order. */
  triesPerCase: 8,
  /** What a case may cost to be decided by a rule alone, in minor units of each currency, unless the settings say. */
  caseByRuleUpTo: 20_000,
  /** What pieces that are given for nothing may be worth in a month, in minor units of each currency, unless the settings say. */
  compensationBudget: 1_000_000,
  /** Cases of one buyer that rules decide in 30 days, unless the settings say. A person looks at the others. */
  casesByRulePerBuyer: 3,
  /** How long a count of a buyer's cases is kept: its 30 days and a week. */
  caseCountDays: 30,
  /** How long the sum of a month's compensations is kept: longer than a year's accounts. */
  compensationsKeptSeconds: 400 * 24 * 3600,
  caseCountKeptSeconds: 37 * 24 * 3600,
  /** How long it is known how to reach the buyer of an order: half a year, longer than links, disputes and reviews last. */
  contactKeptSeconds: 183 * 24 * 3600,
  /** Notes about contacts that are due stay this much longer: an open case may hold an erasure up. */
  contactNoteSlackSeconds: 60 * 24 * 3600,
  /** Days before today on which contacts may still wait to be erased. */
  erasureDaysBack: 60,
  /** How long it is known what was erased: five days longer than a table can be restored to. */
  erasuresKeptSeconds: 40 * 24 * 3600,
  /** Erasures that one call does again after a restore. Each takes three calls at most: some five seconds. */
  erasuresPerReplay: 200,
  /** Orders of one person that one call tells of, or erases. Each is read, and written. */
  ordersOfPerson: 1_000,
} as const;
