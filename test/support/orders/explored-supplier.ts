import type { Random } from "../random.ts";

type Order = { id: string; reference: string; state: "fulfilling" | "fulfilled" | "refunded"; quantity: number };

/**
 * A supplier that another Vouchsafe is, in this process: it delivers, refuses, accepts, breaks the connection before or after it has
 * delivered, and says the truth when it is asked. It stands in for `fetch`.
 */
export class ExploredSupplier {
  readonly delivered = new Set<string>();
  isHonest = false;
  private readonly orders = new Map<string, Order>();
  private readonly random: Random;

  constructor(random: Random) {
    this.random = random;
  }

  readonly fetch = (input: string | URL, init: RequestInit = {}): Promise<Response> => {
    const url = new URL(input);
    if (init.method === "POST") return this.place(init.body as string);
    const reference = url.searchParams.get("idempotencyKey") ?? "";
    const order = this.orders.get(reference);
    if (order?.state === "fulfilling" && (this.isHonest || this.random.below(2) === 0)) this.deliver(order);
    return Promise.resolve(json(200, { data: order === undefined ? [] : [shown(order)], nextCursor: null }));
  };

  private place(body: string): Promise<Response> {
    const { reference, lines } = JSON.parse(body) as { reference: string; lines: { quantity: number }[] };
    const known = this.orders.get(reference);
    if (known !== undefined) return Promise.resolve(json(201, shown(known)));
    const what = this.isHonest ? 0 : this.random.below(6);
    if (what === 1) return Promise.resolve(json(409, { code: "sold_out" }));
    if (what === 2) return broken();
    const order: Order = {
      id: `ord_${this.orders.size}`,
      reference,
      state: "fulfilling",
      quantity: lines[0]?.quantity ?? 1,
    };
    this.orders.set(reference, order);
    if (what === 0 || what === 3) this.deliver(order);
    return what === 3 || what === 4 ? broken() : Promise.resolve(json(201, shown(order)));
  }

  private deliver(order: Order): void {
    order.state = "fulfilled";
    this.delivered.add(order.reference);
  }
}

const shown = ({ id, reference, state, quantity }: Order): object => ({
  id,
  reference,
  state,
  lines: [{ kind: "topup", quantity, state }],
});

const json = (status: number, body: object): Response =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });

const broken = (): Promise<Response> =>
  Promise.reject(Object.assign(new TypeError("fetch failed"), { cause: { code: "ECONNRESET" } }));
