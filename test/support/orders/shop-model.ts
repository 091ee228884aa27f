/** What stock, orders and money should be after any sequence of calls: a page, to hold against the real thing. */
export type ModelOrder = { quantities: number[]; state: "fulfilled" | "cancelled"; revealed: boolean };

export type Answer =
  | "fulfilled"
  | "cancelled"
  | "sold_out"
  | "insufficient_funds"
  | "idempotency_key_reused"
  | "not_cancellable"
  | "not_found";

export class ShopModel {
  readonly price: number;
  readonly orders = new Map<string, ModelOrder>();
  readonly codes = new Set<string>();
  readonly deposits = new Map<string, number>();
  /** Codes that a ticket can be had for. What is given back is among them at once. */
  onSale = 0;
  spendable = 0;
  pending = 0;
  posted = 0;

  constructor(price: number) {
    this.price = price;
  }

  get sold(): number {
    return [...this.orders.values()].reduce(
      (sold, order) => sold + (order.state === "fulfilled" ? piecesOf(order) : 0),
      0,
    );
  }

  import(codes: readonly string[]): number {
    const fresh = new Set(codes.filter((code) => !this.codes.has(code)));
    for (const code of fresh) this.codes.add(code);
    this.onSale += fresh.size;
    return fresh.size;
  }

  deposit(reference: string, amount: number): boolean {
    const known = this.deposits.get(reference);
    if (known !== undefined) return known === amount;
    this.deposits.set(reference, amount);
    this.spendable += amount;
    return true;
  }

  place(key: string, quantities: number[], reveals: boolean): Answer {
    const known = this.orders.get(key);
    if (known !== undefined) {
      if (JSON.stringify(known.quantities) !== JSON.stringify(quantities)) return "idempotency_key_reused";
      return known.state;
    }
    const order: ModelOrder = { quantities, state: "fulfilled", revealed: reveals };
    const cost = piecesOf(order) * this.price;
    if (cost > this.spendable) return "insufficient_funds";
    // Whoever asks for more than there is leaves the shelf as it was.
    if (piecesOf(order) > this.onSale) return "sold_out";
    this.onSale -= piecesOf(order);
    this.spendable -= cost;
    this.pending += cost;
    this.orders.set(key, order);
    return "fulfilled";
  }

  cancel(key: string): Answer {
    const order = this.orders.get(key);
    if (order === undefined) return "not_found";
    if (order.state === "cancelled") return "cancelled";
    if (order.revealed) return "not_cancellable";
    this.settle(key);
    order.state = "cancelled";
    this.onSale += piecesOf(order);
    this.spendable += piecesOf(order) * this.price;
    return "cancelled";
  }

  reveal(key: string): boolean {
    const order = this.orders.get(key);
    if (order?.state !== "fulfilled") return false;
    order.revealed = true;
    return true;
  }

  private readonly settled = new Set<string>();

  /** One order's money, or all. */
  settle(key?: string): void {
    for (const [name, order] of this.orders) {
      if ((key !== undefined && key !== name) || this.settled.has(name)) continue;
      this.settled.add(name);
      this.pending -= piecesOf(order) * this.price;
      this.posted += piecesOf(order) * this.price;
    }
  }
}

function piecesOf({ quantities }: ModelOrder): number {
  return quantities.reduce((sum, quantity) => sum + quantity, 0);
}
