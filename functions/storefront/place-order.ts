import type { Slot, Ticket } from "../../shared/inventory/model.ts";
import { ok } from "../../shared/kernel/problem.ts";
import { revealGoods } from "../../shared/orders/goods.ts";
import { RECIPIENT_CONTEXT } from "../../shared/orders/model.ts";
import { placeOrder } from "../../shared/orders/place.ts";
import { recogniser } from "../../shared/secrecy/recognition.ts";
import { sealer } from "../../shared/secrecy/sealer.ts";
import { channels } from "../runtime/callers.ts";
import { clock, db, kmsClient, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { placeOrderEnv } from "./env.ts";
import { operations } from "./operations.ts";
import { showOrder } from "./present.ts";

const env = readEnv(placeOrderEnv);
const kms = kmsClient();
const sealRecipient = sealer({ kms, keyId: env.PERSONAL_KEY, context: RECIPIENT_CONTEXT });
const recognise = recogniser(kms, env.RECOGNITION_KEY);
const deps = { db, tables: tablesIn(env), clock, kms, codesKey: env.CODES_KEY, sealRecipient, recognise };

export const handler = httpFunction("place-order", operations.placeOrder, channels(deps), async (request, caller) => {
  const mayReveal = caller.scopes.includes("codes:reveal");
  let sold: ReadonlyMap<Ticket, Slot> | undefined;
  const onSold = (slots: ReadonlyMap<Ticket, Slot>): void => {
    sold = slots;
  };
  const finder = mayReveal
    ? { reveal: { by: caller.keyId, from: request.sourceIp, requestId: request.requestId }, onSold }
    : {};
  const placed = await placeOrder(deps, caller.channelId, request.idempotencyKey, request.body, finder);
  if (!placed.ok || !mayReveal) return placed.ok ? ok({ body: showOrder(placed.value) }) : placed;
  const looker = { keyId: caller.keyId, sourceIp: request.sourceIp, requestId: request.requestId };
  const goods = await revealGoods(deps, placed.value, looker, sold);
  return ok({ body: showOrder(placed.value, goods.ok ? goods.value : undefined) });
});
