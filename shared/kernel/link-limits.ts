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
  /**
   * Searches for an order from one address in ten minutes. A search tells nothing to who makes it, so this only bounds what it costs, and
   * many buyers may share an address.
   */
  searchesPerAddress: 30,
  searchesSeconds: 600,
  /**
   * A one-time link lives for a day, and an order gets at most six of them on a day, one in ten minutes. So strangers can't shut its buyer
   * out: where no further one is sent, there is a living one in the mailbox.
   */
  onceLinkSeconds: 24 * 3600,
  onceLinkEverySeconds: 600,
  onceLinksPerDay: 6,
  /** Orders of one reference and contact that are written about: channels may use the same numbers. */
  ordersFound: 3,
  /** Codes on one page of goods, and in one file of plain text: at most a megabyte, of the six that an answer may have. */
  codesPerGoodsPage: 50,
  codesPerTextFile: 1_000,
  /** Characters of a passphrase that locks a file of codes: who has the file may guess as often as they like. */
  passphraseLength: 12,
  /** How long a one-time code is good, after which it is not sent any more either. */
  codeSeconds: 600,
  /** Text in one QR code: 73 by 73 modules, of four pixels each at the size that it is shown in. */
  qrBytes: 300,
} as const;
