import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { Db } from "../aws/dynamo.ts";
import { acrossChannels } from "../channels/across.ts";
import { LIMITS } from "../kernel/limits.ts";
import { type DepositPayment, depositPaymentId, isDeposit } from "./deposit-model.ts";
import { type DepositState, depositStateOf } from "./deposit-states.ts";
import { readPayment } from "./payments.ts";
import { depositsOf, paymentIdIn } from "./table.ts";

/** Reads the payment of a deposit that is not refused, or else the last one that was. Undefined: there is no deposit of this id. */
export async function findDeposit(deps: Db<"orders">, depositId: string): Promise<DepositPayment | undefined> {
  let newest: DepositPayment | undefined;
  for (let attempt = 1; attempt <= LIMITS.paymentsPerOrder; attempt++) {
    const payment = await readPayment(deps, depositPaymentId(depositId, attempt));
    if (payment === undefined || !isDeposit(payment)) return newest;
    newest = payment;
    if (payment.state !== "failed") return newest;
  }
  return newest;
}

/** Reads a deposit of a channel. Undefined: the channel has none of this id. */
export async function findOwnDeposit(
  deps: Db<"orders">,
  channelId: string,
  depositId: string,
): Promise<DepositPayment | undefined> {
  const payment = await findDeposit(deps, depositId);
  return payment?.channelId === channelId ? payment : undefined;
}

/** Which deposits. Times are RFC 3339: begun at `since` or later, and before `until`. Without a state: all but those that were refused. */
export type DepositFilter = {
  state?: DepositState | undefined;
  since?: string | undefined;
  until?: string | undefined;
};

type Page = { deposits: DepositPayment[]; next: string | null };

/** The index of the orders table that lists what channels have, by time. */
const INDEX = "byChannelShard";
/** Sorts behind every time. */
const BEHIND_ALL = "~";

/**
 * Reads a page of a channel's deposits, the newest first. No index knows states: they are compared after reading, so a page may be short,
 * even empty, and still have a `next`. It may be a second old.
 */
export async function listDeposits(
  deps: Db<"orders">,
  channelId: string,
  { state, since = "", until = BEHIND_ALL }: DepositFilter,
  limit: number,
  before = until,
): Promise<Page> {
  const page = await deps.db.send(
    new QueryCommand({
      TableName: deps.tables.orders,
      IndexName: INDEX,
      KeyConditionExpression: "listShard = :deposits AND listKey < :before",
      ExpressionAttributeValues: { ":deposits": depositsOf(channelId), ":before": before < until ? before : until },
      ScanIndexForward: false,
      Limit: limit,
    }),
  );
  const places = page.Items ?? [];
  const recent = places.filter((item) => String(item["listKey"]) >= since);
  const read = await Promise.all(recent.map((item) => readPayment(deps, paymentIdIn(item))));
  const deposits = read
    .filter((one) => one !== undefined)
    .filter(isDeposit)
    .filter((one) => isIn(state, depositStateOf(one)));
  const last: unknown = page.LastEvaluatedKey?.["listKey"];
  return { deposits, next: typeof last === "string" && recent.length === places.length ? last : null };
}

const isIn = (wanted: DepositState | undefined, state: DepositState): boolean =>
  wanted === undefined ? state !== "refused" : state === wanted;

/** Looks for deposits in every channel, within a channel the newest first. `next` says where the next call goes on. */
export async function searchDeposits(
  deps: Db<"orders" | "identity">,
  filter: DepositFilter,
  limit: number,
  after = "",
): Promise<Page> {
  const { items, next } = await acrossChannels(deps, after, async (channelId, place) => {
    const page = await listDeposits(deps, channelId, filter, limit, place);
    return { items: page.deposits, next: page.next };
  });
  return { deposits: items, next };
}
