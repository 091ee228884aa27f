/** The limits of webhooks, which are part of `LIMITS`. Sizes are in bytes, times in seconds. */
export const WEBHOOK_LIMITS = {
  /** Endpoints that a channel may have: each of them costs writes for every event of the channel. */
  webhookEndpoints: 10,
  webhookUrlLength: 1_000,
  /** How long a receiver may take for an answer, all told, and how much of it is read. */
  webhookAnswerSeconds: 10,
  webhookAnswerBytes: 4_096,
  /** Characters of an answer, and attempts, that a delivery keeps. */
  webhookAnswerShown: 200,
  webhookAttemptsShown: 20,
  /** Calls to one endpoint at the same time, each about another subject. One endpoint has one sender. */
  webhookCallsAtOnce: 10,
  /** How long one call has an endpoint for itself: longer than the sender may run, and how long it begins new calls. */
  endpointClaimedSeconds: 75,
  endpointServedSeconds: 40,
  /**
   * An event that was not taken is sent again after 10 s, doubled each time, at most 4 h, of which half is random. It is given up after
   * three days, if it was tried so often.
   */
  firstResendSeconds: 10,
  longestResendSeconds: 4 * 3600,
  resendsForSeconds: 3 * 24 * 3600,
  fewestTriesOfDelivery: 10,
  /**
   * After so many failed calls in a row an endpoint rests: 10 s, doubled each time, at most an hour, of which half is random. Then one
   * event is tried. When nothing was taken for three days, the endpoint is disabled.
   */
  failuresToRest: 5,
  firstRestSeconds: 10,
  longestRestSeconds: 3600,
  /** Events of one subject that may wait for one endpoint: about 20 KB of names. */
  eventsWaiting: 500,
  /** How long deliveries, and what waits for a disabled endpoint, are kept. */
  deliveriesKeptSeconds: 30 * 24 * 3600,
  /** How long the secret before a rotation signs as well. */
  secretOverlapSeconds: 24 * 3600,
  /** Secrets of before that sign at the same time: each is a call of KMS, and a signature in the header. */
  secretsOfBefore: 3,
  /** Subjects that one look of a sender finds. */
  subjectsPerLook: 50,
  /** Deliveries in one step of a replay: each is two writes. */
  deliveriesPerReplay: 100,
} as const;
