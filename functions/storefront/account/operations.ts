import { Account } from "../../account.ts";
import type { Operations } from "../../runtime/operation.ts";

const storefrontAccount = {
  getAccount: {
    method: "GET",
    path: "/v1/account",
    summary: "Balance, credit and the newest movements",
    scope: "account:read",
    answer: { status: 200, description: "The account", schema: Account },
    needs: { ledgerTable: ["GetItem", "Query"] },
  },
} as const satisfies Operations;

/** What channels call about its money, by the functions that answer. */
export const functions = { storefrontAccount } as const;
