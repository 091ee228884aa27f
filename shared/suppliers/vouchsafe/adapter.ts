/** A supplier that is another deployment of Vouchsafe: we are a channel of theirs and buy from our balance there. */
import * as z from "zod";
import { correlationId } from "../../kernel/correlation.ts";
import { checkSignature, webhookKey } from "../../secrecy/standard-webhooks.ts";
import { baseOf, call, printable } from "../call.ts";
import type {
  Need,
  PlaceOutcome,
  Protocol,
  QueryOutcome,
  Secrets,
  SupplierAdapter,
  SupplierSettings,
  Verified,
} from "../contract.ts";
import { discard, readJson, retryAfterSeconds, send } from "../exchange.ts";
import { parseJson } from "../json.ts";
import { askForOthers } from "./after-sales.ts";
import { readBalances, readCatalogue } from "./catalogue.ts";
import { fetchGoods, GOODS_AT_MOST, hasGoods } from "./goods.ts";
import {
  callbackSchema,
  orderListSchema,
  orderNewsSchema,
  orderSchema,
  outcomeOf,
  problemSchema,
  type SupplierOrder,
} from "./wire.ts";

/** A callback tells sooner, but it may be lost, or never have been asked for. */
const firstAskSeconds = 10;

/** Their gateway gives up on a request after 30 s; its function may take as long again before it is stopped. */
const inFlightSeconds = 60;

const Credentials = z.strictObject({ apiKey: z.string().min(1).max(500), webhookSecret: z.string().min(1).max(500) });
type Credentials = z.infer<typeof Credentials>;

export const vouchsafe: Protocol<Credentials> = {
  credentials: Credentials,
  mostPieces: GOODS_AT_MOST,
  adapter: vouchsafeAdapter,
};

export function vouchsafeAdapter(settings: SupplierSettings, credentials: Secrets<Credentials>): SupplierAdapter {
  const base = baseOf(settings.baseUrl);
  const ordersUrl = `${base}/v1/orders`;
  const key = webhookKey(credentials.webhookSecret);
  const apiKey = printable(credentials.apiKey.reveal());
  const authorization = () => `Bearer ${apiKey}`;
  const reading = () => ({ accept: "application/json", authorization: authorization(), ...requestId() });
  const get = (path: string, maxBytes?: number) =>
    call({ method: "GET", url: `${base}${path}`, headers: reading() }, settings.timeoutMs, maxBytes);
  const outcomeWithGoods: Tell = async (order) => {
    if (!hasGoods(order)) return outcomeOf(order);
    const fetched = await fetchGoods(`${ordersUrl}/${order.id}`, reading(), settings.timeoutMs);
    // It is delivered, but we can't fetch it just now. Asked again, they tell the same.
    return fetched.ok ? outcomeOf(order, fetched.goods) : { kind: "unknown", reason: fetched.reason };
  };

  return {
    // The same Idempotency-Key and body are the same order there, for as long as it exists.
    repeatSafe: true,
    inFlightSeconds: settings.inFlightSeconds ?? inFlightSeconds,
    firstAskSeconds,
    signsCallbacks: true,

    async place(need) {
      const sent = await send(
        {
          method: "POST",
          url: ordersUrl,
          headers: {
            accept: "application/json",
            authorization: authorization(),
            ...requestId(),
            "content-type": "application/json",
            "idempotency-key": need.reference,
          },
          body: orderBody(need),
        },
        settings.timeoutMs,
      );
      return sent.kind === "answered" ? placed(sent.response, need.reference, outcomeWithGoods) : sent;
    },

    async query(reference) {
      const sent = await send(
        {
          method: "GET",
          url: `${ordersUrl}?idempotencyKey=${encodeURIComponent(reference)}`,
          headers: reading(),
        },
        settings.timeoutMs,
      );
      return sent.kind === "answered"
        ? found(sent.response, reference, outcomeWithGoods)
        : { kind: "unknown", reason: sent.reason };
    },

    askAfterSales: (question) =>
      askForOthers({ ordersUrl, headers: reading(), timeoutMs: settings.timeoutMs }, question),

    verify(rawBody, headers, now) {
      const signature = checkSignature(key, rawBody, headers, now);
      return signature.ok ? eventOf(signature.id, rawBody) : signature;
    },

    acknowledge: () => ({ status: 200, body: "{}", contentType: "application/json" }),

    catalogue: (cursor) => readCatalogue(get, cursor),
    balances: () => readBalances(get),
  };
}

