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
} as const;
