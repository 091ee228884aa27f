import { type Rule, scenes } from "../rule.ts";

const twins = (tests: string) => ["test/chaos/orders/unequal-twins.test.ts", tests] as const;
const clocks = (tests: string) => ["test/chaos/orders/order-first.test.ts", tests] as const;

/** The rules about two requests for one order, and about two helpers of one. */
export const drafts: readonly Rule[] = [
  {
    rule: "a put is one's own when what stands has its nonce, whatever else is alike",
    file: "shared/orders/table.ts",
    from: "draft !== undefined && stands.draft === draft",
    to: "draft !== undefined && stands.version <= 3",
    red: twins("twins that differ in product"),
  },
  {
    rule: "who has put an order goes on with the one that stands",
    file: "shared/orders/table.ts",
    from: "return isOurs ? { ok: true, order: stands } : { ok: false, stands };",
    to: "return { ok: true, order: { ...stands, draft } as Order };",
    red: twins("twins that differ in product"),
  },
  {
    rule: "a pending of another amount never pays",
    file: "shared/ledger/debit.ts",
    from: "found.find(({ amount }) => amount === mine.amount)",
    to: "found.find(({ amount }) => amount !== mine.amount || amount > 0)",
    red: twins("money that was set aside for another amount"),
  },
  {
    rule: "a pending of another amount goes back before the order is over",
    file: "shared/ledger/settle.ts",
    from: "isThisOne && pending.amount === funding.amount",
    to: "isThisOne",
    red: twins("money that was set aside for another amount"),
  },
  {
    rule: "codes that an order takes others for go back to stock",
    file: "shared/orders/advance.ts",
    from: "{ lines, ...dropping(order, lost) }",
    to: "{ lines }",
    red: clocks("an order that takes other codes"),
  },
  {
    rule: "codes of a line that can't be sold go back after the order has said so",
    file: "shared/orders/sell-drawn.ts",
    from: "review, ...dropping(order, tickets) }",
    to: "review }",
    red: clocks("gives its code back although"),
  },
  {
    rule: "a hole in a large order's run is closed before it is filled",
    file: "shared/inventory/sell-reserved.ts",
    from: '  await giveBack(deps, ticket, "anyone");\n',
    to: "",
    red: clocks("fills a hole once"),
  },
  {
    rule: "an order is not cancelled while an attempt that it has left behind may still deliver",
    file: "shared/orders/cancel.ts",
    from: "    if ((line.history ?? []).some(mayStillDeliver)) return false;\n",
    to: "",
    red: scenes("review/replaced", "a supplier that was given up may still deliver"),
  },
  {
    rule: "what may still be delivered under an earlier attempt is not given back by rule",
    file: "shared/fulfilment/outcome.ts",
    from: "isUnresolved(line) || (line.history ?? []).some(mayStillDeliver)",
    to: "isUnresolved(line)",
    red: scenes("review/replaced", "what may still be delivered is not given back"),
  },
  {
    rule: "a limit goes down by the part that goes back",
    file: "shared/orders/order-limits.ts",
    from: "lowered(limited, piecesBack(from, to))",
    to: "{ down: [], stays: limited }",
    red: scenes("limits/limits", "what goes back of an order counts no more"),
  },
  {
    rule: "an order remembers what it has given back of its limits",
    file: "shared/orders/order-limits.ts",
    from: "...(stays.length > 0 ? { limited: stays } : {}),",
    to: "...(stays.length > 0 ? { limited } : {}),",
    red: scenes("limits/limits", "a large order that gets fewer in the end"),
  },
];
