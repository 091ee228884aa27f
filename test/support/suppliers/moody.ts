/**
 * A supplier that speaks our own protocol and has moods: it does what it is asked and says nothing, hears of it a minute later,
 * refuses, slows down. By a seed, and by a clock that the test moves. It charges for what it delivers, once for each reference.
 */
import { makeCodes } from "../inventory/codes.ts";
import type { Random } from "../random.ts";
import { type Call, type Party, type Reply, startParty } from "./party.ts";
import { json } from "./supplier-wire.ts";

export type Moody = Party & {
  /** What it has charged in all, in minor units, and the codes that it gave for that. */
  charged(): number;
  /** Orders for which it charged more than its catalogue says. */
  dearer(): readonly { reference: string; quantity: number; total: number }[];
  sold(): string[];
  /** From now on it does what it is asked, and says so. */
  calmDown(): void;
  timeGoesBy(): void;
};

type Order = { id: string; reference: string; quantity: number; codes: string[]; total: number };

/** A caller has given up by then. */
const PATIENCE_MS = 15_000;
/** A request arrives within this, or never: what the adapter promises of its own protocol. */
const IN_FLIGHT_SECONDS = 58;

export async function startMoodySupplier(of: {
  random: Random;
  /** Codes that we had before: it may sell them again. */
  known: readonly string[];
  cost: number;
  clock: () => number;
  /** Before each answer, so that others may come first. */
  arrives: () => Promise<unknown>;
}): Promise<Moody> {
  const { random, known, cost, clock } = of;
  const orders = new Map<string, Order>();
  let late: { at: number; reference: string; quantity: number }[] = [];
  let isCalm = false;

  function goodsFor(quantity: number): string[] {
    const codes = makeCodes(quantity);
    const chance = isCalm ? 1 : random.next();
    if (chance < 0.06) return codes.slice(1);
    if (chance < 0.12) return [...codes.slice(1), ...known];
    // The very set that an earlier order was given.
    const earlier = [...orders.values()].find((order) => order.quantity === quantity)?.codes;
    return chance < 0.18 ? (earlier ?? codes) : codes;
  }

  /** Now and then it charges more for a piece than its catalogue says. */
  const surcharge = (): number => (!isCalm && random.next() < 0.15 ? 3 : 0);

  function deliver(reference: string, quantity: number): Order {
    const there = orders.get(reference);
    if (there !== undefined) return there;
    const total = quantity * (cost + surcharge());
    const made = { id: `ord_${orders.size + 1}`, reference, quantity, codes: goodsFor(quantity), total };
    orders.set(reference, made);
    return made;
  }

  const shown = ({ id, reference, quantity, total }: Order): object => ({
    id,
    reference,
    state: "fulfilled",
    total: { amount: total, currency: "CNY" },
    refunded: { amount: 0, currency: "CNY" },
    lines: [{ kind: "code", quantity, state: "fulfilled" }],
  });
  const problem = (status: number, code: string): Reply => ({ status, body: { code } });

  function place({ body }: Call): Reply {
    const asked = json(body) as { reference: string; lines: { quantity: number }[] };
    const { reference } = asked;
    const quantity = asked.lines[0]?.quantity ?? 0;
    const done = (): Reply => ({ status: 201, body: shown(deliver(reference, quantity)) });
    if (isCalm) return done();
    const chance = random.next();
    if (chance < 0.1) return done();
    if (chance < 0.25) return deliver(reference, quantity) && "cut";
    if (chance < 0.5) {
      late.push({ at: clock() + random.below(IN_FLIGHT_SECONDS) * 1000, reference, quantity });
      return "cut";
    }
    if (chance < 0.6) return "cut";
    if (chance < 0.65) return problem(503, "unavailable");
    if (chance < 0.92) return problem(429, "rate_limited");
    return orders.has(reference) ? done() : problem(409, "sold_out");
  }

  function query(url: URL): Reply {
    if (url.pathname.endsWith("/deliverables")) {
      const order = [...orders.values()].find(({ id }) => url.pathname.includes(`/${id}/`));
      return { status: 200, body: { data: (order?.codes ?? []).map((secret) => ({ secret })), nextCursor: null } };
    }
    if (!isCalm && random.next() < 0.4) return random.next() < 0.5 ? "cut" : problem(503, "unavailable");
    const order = orders.get(url.searchParams.get("idempotencyKey") ?? "");
    return { status: 200, body: { data: order === undefined ? [] : [shown(order)], nextCursor: null } };
  }

  const party = await startParty(async (call) => {
    const { method, url } = call;
    if (url.pathname === "/v1/products") {
      const product = {
        id: "theirs",
        name: "Theirs",
        price: { amount: cost, currency: "CNY" },
        availability: "in_stock",
      };
      return { status: 200, body: { data: [product], nextCursor: null } };
    }
    if (url.pathname === "/v1/account")
      return { status: 200, body: { balances: [{ available: { amount: 1_000_000, currency: "CNY" } }] } };
    const cameAt = clock();
    const reply = method === "POST" ? place(call) : query(url);
    await of.arrives();
    return clock() - cameAt > PATIENCE_MS ? "cut" : reply;
  });
  return {
    ...party,
    setCallbackUrl: () => undefined,
    setCharge: () => undefined,
    deliveries: (reference) => (orders.has(reference) ? 1 : 0),
    charged: () => [...orders.values()].reduce((sum, { total }) => sum + total, 0),
    dearer: () => [...orders.values()].filter(({ quantity, total }) => total > quantity * cost),
    sold: () => [...orders.values()].flatMap(({ codes }) => codes),
    calmDown: () => {
      isCalm = true;
    },
    timeGoesBy: () => {
      for (const { reference, quantity } of late.filter(({ at }) => at <= clock())) deliver(reference, quantity);
      late = late.filter(({ at }) => at > clock());
    },
  };
}
