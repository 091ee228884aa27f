import type * as z from "zod";
import { ok, refuse } from "../../../shared/kernel/problem.ts";
import type { DepositPayment } from "../../../shared/payments/deposit-model.ts";
import { depositStateOf } from "../../../shared/payments/deposit-states.ts";
import { beginDeposit } from "../../../shared/payments/deposits.ts";
import { findOwnDeposit, listDeposits } from "../../../shared/payments/find-deposits.ts";
import { recogniser } from "../../../shared/secrecy/recognition.ts";
import { providersBy } from "../../providers.ts";
import { forChannels } from "../../runtime/callers.ts";
import { dependenciesOf, kmsClient } from "../../runtime/dependencies.ts";
import { httpFunction } from "../../runtime/http.ts";
import { showPayment } from "../orders/present.ts";
import { functions } from "./operations.ts";
import type { Deposit } from "./shown.ts";

const { env, deps: given } = dependenciesOf(functions.storefrontDeposits);
const deps = { ...given, ...providersBy(env), recognise: recogniser(kmsClient(), env.RECOGNITION_KEY) };

function shown(payment: DepositPayment): z.infer<typeof Deposit> {
  const { purpose, amount, createdAt } = payment;
  const state = depositStateOf(payment);
  return {
    id: purpose.depositId,
    state,
    amount,
    createdAt,
    ...(purpose.reference === undefined ? {} : { reference: purpose.reference }),
    payment: showPayment(payment, state === "awaiting_payment"),
  };
}

export const handler = httpFunction(
  "storefront-deposits",
  functions.storefrontDeposits,
  { ...forChannels(deps) },
  {
    createDeposit: async ({ body, idempotencyKey }, { channelId }) => {
      const begun = await beginDeposit(deps, channelId, idempotencyKey, body);
      return begun.ok ? ok({ body: shown(begun.value) }) : begun;
    },

    listDeposits: async ({ query: { limit, state, since, until }, after }, { channelId }) => {
      const { deposits, next } = await listDeposits(deps, channelId, { state, since, until }, limit, after);
      return ok({ body: { data: deposits.map(shown) }, next });
    },

    getDeposit: async ({ params: { depositId } }, { channelId }) => {
      const deposit = await findOwnDeposit(deps, channelId, depositId);
      // Another channel's deposit is as unknown as none at all.
      return deposit === undefined ? refuse("not_found", "There is no such deposit.") : ok({ body: shown(deposit) });
    },
  },
);
