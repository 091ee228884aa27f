/** The limits of messages to buyers, which are part of `LIMITS`. Times are in seconds. */
export const MESSAGE_LIMITS = {
  /** How long one call has a message for itself: longer than the function that sends may run. */
  messageClaimedSeconds: 75,
  /** A message that was not sent, or whose answer was lost, is sent again after 30 s, doubled each time, at most a quarter of an hour. */
  messageAgainSeconds: 30,
  longestMessageWaitSeconds: 900,
  /** How long it is known what was sent to whom: complaints and questions come within weeks. */
  messagesKeptSeconds: 90 * 24 * 3600,
  /** Messages with one-time codes: 29 of them may be asked for on a day. */
  codeMessagesKeptSeconds: 2 * 24 * 3600,
  /** All credentials of a sender, as JSON: what a standard parameter of the store holds. */
  senderSecretsBytes: 4 * 1024,
  /** How long a process remembers the settings of channels and senders. */
  messageSettingsSeconds: 30,
  /** Text messages of one sender on a day, if its operator says nothing: at some cents each, a loss that can be borne. */
  textMessagesPerDay: 1_000,
  /** Reads and writes of what one number got: each that fails was overtaken, and then the number is mostly full. */
  numberTries: 25,
  /**
   * What was told is looked at again after ten minutes, when its message should long be sent. The first look goes back a day; each step
   * reads a hundred objects of the archive, some seconds.
   */
  toldSweepSeconds: 600,
  toldSweepBackSeconds: 24 * 3600,
  toldSweepSteps: 50,
  /** Messages that are due and found in one look, of each shard of their list. */
  messagesPerLook: 100,
} as const;
