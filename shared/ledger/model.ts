/**
 * A part of a channel's prepaid account in one currency. An item takes a thousand write units a second, so a busy
 * channel's account is cut into several lanes, and each order is debited in one of them. `spendable` is balance plus
 * credit less everything pending; it is stored, because a condition can't add.
 */
export type Lane = {
  channelId: string;
  currency: string;
  /** Its number. Absent: the first lane, which is all that an account without lanes has. */
  lane?: number;
  spendable: number;
  credit: number;
  /** Sum of all posted sales, for the ledger's own check. */
  posted: number;
  /** Money set aside for orders and not booked yet, by order and epoch. */
  pending: Record<string, Pending>;
  /** How often money came to this lane: by deposits, refunds, voided pendings and moves from other lanes. */
  gains?: number;
  /** First lane only: the number of lanes. It never becomes smaller. Absent: one. */
  lanes?: number;
};

/** Names one lane of one account. */
export type LaneName = { channelId: string; currency: string; lane: number };
export type AccountName = Omit<LaneName, "lane">;

/** A channel's prepaid account in one currency: its lanes, and the sums over them. */
export type Account = AccountName & {
  spendable: number;
  credit: number;
  posted: number;
  lanes: readonly Lane[];
  /** False: money came to a lane while the lanes were read, so the sums may have missed some of it. */
  isSteady: boolean;
};

export function accountOf(lanes: readonly Lane[], isSteady: boolean): Account | undefined {
  const [first] = lanes;
  if (first === undefined) return undefined;
  const sum = (what: "spendable" | "credit" | "posted"): number => lanes.reduce((all, lane) => all + lane[what], 0);
  const { channelId, currency } = first;
  return {
    channelId,
    currency,
    spendable: sum("spendable"),
    credit: sum("credit"),
    posted: sum("posted"),
    lanes,
    isSteady,
  };
}

/**
 * Gives all pendings of an account. An order may have several: of its epochs, and of helpers of whom only one has paid.
 */
export function pendingsIn(account: Pick<Account, "lanes">): { key: string; pending: Pending }[] {
  return account.lanes.flatMap((lane) => Object.entries(lane.pending).map(([key, pending]) => ({ key, pending })));
}

/** Money set aside. The nonce tells two debits of one order apart: the order names the one that paid. */
export type Pending = { amount: number; nonce: string; at: string };

export const pendingKey = (orderId: string, epoch: number): string => `${orderId}@${epoch}`;
