/**
 * Runa, version 2 of its API (https://developer.runa.io): gift cards as links. An order of one piece is answered at
 * once, others are accepted first. Svix signs the callbacks (body, id and time). They are as good as callbacks can be,
 * and still only make us ask.
 */
import * as z from "zod";
import { checkSignature, webhookKey } from "../../secrecy/standard-webhooks.ts";
import { type Answered, baseOf, CATALOGUE_BYTES, call, printable, readOrThrow, reasonOf } from "../call.ts";
import type { PlaceOutcome, Protocol, QueryOutcome, Secrets, SupplierAdapter, SupplierSettings } from "../contract.ts";
import { balancesOf } from "../decimal.ts";
import { parseJson } from "../json.ts";
import {
  API_VERSION,
  Balance,
  Balances,
  Catalogue,
  ITEMS_AT_MOST,
  Order,
  OrderCompletion,
  orderBody,
  outcomeOf,
  Problem,
  ProductUpdate,
  pageOf,
} from "./wire.ts";

/** Runa does not publish how long an order may be on its way. A synchronous one is over within its gateway's minute. */
const inFlightSeconds = 60;

const Credentials = z.strictObject({ apiKey: z.string().min(1).max(500), webhookSecret: z.string().min(1).max(500) });
type Credentials = z.infer<typeof Credentials>;

export const runa: Protocol<Credentials> = {
  credentials: Credentials,
  mostPieces: ITEMS_AT_MOST,
  adapter: runaAdapter,
};

/**
 * Refusals about this order, after which nothing of it exists. All other refusals may be about an order that exists.
 */
const DEFINITE = new Set([
  "insufficient_funds",
  "product_validation_error",
  "currency_mismatch",
  "payment_method_unavailable",
  "ordering_restricted",
  "validation_error",
]);

function runaAdapter(settings: SupplierSettings, credentials: Secrets<Credentials>): SupplierAdapter {
  const base = baseOf(settings.baseUrl);
  const key = webhookKey(credentials.webhookSecret);
  const apiKey = printable(credentials.apiKey.reveal());
  const headers = { accept: "application/json", "x-api-key": apiKey, "x-api-version": API_VERSION };
  const get = (path: string, maxBytes?: number) =>
    call({ method: "GET", url: `${base}${path}`, headers }, settings.timeoutMs, maxBytes);

  return {
    // The same key and body get the same answer for 30 days, errors included. An attempt is over long before that.
    repeatSafe: true,
    inFlightSeconds: settings.inFlightSeconds ?? inFlightSeconds,
    // The callback of a failed order does not name our reference, nor anything else that we gave. So we ask as well.
    firstAskSeconds: 10,
    signsCallbacks: true,

    async place(need) {
      const body = orderBody(need);
      if (body === undefined) return { kind: "rejected", reason: "bad_product_name" };
      const answer = await call(
        {
          method: "POST",
          url: `${base}/order`,
          headers: {
            ...headers,
            "content-type": "application/json",
            "x-idempotency-key": need.reference,
            "x-execution-mode": need.quantity === 1 ? "sync" : "async",
          },
          body,
        },
        settings.timeoutMs,
      );
      return answer.kind === "answered" ? placed(answer) : answer;
    },

    async query(_reference, supplierOrderId) {
      if (supplierOrderId === undefined) return { kind: "never_heard" };
      const answer = await get(`/order/${encodeURIComponent(supplierOrderId)}`);
      if (answer.kind !== "answered") return { kind: "unknown", reason: answer.reason };
      return found(answer, supplierOrderId);
    },

    verify(rawBody, given, now) {
      const signed = {
        "webhook-id": given["svix-id"] ?? given["webhook-id"],
        "webhook-timestamp": given["svix-timestamp"] ?? given["webhook-timestamp"],
        "webhook-signature": given["svix-signature"] ?? given["webhook-signature"],
      };
      const signature = checkSignature(key, rawBody, signed, now);
      if (!signature.ok) return signature;
      const event = { eventId: signature.id };
      if (ProductUpdate.safeParse(parseJson(rawBody)).success)
        return { ok: true, event: { ...event, catalogueChanged: true } };
      const order = OrderCompletion.safeParse(parseJson(rawBody));
      if (!order.success) return { ok: true, event };
      const reference = order.data.metadata?.reference;
      return {
        ok: true,
        event: { ...event, supplierOrderId: order.data.id, ...(reference === undefined ? {} : { reference }) },
      };
    },

    acknowledge: () => ({ status: 200, body: "{}", contentType: "application/json" }),

    async catalogue(cursor) {
      const after = cursor === undefined ? "" : `&after=${encodeURIComponent(cursor)}`;
      return pageOf(readOrThrow(await get(`/product?limit=500${after}`, CATALOGUE_BYTES), Catalogue));
    },

    async balances() {
      const balances = readOrThrow(await get("/balance"), Balances);
      return balancesOf(balances, Balance, ({ balance, currency }) => [balance, currency]);
    },
  };
}

function placed(answer: Answered): PlaceOutcome {
  const { status, value, retryAfterSeconds } = answer;
  if (status === 200 || status === 202) {
    const order = Order.safeParse(value);
    return order.success ? outcomeOf(order.data) : { kind: "unknown", reason: reasonOf(answer) };
  }
  const type = Problem.safeParse(value).data?.type;
  if (status === 429)
    return { kind: "not_sent", reason: "throttled", ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) };
  if ([400, 403, 422].includes(status) && type !== undefined && DEFINITE.has(type))
    return { kind: "rejected", reason: type };
  if (status === 401 || status === 403) return { kind: "not_sent", reason: "unauthorised" };
  return { kind: "unknown", reason: type ?? `http_${status}` };
}

function found(answer: Answered, supplierOrderId: string): QueryOutcome {
  const { status, value } = answer;
  if (status !== 200) return { kind: "unknown", reason: `http_${status}` };
  const order = Order.safeParse(value);
  if (!order.success) return { kind: "unknown", reason: reasonOf(answer) };
  return order.data.id === supplierOrderId ? outcomeOf(order.data) : { kind: "unknown", reason: "other_order" };
}
