import type { DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import { Busy } from "../../../shared/orders/busy.ts";

// What a bad network may do to a call of ours, and what it may not.

type RetryStrategy = Exclude<NonNullable<DynamoDBClientConfig["retryStrategy"]>, { retry: unknown }>;
type Token = Awaited<ReturnType<Extract<RetryStrategy, object>["acquireInitialRetryToken"]>>;

const ATTEMPTS = 4;
const token = (count: number): Token => ({ getRetryCount: () => count, getRetryDelay: () => count });

/** As many attempts as in production, without their waits: 1, 2 and 3 ms. */
export const impatient: RetryStrategy = {
  acquireInitialRetryToken: async () => token(0),
  refreshRetryTokenForRetry: async (used, { errorType }) => {
    const count = used.getRetryCount() + 1;
    if (errorType === "CLIENT_ERROR" || count === ATTEMPTS) throw new Error("enough");
    return token(count);
  },
  recordSuccess: () => undefined,
};

const OF_THE_NETWORK = new Set([
  "ProvisionedThroughputExceededException",
  "ThrottlingException",
  "InternalServerError",
  "TransactionConflictException",
  "TransactionCanceledException",
]);

/** What we say ourselves when others were always faster; whoever asks again gets on from there. */
const OF_OURS = [
  /^products are being throttled$/,
  /^slab \w+ is being filled by another run/,
  /^could not give \S+ back$/,
];

/** May a call have ended like this on a bad network? Anything else is a bug. */
export function isBadLuck(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: string };
  if (error instanceof Busy || OF_THE_NETWORK.has(error.name) || code === "ECONNRESET" || code === "EPIPE") return true;
  return OF_OURS.some((words) => words.test(error.message));
}
