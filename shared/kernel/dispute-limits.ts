/** The limits of disputes and complaints, which are part of `LIMITS`. Times are in seconds. */
export const DISPUTE_LIMITS = {
  /** How much later a refund is looked at again whose money the provider has taken itself, by a dispute. That lasts for weeks. */
  disputedRefundSeconds: 6 * 3600,
  /**
   * A dispute is decided after weeks, and its provider tells: it is asked every six hours in case the news was lost. An answer that did not
   * get through is sent again after a minute. Every five minutes those that are due are looked for.
   */
  disputeLookSeconds: 6 * 3600,
  unsentAnswerSeconds: 60,
  disputesPerCare: 100,
  /** Evidence goes by itself this long before its deadline; and a person is warned this long before any deadline runs out. */
  evidenceLeadSeconds: 12 * 3600,
  deadlineWarningSeconds: 6 * 3600,
  /** Once an hour each provider is asked for disputes of these last days that we were not told of, at most so many pages. */
  disputesAskedForSeconds: 3 * 24 * 3600,
  disputePagesPerSearch: 20,
  /** Looks at goods that evidence names: more than a bank reads. */
  looksInEvidence: 200,
  /** A reply to a complaint, in characters: what WeChat Pay takes. */
  replyLength: 200,
} as const;
