import type { Random } from "../random.ts";

type Refund = { id: string; reference: string; amount: number; state: "pending" | "refunded" };
type Payment = {
  id: string;
  reference: string;
  amount: number;
  currency: string;
  state: "pending" | "paid" | "closed";
  paid?: { amount: number; currency: string; at: string };
  refunds: Map<string, Refund>;
};

/**
 * The simulated provider in this process: it refuses, breaks the connection before or after it has done its work, is down, works on
 * refunds for a while, and says the truth when it is asked. It stands in for `fetch`.
 */
export class ExploredProvider {
  isHonest = false;
  readonly wrong: string[] = [];
  private readonly payments = new Map<string, Payment>();
  private readonly random: Random;

  constructor(random: Random) {
    this.random = random;
  }

  readonly fetch = (input: string | URL, init: RequestInit = {}): Promise<Response> => {
    const fate = this.isHonest ? 0 : this.random.below(8);
    if (fate === 1) return broken();
    if (fate === 2) return Promise.resolve(json(503, { code: "down" }));
    const answer = this.answer(new URL(input).pathname, init);
    return fate === 3 ? broken() : Promise.resolve(answer);
  };

  private answer(path: string, init: RequestInit): Response {
    const [, , , reference = "", what, refundReference] = path.split("/");
    const body =
      init.body === undefined
        ? {}
        : (JSON.parse(init.body as string) as { reference: string; amount: number; currency: string });
    if (reference === "") return this.start(body as { reference: string; amount: number; currency: string });
    const payment = this.payments.get(reference);
    if (payment === undefined) return json(404, { code: "not_found" });
    if (what === "close" && payment.state === "pending") payment.state = "closed";
    if (what !== "refunds") return json(200, shown(payment));
    if (refundReference === undefined) return this.refund(payment, body as { reference: string; amount: number });
    const refund = payment.refunds.get(refundReference);
    if (refund === undefined) return json(404, { code: "not_found" });
    if (this.isHonest || this.random.below(2) === 0) refund.state = "refunded";
    return json(200, { ...refund, at: now() });
  }

  private start({ reference, amount, currency }: { reference: string; amount: number; currency: string }): Response {
    const known = this.payments.get(reference);
    if (known !== undefined) {
      if (known.amount !== amount) this.wrong.push(`${reference} was begun with two amounts`);
      return json(200, shown(known));
    }
    if (!this.isHonest && this.random.below(10) === 0) return json(422, { code: "amount_not_allowed" });
    const payment: Payment = {
      id: `sim_${this.payments.size}`,
      reference,
      amount,
      currency,
      state: "pending",
      refunds: new Map(),
    };
    this.payments.set(reference, payment);
    return json(201, shown(payment));
  }

  private refund(payment: Payment, { reference, amount }: { reference: string; amount: number }): Response {
    const known = payment.refunds.get(reference);
    if (known === undefined && amount > this.holdsOf(payment.reference) - pendingIn(payment)) {
      this.wrong.push(`${reference} asks for more than ${payment.reference} has`);
      return json(422, { code: "more_than_paid" });
    }
    const refund = known ?? {
      id: `simr_${reference}`,
      reference,
      amount,
      state: this.random.below(2) === 0 ? "refunded" : "pending",
    };
    payment.refunds.set(reference, refund);
    return json(201, { ...refund, at: now() });
  }

  /** A buyer pays, if that can be done: what was asked for, or something else. */
  pay(reference: string, more = 0): void {
    const payment = this.payments.get(reference);
    // A closed one can't be paid, but for clocks that differ.
    if (payment === undefined || payment.state === "paid" || (payment.state === "closed" && this.random.below(3) > 0))
      return;
    payment.state = "paid";
    payment.paid = { amount: payment.amount + more, currency: payment.currency, at: now() };
  }

  paidOf = (reference: string): number => this.payments.get(reference)?.paid?.amount ?? 0;

  holdsOf = (reference: string): number => {
    const payment = this.payments.get(reference);
    const back = [...(payment?.refunds.values() ?? [])].reduce(
      (sum, one) => sum + (one.state === "refunded" ? one.amount : 0),
      0,
    );
    return (payment?.paid?.amount ?? 0) - back;
  };
}

const pendingIn = ({ refunds }: Payment): number =>
  [...refunds.values()].reduce((sum, { state, amount }) => sum + (state === "pending" ? amount : 0), 0);

const now = (): string => new Date().toISOString();

const shown = ({ id, reference, amount, currency, state, paid }: Payment): object => ({
  id,
  reference,
  amount,
  currency,
  state,
  url: `http://127.0.0.1:1/pay/${reference}`,
  ...(paid === undefined ? {} : { paid }),
});

const json = (status: number, body: object): Response =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });

const broken = (): Promise<Response> =>
  Promise.reject(Object.assign(new TypeError("fetch failed"), { cause: { code: "ECONNRESET" } }));