/**
 * Gives the header with the id under which we work. The other side logs under it too, so both find an order by one id.
 */
function requestId(): { "x-request-id"?: string } {
  const id = correlationId();
  return id === undefined ? {} : { "x-request-id": id };
}

/** Always the same text for the same need: a repeat with another body is refused. */
function orderBody({ reference, supplierProductId, quantity, recipientAccount }: Need): string {
  const recipient = recipientAccount === undefined ? {} : { recipient: { account: recipientAccount.reveal() } };
  return JSON.stringify({
    lines: [{ productId: supplierProductId, quantity, ...recipient }],
    payment: { method: "balance" },
    reference,
  });
}

/** Says what an order over there means for our attempt, with its goods. */
type Tell = (order: SupplierOrder) => Promise<ReturnType<typeof outcomeOf>>;

async function placed(response: Response, reference: string, tell: Tell): Promise<PlaceOutcome> {
  switch (response.status) {
    case 200:
    case 201: {
      const content = await readJson(response);
      if (!content.ok) return { kind: "unknown", reason: content.reason };
      const order = orderSchema.safeParse(content.value);
      if (!order.success) return { kind: "unknown", reason: "unreadable_answer" };
      return order.data.reference === reference ? tell(order.data) : { kind: "unknown", reason: "other_reference" };
    }
    case 400:
    case 404:
    case 409: {
      // A refusal counts as the supplier's own only if it has the form of one. A proxy or a parked domain has 404s of
      // its own, which say nothing about an earlier, lost call with this reference.
      const content = await readJson(response);
      const problem = problemSchema.safeParse(content.ok ? content.value : undefined);
      if (!problem.success) return { kind: "unknown", reason: "unreadable_answer" };
      return { kind: "rejected", reason: problem.data.code };
    }
    case 401:
    case 403:
      // Our configuration is wrong, not the order. It can be sent when somebody has corrected the key.
      await discard(response);
      return { kind: "not_sent", reason: "unauthorised" };
    case 422:
      // They have an order with our reference and another body. It may have been delivered, so this is never a no.
      await discard(response);
      return { kind: "unknown", reason: "reference_reused" };
    case 429: {
      await discard(response);
      const wait = retryAfterSeconds(response);
      return { kind: "not_sent", reason: "throttled", ...(wait === undefined ? {} : { retryAfterSeconds: wait }) };
    }
    default:
      await discard(response);
      return { kind: "unknown", reason: `http_${response.status}` };
  }
}

async function found(response: Response, reference: string, tell: Tell): Promise<QueryOutcome> {
  if (response.status !== 200) {
    await discard(response);
    return { kind: "unknown", reason: `http_${response.status}` };
  }
  const content = await readJson(response);
  if (!content.ok) return { kind: "unknown", reason: content.reason };
  const list = orderListSchema.safeParse(content.value);
  if (!list.success) return { kind: "unknown", reason: "unreadable_answer" };

  const [order, ...others] = list.data.data;
  // An empty page with more behind it is no "never heard", and a list of several was not filtered by our reference.
  if (others.length > 0 || list.data.nextCursor !== null) return { kind: "unknown", reason: "ambiguous_answer" };
  if (order === undefined) return { kind: "never_heard" };
  return order.reference === reference ? tell(order) : { kind: "unknown", reason: "other_reference" };
}

function eventOf(eventId: string, rawBody: string): Verified {
  const callback = callbackSchema.safeParse(parseJson(rawBody));
  if (!callback.success) return { ok: false, reason: "malformed" };
  if (callback.data.type === "product.changed") return { ok: true, event: { eventId, catalogueChanged: true } };
  if (!callback.data.type.startsWith("order.")) return { ok: true, event: { eventId } };

  const order = orderNewsSchema.safeParse(callback.data.data);
  if (!order.success) return { ok: false, reason: "malformed" };
  const { id, reference } = order.data;
  const ours = reference === undefined || reference === null ? {} : { reference };
  return { ok: true, event: { eventId, supplierOrderId: id, ...ours } };
}
