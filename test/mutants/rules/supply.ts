import { moments, type Rule, scenes } from "../rule.ts";

/** The rules of suppliers and fulfilment. */
export const supply: readonly Rule[] = [
  {
    rule: "a source of which nobody knows the cost is not bought from",
    file: "shared/fulfilment/choose-source.ts",
    from: "cost !== undefined || agreed !== undefined || unguarded === true;",
    to: "cost !== undefined || agreed !== undefined || unguarded !== false;",
    red: ["test/unit/fulfilment/choose-source.test.ts", "a source of which nobody knows what it costs"],
  },
  {
    rule: "an odd product takes what was known of its cost with it",
    file: "shared/suppliers/sync.ts",
    from: "({ supplierId, supplierProductId, onSale: true, unread, at })",
    to: '({ cost: { amount: 1, currency: "CNY" }, supplierId, supplierProductId, onSale: true, unread, at })',
    red: scenes("one odd product never stops"),
  },
  {
    rule: "a callback about an order in progress is no error",
    file: "shared/fulfilment/process-callback.ts",
    from: 'result === "in_progress" && asked.outcome?.kind !== "accepted"',
    to: 'result === "in_progress"',
    red: scenes("a callback about an order that is still worked on"),
  },
  {
    rule: "an unsigned callback about no order of ours leaves nothing behind",
    file: "shared/suppliers/callbacks.ts",
    from: "!isSigned && !(await isAboutOurs(deps, supplierId, verified.event))",
    to: "!isSigned && (await isAboutOurs(deps, supplierId, verified.event)) === undefined",
    red: scenes("made-up callbacks to an address without signatures"),
  },
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
    red: ["test/chaos/bought-ahead.test.ts", "placed again by one"],
  },
  {
    rule: "after a repeat, a call that did nothing is no refusal of a purchase ahead",
    file: "shared/restock/restock.ts",
    from: "return open.againAt === undefined ? refused(deps, restock, open, outcome.reason) : undefined;",
    to: "return refused(deps, restock, open, outcome.reason);",
    red: ["test/chaos/bought-ahead.test.ts", "a repeat that did nothing"],
  },
  {
    rule: "a callback about a delivered line asks whether it was taken back",
    file: "shared/fulfilment/process-callback.ts",
    from: "if (line.attempt !== undefined && isMeant(line) && mayBeReversed(line))",
    to: "if (line.attempt !== undefined && isMeant(line) && mayBeReversed(line) && orderId === '')",
    red: ["test/chaos/taken-back.test.ts", "delivered and taken back"],
  },
  {
    rule: "after a repeat, a call that did nothing resolves no line",
    file: "shared/orders/model.ts",
    from: 'return outcome === "not_sent" && placed <= 1;',
    to: 'return outcome === "not_sent";',
    red: ["test/unit/fulfilment/outcome.test.ts", "placed twice"],
  },
];
