import type { Db, Writes } from "../aws/dynamo.ts";
import type { Clock } from "../kernel/clock.ts";
import { fingerprintOf } from "../kernel/ids.ts";
import type { Money } from "../kernel/money.ts";
import { ok, type Result, refuse } from "../kernel/problem.ts";
import type { BookDeps } from "../ledger/books.ts";
import { findDeposit, proposeReversal, reverse } from "../ledger/deposits.ts";
import { nameOf } from "../ledger/entries.ts";
import type { Deposit } from "../ledger/stored.ts";
import { newRefund, refundWrite } from "../payments/payments.ts";
import { readReviewSettings } from "./settings.ts";
import { type Decider, knownAs, proposedBy, secondPerson } from "./two-people.ts";

export type ReverseDeps = BookDeps & Db<"operations" | "orders"> & { clock: Clock };

/** How the reversal of a deposit stands. `proposed`: somebody else must say the same. */
export type Reversal = { channelId: string; reference: string; money: Money; state: "proposed" | "reversed" };

/** What a call to reverse a deposit would do. `done`: it was reversed before. */
export type PlannedReversal = { channelId: string; reference: string; found: Deposit } & (
  | { step: "done" }
  | { step: "proposed"; proposal: NonNullable<Deposit["proposal"]> }
  | { step: "reversed"; proposedBy: string }
);

/**
 * Plans the reversal of a deposit that was wrong. It takes two people, whatever its amount: money that was never paid in buys goods like
 * any other. Nothing is written.
 */
export async function planReversal(
  deps: ReverseDeps,
  channelId: string,
  reference: string,
  by: Decider,
): Promise<Result<PlannedReversal>> {
  const found = await findDeposit(deps, channelId, reference);
  if (found === undefined) return refuse("not_found", "The channel has no deposit of this reference.");
  const of = { channelId, reference, found };
  if (found.reversedAt !== undefined) return ok({ ...of, step: "done" });
  const settings = await readReviewSettings(deps);
  const known = knownAs(by, settings);
  const substance = fingerprintOf({ channelId, reference });
  const { proposal } = found;
  const second = secondPerson(substance, known, proposal, settings);
  if (!second.ok) return second;
  if (second.value === "confirm") return ok({ ...of, step: "reversed", proposedBy: proposedBy(proposal) });
  const { operator, person } = known;
  const at = deps.clock().toISOString();
  return ok({
    ...of,
    step: "proposed",
    proposal: { substance, by: operator, ...(person === undefined ? {} : { person }), at },
  });
}

/**
 * Does what was planned. The money leaves the account at once, whether or not it was spent. What a channel paid at a provider goes back
 * there: its payment asks for the refund in the same write.
 */
export async function carryOutReversal(deps: ReverseDeps, planned: PlannedReversal): Promise<Result<Reversal>> {
  const { channelId, reference, found } = planned;
  const money = { amount: found.amount, currency: found.currency };
  const now = deps.clock();
  const isDone =
    planned.step === "proposed"
      ? await proposeReversal(deps, channelId, reference, planned.proposal)
      : planned.step === "done" ||
        (await reverse(deps, channelId, reference, found, now, backAtProvider(deps, planned, now)));
  if (!isDone) return refuse("changed_meanwhile", "Somebody else has just decided about this deposit; look again.");
  return ok({ channelId, reference, money, state: planned.step === "proposed" ? "proposed" : "reversed" });
}

/** A deposit that was paid at a provider has its payment's id for a reference. */
function backAtProvider(deps: ReverseDeps, { reference, found }: PlannedReversal, now: Date): Writes {
  if (found.provider === undefined) return [];
  const cause = nameOf({ kind: "deposit_reversal", reference });
  const refund = newRefund(reference, { cause, round: 1, amount: found.amount, requestedAt: now.toISOString() });
  return [refundWrite(deps, reference, refund, now)];
}
