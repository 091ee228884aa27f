import type { BookAccount } from "./chart.ts";
import type { Zone } from "./day.ts";
import { type Booked, entryOf, type Leg, nameOf, PLATFORM } from "./entries.ts";

/**
 * By how much the parts of a disputed amount grow, in minor units; fewer are negative. `pending`: nobody has decided yet · `channel`: the
 * channel owes it to us · `owed`: we owed it to the payer anyway · `loss`: it is lost. Together they are what the provider takes now.
 */
export type DisputeMove = { pending: number; channel: number; owed: number; loss: number };

type OfDispute = { disputeId: string; entry: number; provider: string; channelId: string };

/**
 * Makes the entries by which the money of a dispute moves: one, and another one if the fee is in another currency. None if nothing
 * moves. What a channel owes stands in its own book.
 */
export function disputeEntries(
  of: OfDispute,
  currency: string,
  moves: DisputeMove,
  fee: { amount: number; currency: string },
  times: { at: string; zone: Zone },
): Booked[] {
  const { disputeId, entry, provider, channelId } = of;
  const cause = { kind: "dispute", disputeId, entry } as const;
  const isOneCurrency = fee.currency === currency;
  const fees = { account: `fees:${provider}`, amount: fee.amount } as const;
  const main = legsOf(provider, [
    { account: `disputed:${provider}`, amount: moves.pending },
    { account: `channel:${channelId}`, amount: moves.channel },
    { account: `suspense:${provider}`, amount: moves.owed },
    { account: "platform:losses", amount: moves.loss },
    ...(isOneCurrency ? [fees] : []),
  ]);
  const owner = moves.channel === 0 ? PLATFORM : channelId;
  const alone = isOneCurrency ? [] : legsOf(provider, [fees]);
  return [
    ...(main.length === 0 ? [] : [{ owner, entry: entryOf(cause, currency, main, times) }]),
    ...(alone.length === 0
      ? []
      : [{ owner: PLATFORM, entry: entryOf({ ...cause, of: "fee" }, fee.currency, alone, times, nameOf(cause)) }]),
  ];
}

/** Makes the legs that move something, with what the provider holds less or more for it. */
function legsOf(provider: string, parts: readonly Leg[]): Leg[] {
  const legs = parts.filter(({ amount }) => amount !== 0);
  const taken = legs.reduce((sum, { amount }) => sum + amount, 0);
  const held: BookAccount = `provider:${provider}`;
  return [...legs, ...(taken === 0 ? [] : [{ account: held, amount: 0 - taken }])];
}
