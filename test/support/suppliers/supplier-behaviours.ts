import type { ServerResponse } from "node:http";
import { makeCodes } from "../inventory/codes.ts";
import type { Behaviour } from "./supplier-magic.ts";
import { type Answer, created, type Order, type Result } from "./supplier-wire.ts";

/** One order on its way into the simulator, and what the simulator can do with it. `n` is the number in its account. */
type Placing = {
  n: number;
  earlierTries: number;
  quantity: number;
  /** What every order of the behaviour `goodsTwice` gets. */
  sameCodes: readonly string[];
  response: ServerResponse;
  accept: () => Order;
  pause: (ms: number) => Promise<unknown>;
  /** Goes on after the answer. */
  later: (work: () => Promise<void>) => void;
  callBack: (order: Order) => Promise<void>;
  replay: (reference: string) => Promise<unknown>;
  forge: (reference: string, state: string) => Promise<unknown>;
};

/** What the simulator does with an order, by the behaviour that its account asks for (see supplier-magic.ts). */
export function behaviours({
  n,
  earlierTries,
  quantity,
  sameCodes,
  response,
  accept,
  pause,
  later,
  callBack,
  replay,
  forge,
}: Placing): Record<Behaviour, () => Result | Promise<Result>> {
  const done = (): Answer => {
    const order = accept();
    settle(order, "fulfilled");
    return created(order);
  };
  const acceptThen = (work: (order: Order) => unknown): Answer => {
    const order = accept();
    const answer = created(order);
    later(async () => {
      await pause(n);
      await work(order);
    });
    return answer;
  };

  const doneWith = (pieces: number, codes?: string[]): Answer => {
    const order = accept();
    settle(order, pieces < order.quantity ? "partly_fulfilled" : "fulfilled", pieces);
    if (codes !== undefined) order.codes = codes;
    return created(order);
  };

  return {
    success: done,
    refused: () => ({ status: 409, code: "sold_out" }),
    noFunds: () => ({ status: 409, code: "insufficient_funds" }),
    async silentButDone() {
      const answer = done();
      if (n === 0) return "silence";
      await pause(n);
      return answer;
    },
    silentNotDone() {
      if (n > 0) later(() => pause(n).then(() => void response.destroy()));
      return "silence";
    },
    errorButDone() {
      done();
      return { status: 500, code: "internal_error" };
    },
    unavailableFirst: () => (earlierTries < n ? { status: 503, code: "unavailable" } : done()),
    throttledFirst: () =>
      earlierTries < n ? { status: 429, code: "rate_limited", headers: { "retry-after": "1" } } : done(),
    async callbackFirst() {
      const order = accept();
      const answer = created(order);
      await pause(n);
      settle(order, "fulfilled");
      await callBack(order);
      return answer;
    },
    partlyDone: () => doneWith(n),
    goodsShort: () => doneWith(quantity, makeCodes(quantity - 1)),
    goodsTwice: () => doneWith(quantity, sameCodes.slice(0, quantity)),
    neverDone: () => created(accept()),
    doneWithoutCallback: () => acceptThen((order) => settle(order, "fulfilled")),
    callbackAfter: () =>
      acceptThen(async (order) => {
        settle(order, "fulfilled");
        await callBack(order);
      }),
    refusedByCallback: () =>
      acceptThen(async (order) => {
        settle(order, "refunded");
        await callBack(order);
      }),
    callbackTwice: () =>
      acceptThen(async (order) => {
        settle(order, "fulfilled");
        await callBack(order);
        await replay(order.reference);
      }),
    forgedCallback: () =>
      acceptThen(async (order) => {
        settle(order, "fulfilled");
        await forge(order.reference, "fulfilled");
      }),
  };
}

function settle(order: Order, state: Order["state"], pieces = order.quantity): void {
  order.state = state;
  if (state === "refunded") return;
  order.deliveries += 1;
  order.delivered = pieces;
  if (order.account === undefined) order.codes = makeCodes(pieces);
}
