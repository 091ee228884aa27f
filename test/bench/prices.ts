/**
 * AWS's list prices in us-east-1, on demand, first tier, without the free tier, in US dollars for a million. From the
 * services' pricing pages, November 2026. Storage, log volume and data transfer are not in the figures.
 */
const PER_MILLION = {
  /** DynamoDB, standard class: write request units of 1 KB, read request units of 4 KB (half when eventually consistent). */
  wcu: 0.625,
  rcu: 0.125,
  /** API Gateway, HTTP API. */
  httpRequest: 1,
  /** Lambda on arm64. */
  invocation: 0.2,
  gbSecond: 13.3334,
  /** $0.03 for 10,000 calls. */
  kms: 3,
  /** Step Functions, Standard: $0.025 for 1,000. */
  transition: 25,
  sqs: 0.4,
  /** EventBridge: an entry of our own, up to 64 KB. */
  busEntry: 1,
  /** S3, standard class: $0.005 for 1,000. */
  s3Put: 5,
};

/** What one order takes of AWS. */
export type Usage = Partial<Record<keyof typeof PER_MILLION, number>>;

/** What a million such orders cost. */
export function usdPerMillion(usage: Usage): number {
  return Object.entries(usage).reduce(
    (sum, [unit, count]) => sum + count * PER_MILLION[unit as keyof typeof PER_MILLION],
    0,
  );
}

/** Lambda's part of it: so many invocations of this memory and duration. */
export function lambda(invocations: number, megabytes: number, seconds: number): Usage {
  return { invocation: invocations, gbSecond: invocations * (megabytes / 1024) * seconds };
}

export function together(...usages: readonly Usage[]): Usage {
  const all: Usage = {};
  for (const usage of usages)
    for (const [unit, count] of Object.entries(usage))
      all[unit as keyof Usage] = (all[unit as keyof Usage] ?? 0) + count;
  return all;
}

/**
 * What this machine can't measure, because it is not AWS: how long functions run there. DynamoDB answers within single
 * milliseconds, and a sale makes about eight calls one after the other, two more when it is cold.
 */
export const ASSUMED = {
  saleSeconds: 0.1,
  /** Any other function, but for waiting. */
  stepSeconds: 0.05,
  /** A step of a large order: 2,000 writes, 64 at once. */
  sellingStepSeconds: 0.5,
  /** The answer of a sender of messages. */
  senderSeconds: 0.1,
  /** Messages in one call of the function that sends them, of the ten that one call takes at most. */
  messagesPerBatch: 5,
  /** A supplier's answer. */
  supplierSeconds: 0.5,
  /**
   * Orders in one batch of the stream, which collects for a second. 10 is a shop that sells ten a second; a quiet one
   * has 1, and the figures named `quiet` are for that.
   */
  ordersPerBatch: 10,
};
