/** The limits of API keys and of the calls by them, which are part of `LIMITS`. Times are in seconds. */
export const KEY_LIMITS = {
  /** Ranges of addresses that one key may be used from: about 2 KB of the item that each process reads every five seconds. */
  addressesPerKey: 50,
  /** How long a key may work beside the one that takes its place, unless it is said: a day, for a shop that deploys by hand. */
  keyOverlapSeconds: 24 * 3600,
  longestKeyOverlapSeconds: 30 * 24 * 3600,
  /** The use of a key is noted this often at most, and known for this long: who cleans up looks back over a year. */
  keyUseNotedSeconds: 300,
  keyUseKeptSeconds: 400 * 24 * 3600,
  /** How far from now a signature may be created: clocks differ, and nonces are kept for twice as long. */
  signatureSeconds: 300,
  nonceLength: 64,
  /** Requests of a channel in a minute, all at once or spread, unless an operator says another number: twice what a lane of an account sells. */
  requestsPerMinute: 6_000,
  /** The most that an operator may allow: 100,000 a second are 200 lanes. */
  highestRequests: 1_000_000,
  longestPaceSeconds: 24 * 3600,
  /** Requests a second that one item counts. It takes a thousand writes a second, and a burst may come unevenly. */
  requestsPerLane: 500,
  /** How long the counts of requests, of a day, and of tries that led nowhere are kept when they count no more. */
  paceKeptSeconds: 3600,
  usageKeptSeconds: 31 * 24 * 3600,
  missesKeptSeconds: 2 * 3600,
  /** Unknown keys from one address in an hour: so many are a mistake, and then each costs a pause; beyond the second number nobody types. */
  unknownKeysFree: 20,
  unknownKeys: 100,
  /** Ids that are not its channel's, by one key in an hour. A shop that polls a wrong id each minute is let alone. */
  missedIdsFree: 100,
  missedIds: 300,
  missPauseSeconds: 10,
  /** Limits of one channel for single products: the list is on each of its keys. */
  productLimits: 50,
} as const;
