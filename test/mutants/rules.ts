/**
 * The rules that keep codes and money together, each with a way to take it out of the source, and the tests that must then
 * fail. A condition is taken out by an "or" that is always true, so that nothing else about the expression changes.
 */
export type Rule = {
  rule: string;
  file: string;
  from: string;
  to: string;
  /** In which file, and which of its tests. */
  red: readonly [file: string, tests: string];
};

const anyway = (condition: string): Pick<Rule, "from" | "to"> => ({
  from: `"${condition}"`,
  to: `"attribute_exists(pk) OR (${condition})"`,
});

const moments = (tests: string) => ["test/chaos/model-rules.test.ts", tests] as const;
const scenes = (tests: string) => ["test/second-engine/every-expression.test.ts", tests] as const;

const model = ["test/second-engine/stock-model.test.ts", "stock is where a model says it is"] as const;

export const rules: readonly Rule[] = [
  {
    rule: "a ticket is drawn only while something is left",
    file: "shared/inventory/tickets.ts",
    ...anyway("#left >= :quantity AND #state = :open"),
    red: model,
  },
  {
    rule: "a slot is sold while it is free, or the order's own",
    file: "shared/inventory/slots.ts",
    from: "ConditionExpression: isSellable.condition",
    to: "ConditionExpression: `attribute_exists(pk) OR (${isSellable.condition})`",
    red: scenes("codes expire at the ticket and at the sale|codes that were voided in its runs"),
  },
  {
    rule: "every change of an order is conditional on its version, so a way back is said before it is gone",
    file: "shared/orders/table.ts",
    ...anyway("#version = :from"),
    red: moments("a way back is two steps"),
  },
  {
    rule: "a cancellation is two steps: first the order says so",
    file: "shared/orders/cancel.ts",
    from: "const moved = await moveOrder(deps, order, change);",
    to: `await (await import("./unwind.ts")).unwind(deps, { ...order, ...change } as Order);
    const moved = await moveOrder(deps, order, change);`,
    red: moments("cancelled while somebody finishes it"),
  },
  {
    rule: "a refusal is two steps",
    file: "shared/orders/advance.ts",
    from: "return (await moveOrder(deps, current, { ...change, lines })).order;",
    to: "return unwind(deps, { ...current, ...change, lines } as Order);",
    red: moments("refused for want of money while the money arrives"),
  },
  {
    rule: "an expiry is two steps",
    file: "shared/orders/advance.ts",
    from: 'return (await moveOrder(deps, order, { state: "expiring", lines, unwindingSince })).order;',
    to: 'return unwind(deps, { ...order, state: "expiring", lines, unwindingSince });',
    red: moments("expired while somebody pays for it"),
  },
  {
    rule: "a refund is two steps",
    file: "shared/review/refund.ts",
    from: "const moved = await moveOrder(deps, order, { ...settled(order, lines, now), unwindingSince: at, decided });",
    to: `const { unwind } = await import("../orders/unwind.ts");
  const leavingNow = { ...order, ...settled(order, lines, now), unwindingSince: at, decided } as Order;
  const moved = { ok: true, order: await unwind(deps, leavingNow) };`,
    red: moments("refunded while the supplier delivers after all"),
  },
  {
    rule: "the pending that paid is posted whatever has become of the order since",
    file: "shared/ledger/settle.ts",
    from: "if (epoch === funding.epoch && funding.fundedBy === pending.nonce)",
    to: "if (epoch === funding.epoch && funding.fundedBy === pending.nonce && !funding.isOver)",
    red: moments("cancelled before it was booked"),
  },
  {
    rule: "what may still pay for its order is left alone until the order is over",
    file: "shared/ledger/settle.ts",
    from: "const isLost = epoch < funding.epoch || funding.fundedBy !== undefined || funding.isOver;",
    to: "const isLost = true;",
    red: ["test/unit/ledger/judge.test.ts", "waits while the order is still being sold"],
  },
  {
    rule: "only the pending that the order names as the one that paid is posted",
    file: "shared/ledger/settle.ts",
    from: "funding.fundedBy === pending.nonce",
    to: "funding.fundedBy !== undefined",
    red: moments("a second debit for an order that is paid and booked goes back"),
  },
  {
    rule: "what is not the order's money goes back when the order is over",
    file: "shared/ledger/settle.ts",
    from: "funding.fundedBy !== undefined || funding.isOver;",
    to: "funding.fundedBy !== undefined;",
    red: moments("a debit that comes when the order is over goes back"),
  },
  {
    rule: "who read an order at one epoch judges no pending of a later one",
    file: "shared/ledger/settle.ts",
    from: "if (epoch > funding.epoch) return [];",
    to: "",
    red: moments("does not judge the money of that try"),
  },
  {
    rule: "an order is debited while the money covers it",
    file: "shared/ledger/accounts.ts",
    from: '"spendable >= :amount AND attribute_not_exists(pending.#order)"',
    to: '"(attribute_exists(pk) OR spendable >= :amount) AND attribute_not_exists(pending.#order)"',
    red: scenes("without the money it is refused"),
  },
  {
    rule: "money goes back by an entry named by its cause, once",
    file: "shared/ledger/accounts.ts",
    from: `        Item: { ...entryKey(channelId, entry), ...entry },
        ConditionExpression: "attribute_not_exists(pk)",
      },
    },
    {
      Update: {
        TableName: table,
        Key: accountKey(channelId, money.currency),
        UpdateExpression: "SET spendable = spendable + :amount",
        ExpressionAttributeValues: { ":amount": money.amount },`,
    to: `        Item: { ...entryKey(channelId, entry), ...entry },
      },
    },
    {
      Update: {
        TableName: table,
        Key: accountKey(channelId, money.currency),
        UpdateExpression: "SET spendable = spendable + :amount",
        ExpressionAttributeValues: { ":amount": money.amount },`,
    red: moments("two who unwind one order at once give its money back once"),
  },
  {
    rule: "a code moves away only from the slot that its giver owns, or nobody does",
    file: "shared/inventory/give-back.ts",
    from: "ConditionExpression: mine.condition",
    to: "ConditionExpression: `attribute_exists(pk) OR (${mine.condition})`",
    red: scenes("storms|sales|stock|large orders"),
  },
  {
    rule: "a returns range is listed before anything lies in it",
    file: "shared/inventory/returns.ts",
    from: '"listed = :true"',
    to: '"listed = :true OR attribute_exists(listed)"',
    red: scenes("a returns range that was dropped is listed again"),
  },
  {
    rule: "a number that was drawn and never filled is buried after the hold time",
    file: "shared/inventory/sweep.ts",
    from: "if (tail >= buryBelow) break;",
    to: "break;",
    red: moments("a number that was drawn and never filled holds up what lies behind it"),
  },
  {
    rule: "two sweepers put what came back on sale once",
    file: "shared/inventory/sweep.ts",
    ...anyway("tail = :was"),
    red: moments("two sweepers put what came back on sale once"),
  },
  {
    rule: "returns are cut off at their head, and both marks rise to there",
    file: "shared/inventory/cut.ts",
    from: "SET #first = :cut, #start = :cut, head = :cut,",
    to: "SET #first = :cut, #start = :start, head = :cut,",
    red: scenes("what came back is cut off at its head"),
  },
  {
    rule: "returns grow at their tail, so they are not cut off there",
    file: "shared/inventory/cut.ts",
    from: "const leave = from.next === undefined ? cutTail(deps, from, quantity) : cutHead(deps, from, quantity);",
    to: "const leave = cutTail(deps, from, quantity);",
    red: scenes("what came back is cut off at its head"),
  },
  {
    rule: "a range that codes come back to stays in its pool",
    file: "shared/inventory/move.ts",
    from: "if (range.next === undefined) move.whole",
    to: 'if (range.id !== "") move.whole',
    red: scenes("all of a pool moves, and what was drawn"),
  },
  {
    rule: "a transfer is done once for each key",
    file: "shared/inventory/transfer.ts",
    from: "const note = quantity === undefined ? []",
    to: 'const note = from !== "" || to !== "" ? []',
    red: scenes("asked again under the same key, a transfer"),
  },
  {
    rule: "what comes back of a batch that is void or frozen is born as the batch is",
    file: "shared/inventory/returns.ts",
    from: 'const born = state === "order" ? "open" : state;',
    to: 'const born = "open";',
    red: scenes("a frozen batch or pool sells nothing until it is thawed"),
  },
  {
    rule: "a code is in stock once, whatever it came in with",
    file: "shared/inventory/fill.ts",
    from: 'Item: item, ConditionExpression: "attribute_not_exists(pk)" }',
    to: "Item: item }",
    red: scenes("two files that overlap, at once"),
  },
  {
    rule: "a run is cut off only while its range has so much left, and still ends there",
    file: "shared/inventory/cut.ts",
    ...anyway("tail = :tail AND #left >= :quantity AND #state = :state AND #pool = :pool"),
    red: scenes("codes that others draw between the look and the cut"),
  },
  {
    rule: "a large order's head passes only while the run is the order's",
    file: "shared/inventory/sell-reserved.ts",
    from: "`${isReservedFor.condition} AND head = :head`",
    to: "`attribute_exists(pk) OR (${isReservedFor.condition} AND head = :head)`",
    red: scenes("cancelled while it is sold, with another cut off before it"),
  },
  {
    rule: "no write of an import comes after its cancelling",
    file: "shared/inventory/fill.ts",
    from: "into.onlyWhile === undefined ? [] : [into.onlyWhile]",
    to: "[] as Fence[]",
    red: scenes("while another sleeps in a segment"),
  },
  {
    rule: "a worker that is behind does not say which segment is in the making",
    file: "shared/imports/table.ts",
    from: `places = :places",
    ConditionExpression: isAtSegment.condition,`,
    to: `places = :places",
    ConditionExpression: "#state = :running AND (attribute_exists(pk) OR #segments = :before)",`,
    red: scenes("a worker that is a segment behind"),
  },
  {
    rule: "an import's fingerprints are taken out while they are those of its codes",
    file: "shared/imports/undo.ts",
    ...anyway("ticket = :ticket"),
    red: scenes("undone by two workers at once"),
  },
  {
    rule: "an import reads the very file that was started",
    file: "shared/imports/files.ts",
    from: ", IfMatch: etag",
    to: "",
    red: scenes("replaced by another between two segments"),
  },
  {
    rule: "a segment of an import is noted only while its slabs end where it says",
    file: "shared/imports/table.ts",
    from: "    ...endOfSlabs(deps, segment.slabs),\n",
    to: "",
    red: scenes("another import lets go of between two workers"),
  },
  {
    rule: "an import whose codes go on sale can't be cancelled any more",
    file: "shared/imports/requests.ts",
    from: '["running"], { state: "cancelling" }',
    to: '["running", "opening"], { state: "cancelling" }',
    red: scenes("cancelled when its codes are on sale already"),
  },
  {
    rule: "what was seen can't be cancelled",
    file: "shared/orders/cancel.ts",
    from: "order.revealed !== undefined",
    to: "false",
    red: scenes("one that was looked at stays sold"),
  },
  {
    rule: "a limit holds at the moment at which the order is put",
    file: "shared/limits/table.ts",
    from: '":room >= :zero AND (attribute_not_exists(used) OR used <= :room)"',
    to: '":room >= :zero"',
    red: scenes("a hundred buyers at once"),
  },
  {
    rule: "what a restore has looked through is not withheld again",
    file: "shared/restore/withhold.ts",
    from: "restored?.since === since ? restored :",
    to: "",
    red: scenes("what was sold since is sold"),
  },
  {
    rule: "what was given back before a restore is withheld where it was",
    file: "shared/restore/replay.ts",
    from: 'place.is === "kept" ? sell(deps, place) : setAside(deps, place)',
    to: "sell(deps, place)",
    red: scenes("a large order keeps its runs"),
  },
  {
    rule: "what was withheld on a guess is its order's, when the log tells of it after all",
    file: "shared/inventory/table.ts",
    from: "(#state = :held AND begins_with(orderId, :withheld))",
    to: "(#state = :sold AND begins_with(orderId, :withheld))",
    red: scenes("what was withheld is sold to its order"),
  },
  {
    rule: "what a restore has closed on a guess tells nothing of where sales ended",
    file: "shared/restore/withhold.ts",
    from: '(slot.state === "moved" && slot.orderId !== WITHHELD)',
    to: 'slot.state === "moved"',
    red: scenes("one that died among returns"),
  },
];
