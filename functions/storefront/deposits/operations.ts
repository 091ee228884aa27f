import * as z from "zod";
import { DEPOSITS_BY_TIME, NewDeposit } from "../../../shared/payments/deposit-model.ts";
import { DepositFilter } from "../../deposits.ts";
import { listOf, Page } from "../../fields.ts";
import type { Operations } from "../../runtime/operation.ts";
import { Deposit } from "./shown.ts";

const storefrontDeposits = {
  createDeposit: {
    method: "POST",
    path: "/v1/deposits",
    summary: "Pay in at a payment provider; the answer says where",
    description:
      "What is paid comes to the balance once, also if that is late. Something else than was asked for goes back. The same key and body find " +
      "the deposit that was begun.",
    scope: "deposits:write",
    idempotent: "by_itself",
    body: NewDeposit,
    answer: { status: 201, description: "The deposit", schema: Deposit, location: "/v1/deposits/{id}" },
    refusals: ["payment_refused", "limit_reached", "idempotency_key_reused"],
    needs: {
      ordersTable: ["GetItem", "PutItem"],
      identityTable: ["GetItem"],
      providers: ["GetItem"],
      paymentSecrets: ["GetParameter"],
      recognitionKey: ["GenerateMac"],
    },
  },
  listDeposits: {
    method: "GET",
    path: "/v1/deposits",
    pages: DEPOSITS_BY_TIME,
    summary: "Deposits that this channel has begun at payment providers, the newest first, by state and time",
    description: "A page may be short, even empty, and still have a `nextCursor`: states are compared after reading.",
    scope: "account:read",
    query: Page.extend(DepositFilter),
    answer: { status: 200, description: "A page of deposits", schema: listOf(Deposit) },
    needs: { ordersTable: ["GetItem"], byChannelIndex: ["Query"] },
  },
  getDeposit: {
    method: "GET",
    path: "/v1/deposits/{depositId}",
    summary: "One deposit",
    scope: "account:read",
    params: z.strictObject({ depositId: z.string().max(40) }),
    answer: { status: 200, description: "The deposit", schema: Deposit },
    refusals: ["not_found"],
    needs: { ordersTable: ["GetItem"] },
  },
} as const satisfies Operations;

/** What channels call to pay in, by the functions that answer. It speaks to payment providers, so it has a function of its own. */
export const functions = { storefrontDeposits } as const;
