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
];
