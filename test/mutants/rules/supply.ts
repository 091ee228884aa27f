import { moments, type Rule } from "../rule.ts";

/** The rules of suppliers and fulfilment. */
export const supply: readonly Rule[] = [
  {
    rule: "a refund is two steps",
    file: "shared/review/refund.ts",
    from: "const moved = await moveOrder(deps, order, change);",
    to: `const { unwind } = await import("../orders/unwind.ts");
  const leavingNow = { ...order, ...change } as Order;
  const moved = { ok: true, order: await unwind(deps, leavingNow) };`,
    red: moments("refunded while the supplier delivers after all"),
  },
  {
    rule: "a purchase ahead is claimed before it is placed again",
    file: "shared/restock/restock.ts",
    from: "const claimed = await moveRestock(deps, restock, { ...restock, open: again });",
    to: "const claimed = { ...restock, open: again };",
    red: ["test/chaos/bought-ahead.test.ts", "what is charged is within the budget"],
  },
  {
    rule: "after a repeat, a call that did nothing is no refusal of a purchase ahead",
    file: "shared/restock/restock.ts",
    from: "return open.againAt === undefined ? refused(deps, restock, open, outcome.reason) : undefined;",
    to: "return refused(deps, restock, open, outcome.reason);",
    red: ["test/chaos/bought-ahead.test.ts", "what is charged is within the budget"],
  },
  {
    rule: "after a repeat, a call that did nothing resolves no line",
    file: "shared/orders/model.ts",
    from: 'return outcome === "not_sent" && placed <= 1;',
    to: 'return outcome === "not_sent";',
    red: ["test/unit/fulfilment/outcome.test.ts", "placed twice"],
  },
];
