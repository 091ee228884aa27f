/** The limits of buyers' links, which are part of `LIMITS`. Sizes are in bytes, times in seconds. */
export const LINK_LIMITS = {
  /** How long a link opens its order: longer than any delivery, review or dispute takes as a rule. A new link begins anew. */
  linkSeconds: 90 * 24 * 3600,
  /** How often the link of an order may be renewed. Each time adds 15 bytes to the order, which keeps under 1 KB a line. */
  linkRenewals: 20,
  /** How often the goods may be shown by one link: a buyer who comes back each day, and not a program. */
  looksPerLink: 200,
  /**
   * Wrong links from one address in ten minutes. Further ones are refused without a write. A good link opens all the same: many
   * buyers share an address with strangers.
   */
  wrongLinks: 20,
  wrongLinksSeconds: 600,
  /** Addresses that a process knows to have tried too many wrong links. */
  knownGuessers: 10_000,
  /** Codes on one page of goods, and in one file of plain text: at most a megabyte, of the six that an answer may have. */
  codesPerGoodsPage: 50,
  codesPerTextFile: 1_000,
  /** Text in one QR code: 73 by 73 modules, of four pixels each at the size that it is shown in. */
  qrBytes: 300,
} as const;
