import { anyway, moments, type Rule, scenes } from "../rule.ts";

/** The rules of orders and their money. */
export const orders: readonly Rule[] = [
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
];
