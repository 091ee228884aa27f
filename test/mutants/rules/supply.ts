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
    rule: "codes that another purchase ahead has brought are not this one's",
    file: "shared/restock/restock.ts",
    from: "    batchId: batchIdFor(open),\n",
    to: "",
    red: ["test/chaos/goods-bought-ahead.test.ts", "handed over for two purchases"],
  },
  {
    rule: "bought goods are marked and known by the rules of imports",
    file: "shared/inventory/bought.ts",
    from: "const known = codes.map((code) => sameAs(marks, productId, code));",
    to: "const known = codes.map(({ fingerprint }) => sameAs(marks, productId, { fingerprint }));",
    red: ["test/chaos/goods-known-before.test.ts", "comes with its number"],
  },
  {
    rule: "a supplier may ask for a longer wait than ours, and not for a shorter one",
    file: "shared/fulfilment/outcome.ts",
    from: "Math.max(retryAfterSeconds ?? 0, growing(LIMITS",
    to: "(retryAfterSeconds ?? growing(LIMITS",
    red: ["test/chaos/throttled-suppliers.test.ts", "1 suppliers that are throttled and say Retry-After 1"],
  },
  {
    rule: "a line whose calls do nothing for an hour is a person's",
    file: "shared/fulfilment/outcome.ts",
    from: "return hasWaitedLong(waits, now) ? noSourceLeft(open) : open;",
    to: "return hasWaitedLong(waits, now) && waits.since === '' ? noSourceLeft(open) : { ...open, waits: line.waits ?? waits };",
    red: ["test/chaos/throttled-suppliers.test.ts", "1 suppliers that are throttled and say Retry-After 1"],
  },
  {
    rule: "sources that take turns in doing nothing are each called ever more seldom",
    file: "shared/fulfilment/place-line.ts",
    from: "(notSent === undefined ? {} : { notSent })",
    to: "(attempt?.notSent === undefined ? {} : { notSent: attempt.notSent })",
    red: ["test/chaos/throttled-suppliers.test.ts", "2 suppliers that are throttled"],
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
  {
    rule: "what was really charged counts against the budget of buying ahead",
    file: "shared/restock/model.ts",
    from: "return charged?.currency === cost.currency ? charged.amount : cost.amount * quantity;",
    to: "return cost.amount * quantity;",
    red: ["test/chaos/bought-ahead.test.ts", "really charged counts against the budget"],
  },
  {
    rule: "a charge in another currency is never counted in the budget's",
    file: "shared/restock/model.ts",
    from: "return charged?.currency === cost.currency ? charged.amount : cost.amount * quantity;",
    to: "return charged?.amount ?? cost.amount * quantity;",
    red: ["test/chaos/bought-ahead.test.ts", "a charge in another currency"],
  },
  {
    rule: "a charge that can't be read, or is nothing, is unknown",
    file: "shared/suppliers/charges.ts",
    from: "amount > 0 && amount <= LARGEST_AMOUNT",
    to: "amount <= LARGEST_AMOUNT",
    red: ["test/unit/suppliers/charges.test.ts", "an unknown charge"],
  },
  {
    rule: "a charge is told by the line that was delivered, and not by its rest",
    file: "shared/orders/events.ts",
    from: "known.add(attempt.reference);",
    to: "",
    red: ["test/chaos/real-charges.test.ts", "delivered in part"],
  },
  {
    rule: "what was expected is written down before the supplier is asked",
    file: "shared/fulfilment/place-line.ts",
    from: "const cost = expected ?? attempt?.cost;",
    to: "const cost = attempt?.cost;",
    red: ["test/chaos/real-charges.test.ts", "an order that is charged more"],
  },
  {
    rule: "a balance that was read long ago is not known",
    file: "shared/suppliers/market.ts",
    from: "const isKnown = balancesReadAt !== undefined && isWithin(balancesReadAt, LIMITS.balanceFreshSeconds, now);",
    to: "const isKnown = balancesReadAt !== undefined;",
    red: ["test/chaos/old-balances.test.ts", "once it is old"],
  },
  {
    rule: "balances are read before the catalogue, and apart from it",
    file: "shared/suppliers/sync.ts",
    from: "const balances = await readBalances(deps, supplierId, reached.adapter);",
    to: `const behind = { ...reached.adapter, balances: async () => {
      await reached.adapter.catalogue?.(undefined);
      return (await reached.adapter.balances?.()) ?? [];
    } };
    const balances = await readBalances(deps, supplierId, behind);`,
    red: ["test/chaos/old-balances.test.ts", "a catalogue that can't be read"],
  },
  {
    rule: "a supplier's words for our money being spent are known",
    file: "shared/suppliers/out-of-funds.ts",
    from: "|余额不足/i",
    to: "/i",
    red: ["test/unit/suppliers/fulu.test.ts", "our money there is spent"],
  },
  {
    rule: "no plain address is called",
    file: "shared/suppliers/call.ts",
    from: "if (!isPrivate(url))",
    to: "if (!isPrivate(url) && url.hostname === '')",
    red: ["test/unit/suppliers/addresses.test.ts", "encrypted or on this machine"],
  },
  {
    rule: "no plain address is named",
    file: "shared/suppliers/settings.ts",
    from: "!URL.canParse(url) || isPrivate(new URL(url))",
    to: "url.length > 0",
    red: ["test/unit/suppliers/addresses.test.ts", "encrypted or on this machine"],
  },
];
