/**
 * 福禄 Fulu, open platform version 2.0 (https://docs.open.fulu.com): cards and direct top-ups. An order is accepted first
 * and then asked about, every one to three seconds as Fulu advises. Fulu doesn't publish how its callbacks are signed
 * in a way that we could check, and the signature that it uses elsewhere does not cover the order of characters. So a
 * callback only makes us ask.
 */
import * as z from "zod";
import { systemClock } from "../../kernel/clock.ts";
import { baseOf, CATALOGUE_BYTES, call, reasonOf } from "../call.ts";
import { nameOfCallback } from "../callback-name.ts";
import type { PlaceOutcome, Protocol, QueryOutcome, Secrets, SupplierAdapter, SupplierSettings } from "../contract.ts";
import { SupplierDown } from "../contract.ts";
import { balancesOf } from "../decimal.ts";
import { parseJson } from "../json.ts";
import { OUT_OF_FUNDS, saysOutOfFunds } from "../out-of-funds.ts";
import { signatureOf } from "./signing.ts";
import {
  CARDS_AT_MOST,
  Callback,
  Envelope,
  Goods,
  Order,
  outcomeOf,
  pageOf,
  placing,
  requestBody,
  User,
} from "./wire.ts";

/** Not published. Gateways give up after a minute. */
const inFlightSeconds = 60;

const Credentials = z.strictObject({
  appKey: z.string().min(1).max(200),
  /** Also the key of an AES-256 cipher: 32 bytes. */
  appSecret: z.string().regex(/^[\x21-\x7e]{32}$/, "must be 32 characters"),
});
type Credentials = z.infer<typeof Credentials>;

export const fulu: Protocol<Credentials> = {
  credentials: Credentials,
  mostPieces: CARDS_AT_MOST,
  adapter: fuluAdapter,
};

/**
 * Fulu did not take these orders, and they can be tried elsewhere: no stock, not on sale, not for this account, and
 * similar.
 */
const DEFINITE = new Set([3001, 3002, 3003, 3004, 3005, 3008]);

type Said =
  | { kind: "result"; value: unknown }
  | { kind: "refused"; code: number; isOutOfFunds: boolean }
  | { kind: "not_sent"; reason: string; retryAfterSeconds?: number }
  | { kind: "unknown"; reason: string };

function fuluAdapter(settings: SupplierSettings, credentials: Secrets<Credentials>): SupplierAdapter {
  const url = baseOf(settings.baseUrl);
  const secret = credentials.appSecret.reveal();

  /** Makes one call. A result whose signature does not fit is no answer. */
  async function say(method: string, content: object, maxBytes?: number): Promise<Said> {
    const body = requestBody(method, content, credentials, systemClock());
    const headers = { accept: "application/json", "content-type": "application/json" };
    const answer = await call({ method: "POST", url, headers, body }, settings.timeoutMs, maxBytes);
    if (answer.kind !== "answered") return answer;
    const { status, value, retryAfterSeconds } = answer;
    if (status === 429)
      return {
        kind: "not_sent",
        reason: "throttled",
        ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
      };
    if (status === 401 || status === 403) return { kind: "not_sent", reason: "unauthorised" };
    const envelope = Envelope.safeParse(value);
    if (status !== 200) return { kind: "unknown", reason: `http_${status}` };
    if (!envelope.success) return { kind: "unknown", reason: reasonOf(answer) };
    const { code, message, result, sign } = envelope.data;
    if (code !== 0) return { kind: "refused", code, isOutOfFunds: saysOutOfFunds(message) };
    if (typeof result !== "string" || sign !== signatureOf(result, secret))
      return { kind: "unknown", reason: "forged_answer" };
    return { kind: "result", value: parseJson(result) };
  }

  function told(value: unknown, reference: string, isForCards: boolean): ReturnType<typeof outcomeOf> {
    const order = Order.safeParse(value);
    if (!order.success) return { kind: "unknown", reason: "unreadable_answer" };
    if (order.data.customer_order_no !== reference) return { kind: "unknown", reason: "other_reference" };
    return outcomeOf(order.data, secret, isForCards);
  }

  async function read<T>(method: string, schema: z.ZodType<T>, maxBytes?: number): Promise<T> {
    const said = await say(method, {}, maxBytes);
    if (said.kind === "refused") throw new SupplierDown(`error_${said.code}`);
    if (said.kind !== "result")
      throw new SupplierDown(said.reason, "retryAfterSeconds" in said ? said.retryAfterSeconds : undefined);
    const read = schema.safeParse(said.value);
    if (!read.success) throw new SupplierDown("unreadable_answer");
    return read.data;
  }

  return {
    // Fulu does not document whether a repeated order number is the same order, so we never try.
    repeatSafe: false,
    inFlightSeconds: settings.inFlightSeconds ?? inFlightSeconds,
    firstAskSeconds: 2,
    signsCallbacks: false,

    async place(need): Promise<PlaceOutcome> {
      if (!/^\d{1,20}$/.test(need.supplierProductId)) return { kind: "rejected", reason: "bad_product_name" };
      const said = await say(...placing(need));
      if (said.kind === "refused" && said.isOutOfFunds) return { kind: "rejected", reason: OUT_OF_FUNDS };
      if (said.kind === "refused")
        return DEFINITE.has(said.code)
          ? { kind: "rejected", reason: `error_${said.code}` }
          : { kind: "unknown", reason: `error_${said.code}` };
      return said.kind === "result" ? told(said.value, need.reference, need.recipientAccount === undefined) : said;
    },

    async query(reference): Promise<QueryOutcome> {
      const said = await say("fulu.order.info.get", { customer_order_no: reference });
      // Fulu publishes no code for "no such order". What it refuses to tell stays unknown, until a person asks.
      if (said.kind === "refused") return { kind: "unknown", reason: `error_${said.code}` };
      return said.kind === "result" ? told(said.value, reference, false) : { kind: "unknown", reason: said.reason };
    },

    verify(rawBody) {
      const callback = Callback.safeParse(parseJson(rawBody));
      if (!callback.success) return { ok: false, reason: "malformed" };
      const { customer_order_no: reference, order_id: supplierOrderId } = callback.data;
      const event = { eventId: nameOfCallback(secret, rawBody), reference };
      return { ok: true, event: supplierOrderId === undefined ? event : { ...event, supplierOrderId } };
    },

    acknowledge: () => ({ status: 200, body: "success", contentType: "text/plain" }),

    async catalogue() {
      return pageOf(await read("fulu.goods.list.get", Goods, CATALOGUE_BYTES));
    },

    async balances() {
      return balancesOf([await read("fulu.user.info.get", User)], User, ({ balance }) => [balance, "CNY"]);
    },
  };
}
