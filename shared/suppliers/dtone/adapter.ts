/**
 * DT One, DVS API version 1 (https://developers.dtone.com): phone credit and PINs, one piece for each order. Its
 * callbacks are not signed, so anybody can send one. A callback is only a reason to ask, and asking does not wait for
 * it.
 */
import * as z from "zod";
import { type Answered, baseOf, CATALOGUE_BYTES, call, readOrThrow, reasonOf } from "../call.ts";
import { nameOfCallback } from "../callback-name.ts";
import type { PlaceOutcome, Protocol, QueryOutcome, Secrets, SupplierAdapter, SupplierSettings } from "../contract.ts";
import { balancesOf } from "../decimal.ts";
import { parseJson, wholeNumber } from "../json.ts";
import { OUT_OF_FUNDS, saysOutOfFunds } from "../out-of-funds.ts";
import { Balance, Balances, Callback, Errors, outcomeOf, Products, pageOf, Transaction, Transactions } from "./wire.ts";

/** DT One does not publish how long a request may be on its way. Its gateway answers within a minute. */
const inFlightSeconds = 60;
const PRODUCTS_PER_PAGE = 100;

const Credentials = z.strictObject({ apiKey: z.string().min(1).max(200), apiSecret: z.string().min(1).max(200) });
type Credentials = z.infer<typeof Credentials>;

export const dtone: Protocol<Credentials> = { credentials: Credentials, mostPieces: 1, adapter: dtoneAdapter };

function dtoneAdapter(settings: SupplierSettings, credentials: Secrets<Credentials>): SupplierAdapter {
  const base = baseOf(settings.baseUrl);
  const pair = `${credentials.apiKey.reveal()}:${credentials.apiSecret.reveal()}`;
  const headers = { accept: "application/json", authorization: `Basic ${Buffer.from(pair).toString("base64")}` };
  const get = (path: string, maxBytes?: number) =>
    call({ method: "GET", url: `${base}${path}`, headers }, settings.timeoutMs, maxBytes);

  async function query(reference: string): Promise<QueryOutcome> {
    const answer = await get(`/transactions?external_id=${encodeURIComponent(reference)}`);
    return answer.kind === "answered" ? found(answer, reference) : { kind: "unknown", reason: answer.reason };
  }

  /**
   * A refusal may be about a repeat of an order that went through before. Only DT One knows, so it is asked before the
   * refusal counts as a no.
   */
  async function refused(reference: string, refusal: Refusal): Promise<PlaceOutcome> {
    const asked = await query(reference);
    if (asked.kind !== "never_heard") return asked;
    return { kind: "rejected", reason: saysOutOfFunds(refusal.message) ? OUT_OF_FUNDS : `error_${refusal.code}` };
  }

  return {
    // An external id is taken once.
    repeatSafe: true,
    inFlightSeconds: settings.inFlightSeconds ?? inFlightSeconds,
    firstAskSeconds: 5,
    signsCallbacks: false,

    async place({ reference, supplierProductId, quantity, recipientAccount }) {
      if (!/^\d{1,20}$/.test(supplierProductId)) return { kind: "rejected", reason: "bad_product_name" };
      if (quantity !== 1) return { kind: "rejected", reason: "one_at_a_time" };
      const answer = await call(
        {
          method: "POST",
          url: `${base}/async/transactions`,
          headers: { ...headers, "content-type": "application/json" },
          body: JSON.stringify({
            external_id: reference,
            product_id: wholeNumber(supplierProductId),
            auto_confirm: true,
            ...(recipientAccount === undefined
              ? {}
              : { credit_party_identifier: { mobile_number: recipientAccount.reveal() } }),
            ...(settings.callbackUrl === undefined ? {} : { callback_url: settings.callbackUrl }),
          }),
        },
        settings.timeoutMs,
      );
      if (answer.kind !== "answered") return answer;
      const outcome = placed(answer, reference);
      return "code" in outcome ? refused(reference, outcome) : outcome;
    },

    query,

    /** Nobody knows who sent it. It is named by its content, so a made-up one never takes the place of another. */
    verify(rawBody) {
      const callback = Callback.safeParse(parseJson(rawBody));
      if (!callback.success) return { ok: false, reason: "malformed" };
      const { id, external_id: reference } = callback.data;
      return {
        ok: true,
        event: { eventId: nameOfCallback(credentials.apiSecret.reveal(), rawBody), supplierOrderId: id, reference },
      };
    },

    acknowledge: () => ({ status: 200, body: "", contentType: "text/plain" }),

    async catalogue(cursor = "1") {
      const path = `/products?page=${Number(cursor)}&per_page=${PRODUCTS_PER_PAGE}`;
      const products = readOrThrow(await get(path, CATALOGUE_BYTES), Products);
      const isLast = products.length < PRODUCTS_PER_PAGE;
      return { ...pageOf(products), ...(isLast ? {} : { next: String(Number(cursor) + 1) }) };
    },

    async balances() {
      return balancesOf(readOrThrow(await get("/balances"), Balances), Balance, ({ available, unit }) => [
        available,
        unit,
      ]);
    },
  };
}

/** A refusal that must still be checked: its code, and its text, which is stored nowhere. */
type Refusal = { code: number; message?: unknown };

/** Reads the answer to an order. */
function placed(answer: Answered, reference: string): PlaceOutcome | Refusal {
  const { status, value, retryAfterSeconds } = answer;
  switch (status) {
    case 200:
    case 201: {
      const transaction = Transaction.safeParse(value);
      if (!transaction.success) return { kind: "unknown", reason: reasonOf(answer) };
      if (transaction.data.external_id !== reference) return { kind: "unknown", reason: "other_reference" };
      return outcomeOf(transaction.data);
    }
    case 400:
    case 404:
    case 422:
      return Errors.safeParse(value).data?.errors[0] ?? { kind: "unknown", reason: reasonOf(answer) };
    case 401:
    case 403:
      return { kind: "not_sent", reason: "unauthorised" };
    case 429:
      return {
        kind: "not_sent",
        reason: "throttled",
        ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
      };
    default:
      return { kind: "unknown", reason: `http_${status}` };
  }
}

function found(answer: Answered, reference: string): QueryOutcome {
  const { status, value } = answer;
  if (status !== 200) return { kind: "unknown", reason: `http_${status}` };
  const transactions = Transactions.safeParse(value);
  if (!transactions.success) return { kind: "unknown", reason: reasonOf(answer) };
  const [transaction, ...others] = transactions.data;
  if (transaction === undefined) return { kind: "never_heard" };
  if (others.length > 0 || transaction.external_id !== reference)
    return { kind: "unknown", reason: "ambiguous_answer" };
  return outcomeOf(transaction);
}
