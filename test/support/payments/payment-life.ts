/**
 * One order's payment life as the documents have it: what the order may say at any moment, and how it must end. It is written from the
 * READMEs of payments, orders and disputes, and knows nothing of the code.
 */
export const LINES = { "1": 3, "2": 1 } as const;
export type LineId = keyof typeof LINES;
/** What a buyer pays for each piece, in fen; and what of it is the order's total. */
export const RETAIL = 137;
export const PRICE = 100;
/** All pieces. */
export const ALL = LINES["1"] + LINES["2"];
export const WHOLE = ALL * RETAIL;

/** An order's state as a storefront sees it. */
export type Shown = string;

export class PaymentLife {
  /** Attempts that were paid what they ask for, and those that were paid another amount. No provider takes money twice for one. */
  readonly right = new Set<number>();
  readonly wrong = new Set<number>();
  isTimeOver = false;
  isCancelled = false;
  /** Others have bought the codes before the order could have them, or they were with a process that has died. */
  isGone = false;
  /** The codes are not on sale now, or may leave it in this moment, because a process has died or dies. */
  mayBeGone = false;
  isSold = false;
  isSeen = false;
  readonly back: Record<LineId, number> = { "1": 0, "2": 0 };
  /** What persons have paid in another way, because the provider could not give it back. */
  elsewhere = 0;
  dispute: "inquiry" | "opened" | "won" | "lost" | undefined;
  /** Its payment was lost before anybody had seen the goods, and no whole line had gone back: what is left goes back to stock. */
  private isTakenBack = false;

  get isPaid(): boolean {
    return this.right.size > 0;
  }
  get isHeld(): boolean {
    return this.dispute === "opened" || this.dispute === "lost";
  }
  left(line: LineId): number {
    return LINES[line] - this.back[line];
  }
  get piecesBack(): number {
    return this.back["1"] + this.back["2"];
  }

  /** A delivered order, by what went back of it. */
  private delivered(): Shown {
    if (this.piecesBack === ALL) return "refunded";
    return this.left("1") === 0 || this.left("2") === 0 ? "partly_fulfilled" : "fulfilled";
  }

  /** What the order may say now. Whoever works at it may have stopped on the way. */
  allowed(): Set<Shown> {
    if (this.isCancelled) return new Set(["cancelled"]);
    if (this.isSold) return new Set([this.delivered(), "refunding", ...(this.isTakenBack ? ["cancelled"] : [])]);
    const waits = ["awaiting_payment", ...(this.isTimeOver ? ["expired"] : [])];
    if (!this.isPaid) return new Set(waits);
    const isBack = this.isGone || (this.isTimeOver && this.mayBeGone);
    return new Set([
      ...waits,
      "fulfilling",
      ...(isBack ? ["refunding", "refunded"] : []),
      ...(this.isGone ? [] : ["fulfilled"]),
    ]);
  }

  /** The order was seen in a state that `allowed` has. */
  observe(state: Shown): void {
    if (state === "fulfilled") this.isSold = true;
    // What was paid and never sold goes back, and nobody can have it any more.
    if (!this.isSold && (state === "refunding" || state === "refunded")) this.isGone = true;
  }

  /** An order is cancelled until somebody has seen its goods; nothing of it may have been refunded as a whole line. */
  mayCancel(shown: Shown): boolean {
    return ["awaiting_payment", "fulfilling", "fulfilled"].includes(shown) && !this.isSeen;
  }

  mayRefund(shown: Shown, line: LineId | undefined, pieces: number | undefined): boolean {
    if (!["fulfilled", "partly_fulfilled"].includes(shown) || this.isHeld) return false;
    if (line === undefined) return pieces === undefined && this.piecesBack < ALL;
    return this.left(line) > 0 && (pieces ?? 1) <= this.left(line);
  }

  refund(line: LineId | undefined, pieces: number | undefined): void {
    for (const id of line === undefined ? (["1", "2"] as const) : [line])
      this.back[id] += line === undefined ? this.left(id) : (pieces ?? this.left(id));
  }

  lose(): void {
    this.isTakenBack ||= !this.isSeen && this.delivered() === "fulfilled";
    this.dispute = "lost";
  }

  /** How the order ends, when all that is due was done. */
  end(): Shown {
    if (this.isCancelled) return "cancelled";
    if (!this.isPaid) return "expired";
    if (this.isGone) return "refunded";
    return this.isTakenBack ? "cancelled" : this.delivered();
  }

  /**
   * What is left of all that was paid: at the providers, or with a person who has paid what they could not. A bank that is still asking
   * lets refunds go, and may take what it first asked for all the same: `takenTwice` of that had gone back.
   */
  kept(takenTwice: number): number {
    if (this.dispute === "lost") return -takenTwice;
    if (this.isCancelled || !this.isPaid || this.isGone || this.isTakenBack) return 0;
    return WHOLE - this.piecesBack * RETAIL;
  }
}
