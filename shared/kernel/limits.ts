import { CASE_LIMITS } from "./case-limits.ts";
import { DISPUTE_LIMITS } from "./dispute-limits.ts";
import { KEY_LIMITS } from "./key-limits.ts";
import { LINK_LIMITS } from "./link-limits.ts";
import { MESSAGE_LIMITS } from "./message-limits.ts";
import { PAYMENT_LIMITS } from "./payment-limits.ts";
import { PRICE_LIMITS } from "./price-limits.ts";
import { RECONCILIATION_LIMITS } from "./reconciliation-limits.ts";
import { WEBHOOK_LIMITS } from "./webhook-limits.ts";

/** Every limit of the platform. Sizes are in bytes, times in seconds. */
export const LIMITS = {
  ...PRICE_LIMITS,
  /** Size of a JSON body. The largest real order (10 lines with metadata) is under 16 KB. */
  jsonBodyBytes: 256 * 1024,
  linesPerOrder: 10,
  /**
   * Codes in an order that is sold in the answer to its request. Each code is a conditional write, and a request has
   * 29 s: 50 writes in parallel take a few hundred milliseconds and keep the order item under 2 KB.
   */
  codesPerOrder: 50,
  /**
   * A larger order is sold by a workflow: this many codes in all, and this many in each step. A step has 20 s. 2,000
   * writes of about 5 ms, 64 at a time, take a fraction of a second; so does giving codes back, fifty to a
   * transaction.
   */
  codesPerLargeOrder: 100_000,
  codesPerStep: 2_000,
  returnsPerStep: 1_000,
  /** Items of a table that one call copies to another table, or compares with it. */
  itemsPerMigration: 500,
  /** Numbers behind its own that a process may put on sale when it gives a code back: a read or two; the sweeper does the rest. */
  returnsPerLook: 50,
  idempotencyKeyLength: 255,
  /** How long a process remembers an API key after a strong read. A revoked key may be used for this long. */
  keyRememberedSeconds: 5,

  /** Length of a code. No card code, link or licence that we know of is longer. */
  codeBytes: 1024,
  /** An import in one request: 5,000 lines are 103 transactions of 49 codes, about 10 s of the 29 s that a request has. */
  importLines: 5_000,
  importBytes: 4 * 1024 * 1024,
  /** Different expiry dates in one file. Each of them gets a range of its own. */
  importExpiries: 20,
  /** An uploaded file: a million codes of any length that we know of. */
  uploadLines: 1_000_000,
  uploadBytes: 512 * 1024 * 1024,
  /** What an import does between two notes of progress: about ten seconds' work. A crash costs that much. */
  segmentLines: 5_000,
  segmentBytes: 4 * 1024 * 1024,
  uploadSeconds: 3600,
  /** A file that was uploaded and never started is kept for a day. */
  fileAwaitsStartSeconds: 24 * 3600,
  /** An import that was made and never started is forgotten after this time. */
  importAwaitsStartSeconds: 30 * 24 * 3600,
  /** The refused lines of a segment can be read for this long after the import is over. */
  segmentsKeptSeconds: 90 * 24 * 3600,
  /** Codes under one KMS data key. */
  codesPerDataKey: 1_000,
  /** A wrapped data key: KMS makes 184 bytes, and one sealed elsewhere may have this many, so that no slot is over 4 KB. */
  wrappedKeyBytes: 512,

  /**
   * How long a ticket may stay unused before the sweeper takes it for lost. A request lives 29 s at most; four times
   * that leaves room for clocks that differ.
   */
  holdSeconds: 120,
  /**
   * The sweeper runs about once a minute and notes how far each range was drawn, but no more often than this. So a
   * range keeps five notes at most: one that is old enough to act on, and those of a ticket's lifetime.
   */
  secondsBetweenNotes: 30,
  /** How long a deferred order holds its codes, if its products don't say. */
  unpaidSeconds: 900,
  /** Unpaid orders of one buyer and of one channel: holding stock costs the buyer nothing, so it has a limit. */
  unpaidPerBuyer: 5,
  unpaidPerChannel: 1_000,
  /** The most that an operator may allow a channel: the index of unpaid orders has room for so many, and it is more than a fat-fingered limit. */
  highestUnpaidLimit: 1_000_000,
  /**
   * A counter of unpaid orders that was not changed for this long has no meaning any more: each order is paid or
   * given up before that.
   */
  unpaidCounterKeptSeconds: 90 * 24 * 3600,
  ...PAYMENT_LIMITS,
  /** How long a channel may take to pay a deposit that it has begun at a provider. */
  depositSeconds: 3_600,
  /** Payments that one order may begin: each new one closes those before it. */
  paymentsPerOrder: 10,
  /** How much longer the codes of an order are kept whose payment may have been made in the last second. */
  unknownPaymentSeconds: 600,
  /** So long after a refund was decided a person is told that its provider has not taken it; or works on it, as some banks do for a week. */
  refundNotTakenSeconds: 24 * 3600,
  refundWorkedOnSeconds: 14 * 24 * 3600,
  /** The hosts to which the buyers of one channel may be sent back. */
  returnHosts: 20,
  /** The characters that a payer reads about the goods: WeChat Pay takes 127 bytes, which may be as few as 42 characters of Chinese. */
  paymentDescription: 40,
  /**
   * How often an operator may refund an order in part; then all that is left goes back at once. Each time adds some 400 bytes to its payment,
   * which is one item of 400 KB at most, and makes every later write of it dearer. With so many it has 40 KB.
   */
  refundRounds: 100,
  /** Steps that one call takes with a payment, or a dispute. */
  turnsPerPayment: 20,
  /** A code must be good for at least this long when it is sold. */
  minimumValiditySeconds: 300,
  /**
   * How many ranges one draw tries one by one. After that it reads this many at a time and tries those with stock,
   * until there are no more.
   */
  rangesPerTicket: 10,
  rangesPerLook: 100,
  /** Slots looked at in one sweep of one range. */
  slotsPerSweep: 20_000,
  /**
   * How much of a pool's list of ranges imports, transfers and lanes may fill. The list is one item; this is about
   * 4,500 ranges of 57 bytes. Up to an item's limit of 400 KB there is room for about two thousand more: those of
   * codes that come back.
   */
  listBytes: 260_000,
  /** Lanes of a pool's stock of one expiry. Each takes a thousand buyers a second. */
  lanes: 16,
  /**
   * Slots counted in one request: eight partitions of 64 slots at a time, about 5 ms each, are 100,000 in about a
   * second.
   */
  slotsPerCount: 100_000,

  /** Slots read in one step of a restore. Some of them are then written, 64 at a time. */
  slotsPerRestore: 50_000,

  /**
   * Lanes of an account. Each takes 50 to 70 sales a second (`npm run bench -- hot-account`): a pending weighs about
   * 100 bytes until it is booked, about a second later. To add the lanes up means to read all of them, twice.
   */
  accountLanes: 32,
  /**
   * Pendings in one lane, about 26 KB. Beyond that a debit answers `busy`. A write to the lane then costs 26 units,
   * so booking, 25 at a time, still takes off 950 a second. An item's limit of 400 KB is far away.
   */
  pendingsPerLane: 250,
  /** Tries of a debit whose lane is short. Each try reads all lanes; a try fails when another debit was faster. */
  debitTries: 10,

  /** Steps that one call takes with an order before it answers "busy". Each lost race costs one step. */
  turnsPerAdvance: 25,

  /** A line in `placing` belongs for this long to the call that put it there: that function is stopped after 20 s. */
  placingSeconds: 25,
  /**
   * A source that could not be reached is tried again after 2 s, doubled each time, at most 5 min. After an hour of
   * that a person decides.
   */
  firstRetrySeconds: 2,
  longestRetrySeconds: 300,
  sourceWaitSeconds: 3600,
  /**
   * A supplier is sick after this many failed calls in a row, if no two of them are further apart than the window.
   * Then only one probe in each pause calls it.
   */
  failuresToSick: 5,
  failureWindowSeconds: 60,
  probePauseSeconds: 30,
  /** How long a process remembers suppliers and their health. */
  supplierCacheSeconds: 3,
  /** How long a supplier's offer counts. A rate of exchange counts longer. */
  offerFreshSeconds: 24 * 3600,
  /** A supplier's stock counts for three readings of its catalogue; our balance there for less than one. */
  stockFreshSeconds: 45 * 60,
  balanceFreshSeconds: 5 * 60,
  rateFreshSeconds: 3 * 24 * 3600,
  /** How long changes of a supplier's catalogue can be read. */
  offerChangesKeptSeconds: 90 * 24 * 3600,
  /** Waits between questions about an unknown outcome: 2 s, doubled each time, at most 5 min. */
  firstAskSeconds: 2,
  longestAskSeconds: 300,
  /**
   * An old question may wait longer: a twentieth of its age. A week is about 120 questions; a run's history has room
   * for 25,000 events.
   */
  askEachShareOfAge: 20,
  /** An outcome unknown for this long goes to a person. */
  unknownSeconds: 3600,
  /** How long a supplier may take to answer, if nothing else was agreed. */
  answerWithinSeconds: 900,
  /**
   * How much later a supplier may hand over cards that it says it has delivered. After that a person asks for them.
   */
  goodsAwaitedSeconds: 3600,
  /**
   * How long a review may wait for a decision: 14 days. Then the workflow wakes, and a rule refunds what can't be
   * delivered any more.
   */
  decisionSeconds: 14 * 24 * 3600,
  /** Refunds and replacements from this amount on take two people, in minor units: a thousand of most currencies. */
  twoPeopleFrom: 100_000,
  /** Principals that the settings may map to people: 500 ARNs of 500 bytes stay under an item's 400 KB. */
  people: 500,
  /**
   * Reviews decided in one request, all at the same time: the slowest answer of a supplier (15 s) must fit into the
   * request's 29 s.
   */
  reviewsPerDecision: 25,
  /**
   * A look of an order's watch that is this late was missed; the schedule begins the watch again. The queue tries a
   * failed look again for longer than that. They can't multiply, because only the newest message of a watch counts.
   */
  lookMissedSeconds: 120,
  /** Additional time before a look counts as missed: queues and functions have slow minutes. */
  lookSlackSeconds: 480,
  /** Orders that the schedule looks after in one minute, of each of sixteen shards. */
  ordersPerCare: 100,
  /**
   * A record of the orders' stream that fails alone, and is this old, is set aside for a person, so that the records
   * behind it go on.
   */
  recordSetAsideSeconds: 600,

  /**
   * The watch starts a failed run again after this long, and later after as long again as the run has been broken; an
   * hour at most.
   */
  restartAfterSeconds: 600,
  longestRestartSeconds: 3600,
  callbackBytes: 256 * 1024,
  /** All credentials of a payment provider, as JSON: what one parameter of the store's advanced tier holds. */
  providerSecretsBytes: 8 * 1024,
  /** A supplier's raw callback is kept this long, as evidence. */
  callbackKeptSeconds: 90 * 24 * 3600,

  /** How long the reference of a purchase ahead is known: its supplier may take the goods back. */
  purchaseKeptSeconds: 400 * 24 * 3600,

  /**
   * How long the reason of a failure is kept: as long as its dead letter (14 days, the most that SQS takes) and a
   * week more.
   */
  failureKeptSeconds: 21 * 24 * 3600,
  /** Reads of a queue of dead letters, ten letters at most in each. SQS shows a sample, not all. */
  looksPerDeadLetterQueue: 5,
  /** Dead letters replayed in one call. Each takes up to a dozen calls of about 10 ms, and the request has 29 s. */
  lettersPerReplay: 100,

  /**
   * How long the use of an Idempotency-Key is remembered: longer than dead letters, alarms and a month's accounts,
   * which are the reasons why calls are repeated.
   */
  requestNoteKeptSeconds: 40 * 24 * 3600,
  /** How long the note of a refused request is kept. It says nothing any more. */
  freeNoteKeptSeconds: 24 * 3600,

  /** Pages that one search in the lists of all channels reads: some 30 ms each, and the request has 29 s. */
  searchPages: 50,
  /** How far back a search in all channels goes, unless it says. A buyer who asks has mostly bought within a month. */
  searchedSeconds: 31 * 24 * 3600,

  /**
   * Tries of a message before it is a dead letter. With a visibility of six time-outs these last for half an hour at most.
   */
  triesPerMessage: 5,
  /**
   * How long a consumer holds an event back that came before an earlier one, which is mostly a second behind. Then it
   * looks for the earlier one in the archive. That is longer than the six minutes after which the message of a call that
   * died is seen again. Meanwhile it sends the message to itself again, after a second, later after a minute.
   */
  eventHeldSeconds: 600,
  longestHoldBackSeconds: 60,
  /** How long one call has a subject for itself: longer than a consumer may run. */
  subjectClaimedSeconds: 90,
  /** How long a consumer knows what it has taken of a subject. Its next event after that may have to wait once. */
  cursorKeptSeconds: 60 * 24 * 3600,
  /** Objects of the archive that one look for a missing event reads, and how far around its time. */
  archivedObjectsPerLook: 300,
  archiveSlackSeconds: 60,
  /** Objects of the archive in one step of a replay: at most two thousand messages, twenty at a time. */
  archivedObjectsPerReplay: 20,
  /** How much older than its last event the first one of an object may be: a batch holds what waited in the stream. */
  archivedBatchSeconds: 3600,

  ...WEBHOOK_LIMITS,
  ...CASE_LIMITS,
  ...DISPUTE_LIMITS,
  ...RECONCILIATION_LIMITS,
  ...MESSAGE_LIMITS,
  ...LINK_LIMITS,
  ...KEY_LIMITS,

  pageSize: 50,
  largestPage: 100,
  /** Entries in one page of a check of the books: half a megabyte read, 60 KB of names in the answer. */
  entriesPerCheck: 1_000,
  /** A page of deliverables: ten reads of a hundred, some hundred milliseconds, and 200 KB of answer at most. */
  largestGoodsPage: 1_000,
  /** How long the link to a file of deliverables is good: enough for about 20 MB. S3's rule deletes it after two days and more. */
  goodsLinkSeconds: 900,
} as const;
