import { describe, expect, test } from "vitest";
import type { Charge, PaymentMethod, QueryOutcome, Refund } from "../../../shared/payments/contract.ts";
import { type DeskConformance, deskConforms, hasNoDesk } from "./desk-conformance.ts";

/** What the suite must know of a method to try everything on its adapter that the contract promises. */
export type MethodConformance = {
  method: () => PaymentMethod;
  /** A new charge that goes well; and one that is refused, if the method can refuse. */
  charge: (amount: number) => Promise<Charge>;
  refused?: () => Promise<Charge>;
  /** Has the payer come to what was started, for a provider that hears of a payment only then. */
  begin?: (charge: Charge) => Promise<void>;
  /** Has the payer pay what was started. Undefined: nobody ever pays by this method itself. */
  pay?: (charge: Charge) => Promise<void>;
  /** A signed notification about a charge. Undefined: the method sends none. */
  notification?: (charge: Charge) => { body: string; headers: Record<string, string> };
  /**
   * Has the provider say that a refund which it had called done has come to nothing: the signed notification that it sends. Undefined: what
   * the method gives back is given back for good.
   */
  bounce?: (charge: Charge, refund: Refund) => Promise<{ body: string; headers: Record<string, string> }>;
  /** After how long a notification is stale: an hour, unless the provider repeats its own for longer. */
  staleAfterMs?: number;
  /** Its disputes and complaints. Undefined: it has none, and says so. */
  desk?: DeskConformance;
  /** What the method holds or has taken for a charge, less what went back, in its own books. */
  kept: (charge: Charge) => Promise<number>;
};

const CODE = /^[a-z][a-z0-9_]{0,63}$/;
const isPaid = ({ kind }: QueryOutcome): boolean => kind === "stands" || kind === "paid";
let rounds = 0;
const refundOf = (charge: Charge, amount: number): Refund => {
  rounds += 1;
  const cause = charge.purpose.kind === "order" ? `refund:${charge.purpose.orderId}@1#${rounds}` : `refund:${rounds}`;
  return { id: `rfd_${rounds}`, cause, round: rounds, amount, requestedAt: new Date().toISOString() };
};

/** The same suite for every adapter: what orders and their payments take for granted. */
export function methodConforms(of: MethodConformance): void {
  const { method, desk } = of;
  const paid = async (): Promise<Charge> => {
    const charge = await of.charge(100);
    await method().start(charge);
    await of.pay?.(charge);
    return charge;
  };
  describe("its desk of disputes", () => {
    (desk === undefined ? hasNoDesk : deskConforms)({ method, paid }, desk as DeskConformance);
  });

  test("a charge that was never started is never heard of, or waits; it is never paid", async () => {
    const asked = await of.method().query(await of.charge(100));
    expect(["never_heard", "pending"]).toContain(asked.kind);
  });

  test("the same charge again, also at once, is the same payment", async () => {
    const charge = await of.charge(100);
    const started = await Promise.all([1, 2, 3].map(() => of.method().start(charge)));
    for (const { kind } of started) expect(["stands", "pending"]).toContain(kind);
    await of.pay?.(charge);
    await of.method().start(charge);
    expect(await of.kept(charge)).toBe(of.pay === undefined ? 0 : 100);
  });

  test("what was paid is told alike however often it is asked about", async () => {
    const charge = await of.charge(250);
    await of.method().start(charge);
    await of.pay?.(charge);
    const first = await of.method().query(charge);
    expect(isPaid(first)).toBe(of.pay !== undefined);
    const { amount, currency } = first.kind === "paid" ? first.received : charge.amount;
    expect({ amount, currency }).toEqual({ amount: 250, currency: "CNY" });
    expect(await of.method().query(charge)).toEqual(first);
  });

  test("what is closed unpaid stays unpaid, and closing again says the same", async () => {
    const charge = await of.charge(100);
    await of.method().start(charge);
    await of.begin?.(charge);
    for (let again = 0; again < 2; again++) expect(await of.method().close(charge)).toEqual({ kind: "closed" });
    expect(isPaid(await of.method().query(charge))).toBe(false);
    expect(await of.kept(charge)).toBe(0);
  });

  test("a refusal is a definite no in a word of ours, and takes nothing", async () => {
    const charge = await of.refused?.();
    if (charge === undefined) return;
    expect(await of.method().start(charge)).toEqual({ kind: "refused", reason: expect.stringMatching(CODE) as string });
    expect(await of.kept(charge)).toBe(0);
  });

  test("a refund happens once for its name, in parts, and is known afterwards", async () => {
    const charge = await of.charge(100);
    await of.method().start(charge);
    await of.pay?.(charge);
    const [first, rest] = [refundOf(charge, 33), refundOf(charge, 67)];
    expect((await of.method().queryRefund(charge, first)).kind).toBe("never_heard");
    const kind = of.pay === undefined ? "refused" : "refunded";
    for (let again = 0; again < 3; again++) expect(await of.method().refund(charge, first)).toMatchObject({ kind });
    expect((await of.method().queryRefund(charge, first)).kind).toBe(of.pay === undefined ? "never_heard" : kind);
    expect(await of.kept(charge)).toBe(of.pay === undefined ? 0 : 67);
    await of.method().refund(charge, rest);
    expect(await of.kept(charge)).toBe(0);
  });

  test("a refund that comes to nothing after it was done is refused when it is asked about, and its notification names it", async () => {
    if (of.bounce === undefined) return;
    const charge = await of.charge(100);
    await of.method().start(charge);
    await of.pay?.(charge);
    const [lost, other] = [refundOf(charge, 40), refundOf(charge, 60)];
    for (const refund of [lost, other]) expect((await of.method().refund(charge, refund)).kind).toBe("refunded");
    const { body, headers } = await of.bounce(charge, lost);
    const verified = of.method().verify(body, headers, new Date());
    expect(verified).toMatchObject({ ok: true, notice: { paymentId: charge.id, refundId: lost.id } });
    const reason = expect.stringMatching(CODE) as string;
    expect(await of.method().queryRefund(charge, lost)).toEqual({ kind: "refused", reason });
    expect((await of.method().queryRefund(charge, other)).kind).toBe("refunded");
    expect(await of.kept(charge)).toBe(40);
  });

  test("only the method's own notifications verify, and an answer that is no yes has them come again", async () => {
    const charge = await of.charge(100);
    const told = of.notification?.(charge);
    expect(method().verify("{}", {}, new Date()).ok).toBe(false);
    expect(method().ack(false).status).toBeGreaterThanOrEqual(400);
    if (told === undefined) return;
    const { body, headers } = told;
    expect(method().verify(body, headers, new Date())).toMatchObject({ ok: true, notice: { paymentId: charge.id } });
    expect(method().verify(`${body} `, headers, new Date())).toEqual({ ok: false, reason: "forged" });
    const later = new Date(Date.now() + (of.staleAfterMs ?? 3_600_000));
    expect(method().verify(body, headers, later)).toEqual({ ok: false, reason: "stale" });
    expect(method().ack(true).status).toBeLessThan(300);
  });
}
