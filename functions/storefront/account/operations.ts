import * as z from "zod";
import { Currency } from "../../../shared/kernel/money.ts";
import { Account, Movement } from "../../account.ts";
import { listOf, Page } from "../../fields.ts";
import type { Operations } from "../../runtime/operation.ts";
import { ClosedDays, Day, MonthOfYear, PLACE_IN_JOURNAL, PLACE_OF_DAY } from "../../statements.ts";
import { MonthlyStatement, Statement } from "./shown.ts";

const InCurrency = { currency: Currency.meta({ description: "Of which account, as CNY." }) };

const storefrontAccount = {
  getAccount: {
    method: "GET",
    path: "/v1/account",
    summary: "Balance, credit and the newest movements",
    scope: "account:read",
    answer: { status: 200, description: "The account", schema: Account },
    needs: { ledgerTable: ["GetItem", "Query"] },
  },
  listStatements: {
    method: "GET",
    path: "/v1/statements",
    pages: PLACE_OF_DAY,
    summary:
      "What the account had, what moved and what it has, of each closed day on which something did; the oldest first",
    description:
      "A day is closed an hour after it has ended, in the shop's zone, or later if an order's money is still to be booked. A closed day never changes: what is booked later counts on a later day.",
    scope: "account:read",
    query: ClosedDays.extend(InCurrency),
    answer: { status: 200, description: "A page of closed days", schema: listOf(Statement) },
    needs: { ledgerTable: ["Query"] },
  },
  listStatementMovements: {
    method: "GET",
    path: "/v1/statements/{day}",
    pages: PLACE_IN_JOURNAL,
    summary: "The movements of a closed day, by time",
    scope: "account:read",
    params: z.strictObject({ day: Day }),
    query: Page.extend(InCurrency),
    answer: { status: 200, description: "A page of movements", schema: listOf(Movement) },
    refusals: ["not_found"],
    needs: { ledgerTable: ["GetItem", "BatchGetItem", "Query"] },
  },
  getMonthlyStatement: {
    method: "GET",
    path: "/v1/statements/months/{month}",
    summary: "What the account had, what moved and what it has, of the closed days of a month",
    description: "`isOver` is true when its last day is closed: then nothing of it changes any more.",
    scope: "account:read",
    params: z.strictObject({ month: MonthOfYear }),
    query: z.strictObject(InCurrency),
    answer: { status: 200, description: "The month as far as it is closed", schema: MonthlyStatement },
    refusals: ["not_found"],
    needs: { ledgerTable: ["GetItem", "Query"] },
  },
} as const satisfies Operations;

/** What channels call about its money, by the functions that answer. */
export const functions = { storefrontAccount } as const;
