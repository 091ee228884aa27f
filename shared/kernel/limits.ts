/** A limit on everything. Sizes in bytes, times in seconds. */
export const LIMITS = {
  /** A JSON body. The largest honest order (10 lines with metadata) is under 16 KB. */
  jsonBodyBytes: 256 * 1024,
  linesPerOrder: 10,
  /**
   * Codes in one order. Each is a conditional write of its own inside one 29 s request: 50 in parallel take a few
   * hundred milliseconds and keep the order item under 2 KB.
   */
  codesPerOrder: 50,
  /**
   * A larger order has a workflow sell its codes: so many in all, so many in each of its steps. A step has 20 s; 2,000
   * writes of some 5 ms, 64 at once, take a fraction of a second, and so does what goes back, fifty codes to a transaction.
   */
  codesPerLargeOrder: 100_000,
  codesPerStep: 2_000,
  returnsPerStep: 1_000,
  /** Numbers of returns that a giver puts on sale for those behind him: one read of a partition or two. The sweeper does the rest. */
  returnsPerLook: 50,
  idempotencyKeyLength: 255,
  /** How long a process remembers an API key that it has read strongly: as long may one that is revoked be used. */
  keyRememberedSeconds: 5,

  /** A code: no card code, link or licence we know of is longer. */
  codeBytes: 1024,
  /** An inline import: 5,000 lines are 103 transactions of 49, about 10 s of the 29 a request has. */
  importLines: 5_000,
  importBytes: 4 * 1024 * 1024,
  /** Different expiry dates in one file; each is a range of its own. */
  importExpiries: 20,
  /** A file that is uploaded: a million codes of any length we know of. */
  uploadLines: 1_000_000,
  uploadBytes: 512 * 1024 * 1024,
  /** What is done between two notes of progress: about ten seconds' work, which is what a crash costs. */
  segmentLines: 5_000,
  segmentBytes: 4 * 1024 * 1024,
  uploadSeconds: 3600,
  /** A file that was put there and never started is kept for a day. */
  fileAwaitsStartSeconds: 24 * 3600,
  /** An import that was made and never started is forgotten after so long. */
  importAwaitsStartSeconds: 30 * 24 * 3600,
  /** What was refused of each segment can be read so long after an import is over. */
  segmentsKeptSeconds: 90 * 24 * 3600,
  /** Codes under one KMS data key. */
  codesPerDataKey: 1_000,
  /** A data key as KMS wraps it: 184 bytes; one that is sealed elsewhere may come to this, and no slot over 4 KB. */
  wrappedKeyBytes: 512,

  /**
   * How long a ticket may stay unused before the sweeper takes it for lost. A request lives at most 29 s; four times
   * that leaves room for clocks that differ.
   */
  holdSeconds: 120,
  /**
   * The sweeper comes each minute, more or less. It notes how far each range was drawn no more often than this, so that a range
   * keeps five notes at most: one that is ripe, and those of a hold time.
   */
  secondsBetweenNotes: 30,
  /** How long an order that is paid later keeps its codes, where its products say nothing. */
  unpaidSeconds: 900,
  /** Orders that wait for their payment, of one buyer and of one channel: whoever hoards does not pay for it. */
  unpaidPerBuyer: 5,
  unpaidPerChannel: 1_000,
  /** A counter of unpaid orders that nobody has touched for so long says nothing: each order is paid or given up before that. */
  unpaidCounterKeptSeconds: 90 * 24 * 3600,
  /** A code must be good for at least this long when it is sold. */
  minimumValiditySeconds: 300,
  /** Ranges tried for one draw; then so many are looked at in one read, and those with stock tried, until there are no more. */
  rangesPerTicket: 10,
  rangesPerLook: 100,
  /** Slots looked at in one sweep of one range. */
  slotsPerSweep: 20_000,
  /**
   * What imports, transfers and lanes fill of a pool's list of ranges, which is one item: some 4,500 ranges of 57 bytes. Up to the wall, an
   * item's 400 KB, there is room for about two thousand more, those of codes that come back.
   */
  listBytes: 260_000,
  /** Ranges that a pool's stock of one expiry may be cut into: each takes a thousand buyers a second. */
  lanes: 16,
  /** Slots counted in one request: eight partitions of 64 at a time, some 5 ms each, are 100,000 in about a second. */
  slotsPerCount: 100_000,

  /** Slots looked at in one step of a restore: some of them are then written, 64 at once. */
  slotsPerRestore: 50_000,

  /**
   * Lanes of an account: each takes some fifty to seventy sales a second (`npm run bench -- hot-account`), for a pending weighs about 100 bytes until it is booked, about a
   * second later. Whoever adds the lanes up reads all of them, twice.
   */
  accountLanes: 32,
  /**
   * Pendings in one lane, some 26 KB: beyond that a debit is told `busy`. A write to the lane costs 26 units then, so booking, 25
   * at a time, still takes off 950 a second; and the wall, an item's 400 KB, is far away.
   */
  pendingsPerLane: 250,
  /** Tries of a debit whose lane is short: each begins with a look at all lanes, and lost to others. */
  debitTries: 10,

  /** Turns of one order's decision loop before we say "busy": each lost race is one turn. */
  turnsPerAdvance: 25,

  /** A line in `placing` belongs to the call that put it there for this long: that function is stopped after 20 s. */
  placingSeconds: 25,
  /** A source that could not be reached is tried again after 2 s, doubled, at most 5 min; after an hour of that a person decides. */
  firstRetrySeconds: 2,
  longestRetrySeconds: 300,
  sourceWaitSeconds: 3600,
  /**
   * A supplier is sick after this many failed calls in a row, none longer after the last than the window; then nobody calls
   * it but one probe in each pause.
   */
  failuresToSick: 5,
  failureWindowSeconds: 60,
  probePauseSeconds: 30,
  /** How old what a process knows of suppliers and their health may be. */
  supplierCacheSeconds: 3,
  /** What a supplier's catalogue said this long ago is no news any more; a rate of exchange lives longer. */
  offerFreshSeconds: 24 * 3600,
  /** What it said of its stock is news for three readings of its catalogue, and what we can spend there for less than one. */
  stockFreshSeconds: 45 * 60,
  balanceFreshSeconds: 5 * 60,
  rateFreshSeconds: 3 * 24 * 3600,
  /** What changed in a supplier's catalogue can be looked up for this long. */
  offerChangesKeptSeconds: 90 * 24 * 3600,
  /** Growing waits between questions about an unknown outcome: 2 s, doubled, at most 5 min. */
  firstAskSeconds: 2,
  longestAskSeconds: 300,
  /** And a twentieth of the time that it has been waiting: a week is some 120 questions, and 25,000 events are a run's history. */
  askEachShareOfAge: 20,
  /** An outcome unknown for this long goes to a person. */
  unknownSeconds: 3600,
  /** What a supplier gets to answer when nothing else was agreed. */
  answerWithinSeconds: 900,
  /** Cards that a supplier says it has delivered may be handed over so much later; then a person asks for them. */
  goodsAwaitedSeconds: 3600,
  /** Nobody decided for 14 days: the workflow wakes and looks again, and the rule refunds what nobody can still deliver. */
  decisionSeconds: 14 * 24 * 3600,
  /** Refunds and replacements from this amount on take two people, in minor units: a thousand of most currencies. */
  twoPeopleFrom: 100_000,
  /** Principals that the settings map to people: 500 ARNs of 500 bytes stay under the 400 KB of an item. */
  people: 500,
  /** Reviews decided in one request, all at once: one supplier's slowest answer (15 s) must fit into its 29 s. */
  reviewsPerDecision: 25,
  /**
   * A look of an order's watch that is so late was missed, and the schedule begins the watch again. A failed look is tried again
   * by its queue for longer than that; only the newest message of a watch counts, so they can't multiply.
   */
  lookMissedSeconds: 120,
  /** How much later than its next look an order is thought to be missed, besides: queues and functions have slow minutes. */
  lookSlackSeconds: 480,
  /** Orders looked after in one minute, of each of sixteen shards. */
  ordersPerCare: 100,
  /** A record of the orders' stream that fails alone, and is so old, is set aside for a person: those behind it must go on. */
  recordSetAsideSeconds: 600,

  /** A failed run is started again by the watch after this long; after as long again as it has been broken, an hour at most. */
  restartAfterSeconds: 600,
  longestRestartSeconds: 3600,

  callbackBytes: 256 * 1024,
  /** A supplier's raw callback is evidence for this long. */
  callbackKeptSeconds: 90 * 24 * 3600,

  /** A supplier may take back what was bought ahead: its reference is known for so long. */
  purchaseKeptSeconds: 400 * 24 * 3600,

  /** Why something failed is kept as long as its dead letter (14 days, as SQS can), and a week for whoever comes after. */
  failureKeptSeconds: 21 * 24 * 3600,
  /** Looks into a queue of dead letters, ten at most in each: SQS shows some, not all. */
  looksPerDeadLetterQueue: 5,
  /** Dead letters replayed in one call: each takes up to a dozen calls of about 10 ms, and the call has 29 s. */
  lettersPerReplay: 100,

  /** What an Idempotency-Key was used for: longer than dead letters, alarms and a month's accounts, from which a call is repeated. */
  requestNoteKeptSeconds: 40 * 24 * 3600,
  /** A key whose request was refused: the note has nothing to say any more. */
  freeNoteKeptSeconds: 24 * 3600,

  pageSize: 50,
  largestPage: 100,
  /** A page of goods: ten reads of a hundred, some hundred milliseconds, and 200 KB of answer at most. */
  largestGoodsPage: 1_000,
  /** The link to a file of goods: time enough to fetch some 20 MB. S3's rule deletes the file itself, after two days and more. */
  goodsLinkSeconds: 900,
} as const;
