/** The words of the Amazon States Language. Full jitter: each wait is random between zero and its longest. */
export interface RetryPolicy {
  readonly IntervalSeconds: number;
  readonly BackoffRate: number;
  readonly MaxDelaySeconds: number;
  readonly MaxAttempts: number;
  readonly JitterStrategy: "FULL";
}

/**
 * Longest waits of 2, 4, 8, 16, 32, 60, 60, 60 s: 242 s at most, two minutes on average. That rides out a throttled table, a
 * deployment and a short outage; what lasts longer is red in the console before it is old.
 */
export const patient: RetryPolicy = {
  IntervalSeconds: 2,
  BackoffRate: 2,
  MaxDelaySeconds: 60,
  MaxAttempts: 8,
  JitterStrategy: "FULL",
};

/** Waits of 1, 2 and 4 s at most: on a local stack a run that fails does so within seven seconds. */
export const brisk: RetryPolicy = { ...patient, IntervalSeconds: 1, MaxDelaySeconds: 4, MaxAttempts: 3 };

/**
 * For calls that were refused because the account ran as many functions as it may. Nothing was run, so nothing is broken, and the
 * crowd passes: longest waits of 1, 2, 4, 8, 16 and then 30 s, almost an hour in all, half of it on average. Each refused call writes
 * three events into the history, which takes 25,000.
 */
export const throttled: RetryPolicy = { ...patient, IntervalSeconds: 1, MaxDelaySeconds: 30, MaxAttempts: 120 };
