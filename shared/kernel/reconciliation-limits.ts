/** The limits of reconciliation and of closing days, which are part of `LIMITS`. */
export const RECONCILIATION_LIMITS = {
  /** A statement as it is held while it is compared: packed, thirty bytes or so a line. Two million lines. */
  statementBytes: 64 * 1024 * 1024,
  /** Names that are compared at once: 60 MB of memory. More of them are compared in parts, each of which reads our books again. */
  namesComparedAtOnce: 150_000,
  /** Parts at most: 2.4 million names a day. */
  comparedParts: 16,
  /** Differences that stand on the item itself: 8 KB or so. */
  differencesShown: 20,
  /** Differences of a day that persons can accept: with their reasons 70 KB at most, of an item's 400. */
  acceptedDifferences: 100,
  /** Days back at which the schedule looks, until each is reconciled; and when it looks at one again. */
  reconciledDaysBack: 10,
  unreadStatementSeconds: 3_600,
  differentStatementSeconds: 6 * 3_600,
  /** A day that nobody could compare so long after its statement should have been there is late. */
  lateReconciliationSeconds: 24 * 3_600,
  /** Days back by which a balance is known without reading all that ever moved. */
  closingsReadDays: 40,
  /** Days of one list of reconciliations. */
  reconciliationsListedDays: 92,
  /** A day is closed so long after it has ended. Whatever is booked by a day's date is written within a call, which lasts a quarter of an hour at most. */
  closedAfterSeconds: 3_600,
  /** Days of one book that one turn closes. The next turn goes on: a book that was never closed may have years. */
  closingsPerTurn: 40,
  /** Books that are closed at once: each reads ten partitions a day. */
  booksClosedAtOnce: 4,
} as const;
