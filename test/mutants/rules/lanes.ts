import { anyway, type Rule, scenes } from "../rule.ts";

const lanesScene = (tests: string) => scenes("ledger/lanes", tests);

/** The rules of an account that is cut into lanes: it is one account to everybody who asks. */
export const lanes: readonly Rule[] = [
  {
    rule: "there is too little only when all lanes together fall short",
    file: "shared/ledger/debit.ts",
    from: "if (!hasEnough(whole, pending)) {",
    to: "if (!hasEnough(whole.lanes[0] ?? whole, pending)) {",
    red: lanesScene("no lane covers|in another that has enough"),
  },
  {
    rule: "money that moves between lanes while they are added up is not missed",
    file: "shared/ledger/lanes.ts",
    from: "if (gainedNothing(lanes, again)) return accountOf(lanes, true);",
    to: "if (again.length > 0) return accountOf(lanes, true);",
    red: lanesScene("while they are read"),
  },
  {
    rule: "what a twin has set aside in another lane pays, before anybody is refused",
    file: "shared/ledger/debit.ts",
    from: "debitedBefore(whole.lanes, order, pending)",
    to: "debitedBefore([], order, pending)",
    red: lanesScene("because of the order's own money"),
  },
  {
    rule: "all lanes are settled, and not only the first",
    file: "shared/orders/settle-orders.ts",
    from: "for (const lane of await readLanes(deps, account)) await",
    to: "for (const lane of (await readLanes(deps, account)).slice(0, 1)) await",
    red: lanesScene("a refusal gives back"),
  },
  {
    rule: "a sale is booked in the lane that it was paid from",
    file: "shared/orders/settle-orders.ts",
    from: "if (fundedAt !== undefined) return fundedLane;",
    to: "if (fundedAt !== undefined) return 0 * fundedLane;",
    red: lanesScene("is booked there"),
  },
  {
    rule: "a lane gives others only what it has",
    file: "shared/ledger/level.ts",
    ...anyway("spendable >= :amount"),
    red: lanesScene("gives nothing, and never owes"),
  },
  {
    rule: "a lane takes so many pendings and no more",
    file: "shared/ledger/debit.ts",
    from: "AND size(pending) < :most",
    to: "AND (attribute_exists(pk) OR size(pending) < :most)",
    red: lanesScene("takes so many pendings"),
  },
  {
    rule: "an account's lanes never become fewer",
    file: "shared/ledger/accounts.ts",
    ...anyway("attribute_not_exists(lanes) OR lanes <= :count"),
    red: lanesScene("never become fewer"),
  },
];
