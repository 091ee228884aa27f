/**
 * A supplier that speaks our own protocol and hands over what the test says: at each look at the goods of an order, the codes that
 * `goods` names. `answerTo` says what it answers to a case. It charges for each order, once for each reference.
 */

import { type Call, type Party, type Reply, startParty } from "./party.ts";
import { json } from "./supplier-wire.ts";

type Order = { id: string; reference: string; quantity: number; state: string; looks: number };

/** Which codes it hands over for its n-th order, when they are looked at for the n-th time; both begin with 0. */
export type Goods = (order: number, look: number) => { number?: string; secret: string }[];

export type Giving = Pick<Party, "url" | "stop"> & {
  /** References that it was asked for, each once. */
  orders(): readonly string[];
  /** How often it was asked what became of an order. */
  questions(): number;
  /** What it says of all its orders from now on. */
  setState(state: string): void;
};

export async function startGivingSupplier(
  goods: Goods,
  cost = 10,
  answerTo?: (caseKey: string) => Reply,
): Promise<Giving> {
  const orders: Order[] = [];
  let state = "fulfilled";
  let questions = 0;

  const money = (amount: number) => ({ amount, currency: "CNY" });
  const shown = ({ id, reference, quantity }: Order): object => ({
    id,
    reference,
    state,
    total: money(quantity * cost),
    refunded: money(0),
    lines: [{ kind: "code", quantity, state }],
  });

  function place({ body }: Call): Reply {
    const { reference, lines } = json(body) as { reference: string; lines: { quantity: number }[] };
    let order = orders.find((one) => one.reference === reference);
    if (order === undefined) {
      order = { id: `ord_${orders.length + 1}`, reference, quantity: lines[0]?.quantity ?? 0, state, looks: 0 };
      orders.push(order);
    }
    return { status: 201, body: shown(order) };
  }

  function deliverables({ pathname }: URL): Reply {
    const place = orders.findIndex(({ id }) => pathname.includes(`/${id}/`));
    const order = orders[place];
    const data = order === undefined ? [] : goods(place, order.looks++);
    return { status: 200, body: { data, nextCursor: null } };
  }

  const party = await startParty((call) => {
    const { method, url } = call;
    const product = { id: "theirs", name: "Theirs", price: money(cost), availability: "in_stock" };
    if (url.pathname === "/v1/products") return { status: 200, body: { data: [product], nextCursor: null } };
    if (url.pathname === "/v1/account") return { status: 200, body: { balances: [{ available: money(1_000_000) }] } };
    if (url.pathname.endsWith("/cases") && answerTo !== undefined)
      return answerTo(String(call.headers["idempotency-key"]));
    if (method === "POST") return place(call);
    if (url.pathname.endsWith("/deliverables")) return deliverables(url);
    questions += 1;
    const asked = orders.filter(({ reference }) => reference === url.searchParams.get("idempotencyKey"));
    return { status: 200, body: { data: asked.map(shown), nextCursor: null } };
  });
  return {
    url: party.url,
    stop: () => party.stop(),
    orders: () => orders.map(({ reference }) => reference),
    questions: () => questions,
    setState: (next) => {
      state = next;
    },
  };
}
