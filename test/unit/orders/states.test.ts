import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OrderState as ShownState } from "../../../functions/storefront/orders/shown.ts";
import {
  isFinal,
  isUnwinding,
  LINE_STATES,
  MOVES,
  type OrderState,
  SHOWN,
  stateFrom,
} from "../../../shared/orders/states.ts";
import { moveOrder } from "../../../shared/orders/table.ts";
import { anyLines, codeLine, ORDER_STATES, orderOf, topupLine } from "../../support/orders/order-fixtures.ts";

function reachableFrom(start: OrderState, without: readonly OrderState[] = []): Set<OrderState> {
  const seen = new Set<OrderState>([start]);
  for (const state of seen) for (const next of MOVES[state]) if (!without.includes(next)) seen.add(next);
  return seen;
}

describe("the table of an order's legal moves", () => {
  it("reaches every state from a new order", () => {
    expect([...reachableFrom("awaiting_payment")].toSorted()).toEqual(ORDER_STATES.toSorted());
  });

  it.each(ORDER_STATES)("leads from %s to an end", (state) => {
    expect([...reachableFrom(state)].some(isFinal)).toBe(true);
  });

  it.each(["refunded", "cancelling", "cancelled"] as const)(
    "never leads from %s back to delivered: goods on their way back stay so",
    (state) => {
      const reached = reachableFrom(state, ["partly_fulfilled"]);
      expect([...reached].filter((next) => ["open", "fulfilling", "review", "fulfilled"].includes(next))).toEqual([]);
    },
  );

  it("lets an order go on from a refund of some of it to where its lines are", () => {
    expect(MOVES.refunding).toEqual(["refunding", "refunded", "fulfilled", "partly_fulfilled", "review", "fulfilling"]);
  });

  it("lets a refused order be tried again, as its next epoch, and nothing else", () => {
    expect(MOVES.refused).toEqual(["refused", "open", "awaiting_payment"]);
    expect(MOVES.refusing).toEqual(["refused"]);
  });

  it("lets an end be left only by a cancellation, a refund, a late payment, a fresh attempt, or a supplier that takes its delivery back", () => {
    const ways = ORDER_STATES.filter(isFinal).flatMap((from) =>
      MOVES[from].filter((to) => to !== from).map((to) => `${from} to ${to}`),
    );
    expect(ways).toEqual([
      "expired to open",
      "refused to open",
      "refused to awaiting_payment",
      "fulfilled to review",
      "fulfilled to cancelling",
      "fulfilled to refunding",
      "partly_fulfilled to review",
      "partly_fulfilled to refunding",
    ]);
  });

  it("lets what is on its way back only arrive", () => {
    const onTheWay = ORDER_STATES.filter(isUnwinding);
    expect(onTheWay).toEqual(["expiring", "refusing", "refunding", "cancelling"]);
    // But for a refund of some lines: the others go on, and hear news meanwhile. A cancellation may take more than one run.
    const whole = onTheWay.filter((state) => state !== "refunding");
    const ways = whole.flatMap((from) => MOVES[from].filter((to) => !isFinal(to)).map((to) => `${from} to ${to}`));
    expect(ways).toEqual(["cancelling to cancelling"]);
  });

  it.each(ORDER_STATES.flatMap((from) => ORDER_STATES.map((to) => [from, to] as const)))(
    "is what a change from %s to %s is judged by, before anything is written",
    async (from, to) => {
      const send = () => Promise.reject(new Error("written"));
      const deps = { db: { send }, tables: { orders: "orders" }, clock: () => new Date() } as unknown as Parameters<
        typeof moveOrder
      >[0];
      const order = orderOf(from, [codeLine("open")]);
      const outcome = MOVES[from].includes(to) ? "written" : `illegal move: ${from} to ${to}`;
      await expect(moveOrder(deps, order, { state: to })).rejects.toThrow(outcome);
    },
  );
});

describe("what outsiders see of an order's state", () => {
  it("is one of the published states, and each of those is seen", () => {
    expect([...new Set(Object.values(SHOWN))].toSorted()).toEqual(ShownState.options.toSorted());
  });

  it.each(["refusing", "cancelling"] as const)("is, of %s, where it leads", (state) => {
    expect(new Set(MOVES[state].map((next) => SHOWN[next]))).toEqual(new Set([SHOWN[state]]));
  });

  it("is never an end while somebody still works on the order's money or goods, but for an order nobody paid", () => {
    const early = ORDER_STATES.filter((state) => !isFinal(state) && isFinal(SHOWN[state]));
    expect(early).toEqual(["expiring", "refusing", "cancelling"]);
  });
});

describe("the state of a funded order, from its lines", () => {
  it.each([
    ["all delivered", ["fulfilled", "fulfilled"], "fulfilled"],
    ["all given back", ["returned", "returned"], "refunded"],
    ["some delivered, some given back", ["fulfilled", "returned"], "partly_fulfilled"],
    ["one still open", ["fulfilled", "open"], "fulfilling"],
    ["one with its supplier", ["returned", "accepted"], "fulfilling"],
    ["one unknown", ["fulfilled", "unknown"], "fulfilling"],
    ["one before a person", ["fulfilled", "accepted", "review"], "review"],
    ["one on its way back", ["review", "unwinding"], "refunding"],
  ] as const)("with %s", (_what, states, expected) => {
    expect(stateFrom(states.map((state, index) => topupLine(state, undefined, String(index))))).toBe(expected);
  });

  it("is final just when every line is", () => {
    fc.assert(
      fc.property(anyLines, (lines) => {
        const over = lines.every(({ state }) => state === "fulfilled" || state === "returned");
        expect(isFinal(stateFrom(lines))).toBe(over);
      }),
    );
  });

  it("does not depend on the order of the lines", () => {
    fc.assert(
      fc.property(anyLines, (lines) => {
        expect(stateFrom(lines.toReversed())).toBe(stateFrom(lines));
      }),
    );
  });

  // A line gets "returned" only on the way back, which has moves of its own.
  it.each(LINE_STATES.filter((state) => state !== "returned"))(
    "is a legal move for an order that waits, whatever a line of it became: %s",
    (state) => {
      expect([...MOVES.fulfilling, ...MOVES.review]).toContain(stateFrom([topupLine(state)]));
    },
  );
});
