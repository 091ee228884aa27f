import type { Db, Writes } from "../aws/dynamo.ts";
import { transact } from "../aws/dynamo.ts";
import type { Clock } from "../kernel/clock.ts";
import { fingerprintOf } from "../kernel/ids.ts";
import { marginWrites } from "../ledger/accounts.ts";
import { type BookDeps, bookingWrites } from "../ledger/books.ts";
import { disputeEntries } from "../ledger/dispute-entries.ts";
import { noteStuck } from "../orders/note-stuck.ts";
import { checkoutMargin } from "../orders/payers.ts";
import { readOrder } from "../orders/table.ts";
import type { DisputeNews } from "../payments/dispute-contract.ts";
import type { Payment } from "../payments/model.ts";
import { movePayment } from "../payments/payments.ts";
import type { DisputeName } from "../payments/queue.ts";
import { dueWith } from "../payments/record.ts";
import { type Dispute, disputeIdFor, heldOf, isStale, nextLook } from "./model.ts";
import { type Booked, NOTHING, positionOf, settleRefunds } from "./position.ts";
import { changed, type DisputeChange, disputeWrite } from "./table.ts";

export type RecordDeps = Db<"orders" | "operations"> & BookDeps & { clock: Clock };

/** Changes a dispute, if it is still what the caller read. Undefined: it was changed meanwhile. */
export async function moveDispute(
  deps: Db<"operations">,
  from: Dispute,
  change: DisputeChange,
): Promise<Dispute | undefined> {
  const to = changed(from, change);
  const written = await transact(deps.db, [disputeWrite(deps, to, from.version)]);
  return written.ok ? to : undefined;
}

/**
 * Notes what a provider says of a dispute, in one write with what that means to its payment, to the books, and to a channel that owes us
 * its deposit. News that is older than what we know changes nothing. Undefined: somebody has changed the dispute or the payment meanwhile.
 */
export async function recordNews(
  deps: RecordDeps,
  name: DisputeName,
  known: Dispute | undefined,
  payment: Payment,
  news: DisputeNews,
): Promise<Dispute | undefined> {
  const now = deps.clock();
  if (known !== undefined && isStale(known, news))
    return moveDispute(deps, known, { asked: 0, dueAt: nextLook(known, now) });
  const { words: _words, paymentId: _payment, ...said } = news;
  const from = known ?? begun(name, payment, said, now);
  // What it says no more is gone, as a deadline is.
  const gone = { answerBy: undefined, completeBy: undefined, dueAt: undefined };
  const turn = from.turn + (known?.state === news.state ? 0 : 1);
  const heard = changed(from, { ...gone, ...said, ...answered(from, news), turn, asked: 0 });

  const held = heldOf(news.funds);
  const disputes = { ...payment.disputes, [heard.id]: { state: heard.state, held, owed: 0 } };
  const refunds = settleRefunds(payment, disputes, now.toISOString());
  const booked = positionOf(heard, { ...payment, refunds, disputes }, await marginOf(deps, heard));
  const writes = await bookWrites(deps, heard, from.booked, booked);
  const entries = heard.entries + (writes.length > 0 ? 1 : 0);
  const to: Dispute = { ...heard, booked, entries, ...dueAgain(heard, now) };
  const put = disputeWrite(deps, to, from.version);

  const ofPayment = { disputes: { ...disputes, [heard.id]: { state: heard.state, held, owed: booked.owed } }, refunds };
  const isNews = fingerprintOf(ofPayment) !== fingerprintOf({ disputes: payment.disputes, refunds: payment.refunds });
  if (!isNews && writes.length === 0) return (await transact(deps.db, [put])).ok ? to : undefined;
  const due = Object.values(refunds).length === 0 ? {} : dueWith(refunds, now.toISOString());
  const moved = await movePayment(deps, payment, { ...ofPayment, ...due }, [put, ...writes]);
  if (moved === undefined) return undefined;
  // A dispute may have paid a refund that was stuck, or taken the money of one.
  await noteStuck(deps, moved);
  return to;
}

function dueAgain(dispute: Dispute, now: Date): Pick<Dispute, "dueAt"> {
  const dueAt = nextLook(dispute, now);
  return dueAt === undefined ? {} : { dueAt };
}

/** A dispute as we meet it. */
function begun(
  { provider, disputeId }: DisputeName,
  { id: paymentId, channelId, purpose, correlationId }: Payment,
  said: Omit<DisputeNews, "words" | "paymentId">,
  now: Date,
): Dispute {
  return {
    ...said,
    id: disputeIdFor(provider, disputeId),
    version: 0,
    provider,
    disputeId,
    paymentId,
    channelId,
    ...(purpose.kind === "order" ? { orderId: purpose.orderId } : {}),
    seenAt: now.toISOString(),
    booked: NOTHING,
    entries: 0,
    turn: 0,
    asked: 0,
    ...(correlationId === undefined ? {} : { correlationId }),
  };
}

/** The provider has our answer: the call in which it did not say so has got through. */
const answered = ({ answer }: Dispute, { isAnswered, state }: DisputeNews): DisputeChange =>
  answer?.state === "sending" && (isAnswered || state === "lost") ? { answer: { ...answer, state: "sent" } } : {};

/** What the channel has earned by the order that was paid, without what went back. */
async function marginOf(deps: Db<"orders">, { orderId, state }: Dispute): Promise<number> {
  const order = orderId === undefined || state !== "lost" ? undefined : await readOrder(deps, orderId);
  return order === undefined ? 0 : checkoutMargin(order);
}

/** Makes the writes that book what has changed since it was booked last. */
async function bookWrites(deps: RecordDeps, dispute: Dispute, before: Booked, after: Booked): Promise<Writes> {
  const { id: disputeId, provider, channelId, entries, amount, fees } = dispute;
  const { currency } = amount;
  const of = { disputeId, entry: entries + 1, provider, channelId };
  const by = (part: keyof Booked): number => after[part] - before[part];
  const moves = { pending: by("pending"), channel: by("channel"), owed: by("owed"), loss: by("loss") };
  const times = { at: deps.clock().toISOString(), zone: deps.zone };
  const booked = disputeEntries(of, currency, moves, { amount: by("fee"), currency: fees.currency }, times);
  return [
    ...(await bookingWrites(deps, booked)),
    // What a channel owes us is taken from its account, whether it is there or not: until it is, its orders are short of money.
    ...(await marginWrites(deps, channelId, disputeId, { amount: 0 - moves.channel, currency })),
  ];
}
