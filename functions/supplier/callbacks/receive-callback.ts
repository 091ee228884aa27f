import { receiveCallback } from "../../../shared/fulfilment/receive-callback.ts";
import { systemClock } from "../../../shared/kernel/clock.ts";
import { ok, refuse } from "../../../shared/kernel/problem.ts";
import { sealer } from "../../../shared/secrecy/sealer.ts";
import type { Acknowledgement } from "../../../shared/suppliers/contract.ts";
import { anyone } from "../../runtime/callers.ts";
import { dependenciesOf, kmsClient, sqsClient, ssmClient } from "../../runtime/dependencies.ts";
import { httpFunction } from "../../runtime/http.ts";
import { log } from "../../runtime/log.ts";
import { count } from "../../runtime/metrics.ts";
import { functions } from "./operations.ts";

const { env, deps: given } = dependenciesOf(functions.receiveCallback);
const deps = {
  ...given,
  // A supplier signs by the time of the world, which nobody moves.
  clock: systemClock,
  ssm: ssmClient(),
  secretsPrefix: env.SECRETS_PREFIX,
  sqs: sqsClient(),
  callbackQueueUrl: env.CALLBACK_QUEUE_URL,
  sealBody: sealer({ kms: kmsClient(), keyId: env.PERSONAL_KEY, context: { purpose: "callback" } }),
};

const acknowledged = ({ status, body, contentType }: Acknowledgement) =>
  ok({ body, status, raw: true, headers: { "Content-Type": contentType } });

export const handler = httpFunction(
  "receive-callback",
  functions.receiveCallback,
  {
    authenticate: anyone,
    // What is too large, can't be read, or names no supplier is no callback either. Those that don't verify are told apart below.
    onRefused: (code) => {
      if (code !== "forged_callback") count("CallbackForged");
    },
  },
  {
    receiveCallback: async ({ params: { supplierId }, text, headers }) => {
      const received = await receiveCallback(deps, supplierId, text, headers);
      switch (received.kind) {
        case "stored":
          return acknowledged(received.acknowledgement);
        case "dropped":
          count("CallbackUnknown");
          return acknowledged(received.acknowledgement);
        case "unknown_supplier":
          return refuse("not_found", "There is no such supplier.");
        case "unreadable":
          // Anybody can post to an address without signatures. Those posts are counted apart, so that they don't hide
          // forged callbacks of other suppliers.
          count("CallbackUnknown");
          return refuse("forged_callback", "The callback does not verify.");
        case "refused":
          count("CallbackForged");
          log("callback_refused", { supplierId, reason: received.reason });
          return refuse("forged_callback", "The callback does not verify.");
      }
    },
  },
);
