/** The Stripe simulator's answers to the calls of its API. A parameter that Stripe's document doesn't have is refused, as Stripe does. */
import type { Call, Reply } from "../../suppliers/party.ts";
import { type Params, paramsOf, wrongIn } from "./spec.ts";
import {
  balanceTransactions,
  newRefund,
  newSession,
  type RefundState,
  type Session,
  shownDispute,
  shownIntent,
  shownRefund,
  shownSession,
  takenBack,
} from "./stripe-books.ts";

type Answer = Exclude<Reply, string>;
export type World = {
  sessions: Session[];
  now: () => number;
  urlOf: (session: Session) => string;
  refundsBecome: () => RefundState;
  tell: (type: string, object: unknown) => void;
};

export const refusal = (
  status: number,
  type: string,
  code?: string,
  message = "Something is wrong",
  param?: string,
): Answer => ({
  status,
  body: {
    error: { type, message, ...(code === undefined ? {} : { code }), ...(param === undefined ? {} : { param }) },
  },
});
const invalid = (code: string | undefined, param?: string, message?: string): Answer =>
  refusal(400, "invalid_request_error", code, message, param);
const missing = (what: string): Answer => refusal(404, "invalid_request_error", "resource_missing", `No such ${what}`);

/** In Stripe's unit. What settles in US dollars must be worth half of one; of other currencies some are enough here. */
const SMALLEST: Record<string, number> = { usd: 50, eur: 50, gbp: 30, jpy: 50, cny: 10 };
const MINUTE = 60;
const DAY = 86_400;

export function answerTo(call: Call, name: string, world: World): Answer {
  const form = call.method === "POST" ? new URLSearchParams(call.body) : call.url.searchParams;
  const params = paramsOf(form);
  const wrong = wrongIn(name, params);
  if (wrong !== undefined) return invalid("parameter_unknown", wrong, `Received unknown parameter: ${wrong}`);
  const id =
    call.url.pathname.split("/")[name.startsWith("get /v1/checkout") || name.includes("checkout") ? 4 : 3] ?? "";
  switch (name) {
    case "post /v1/checkout/sessions":
      return create(params, world);
    case "get /v1/checkout/sessions":
      return page(
        call,
        world.sessions.map((one) => ({ ...one, object: shownSession(one, world.urlOf(one)) })),
      );
    case "get /v1/checkout/sessions/{session}":
    case "post /v1/checkout/sessions/{session}/expire":
      return ofSession(id, name, params, world);
    case "get /v1/payment_intents/{intent}": {
      const session = world.sessions.find(({ intent }) => intent === id);
      return session === undefined
        ? missing("payment_intent")
        : { status: 200, body: shownIntent(session, expandIn(params)) };
    }
    case "post /v1/refunds":
      return refund(params, world);
    case "get /v1/refunds": {
      const session = world.sessions.find(({ intent }) => intent === params["payment_intent"]);
      if (session === undefined) return missing("payment_intent");
      return page(
        call,
        session.refunds.map((one) => ({ ...one, object: shownRefund(session, one) })),
      );
    }
    case "get /v1/balance_transactions": {
      const isOpened = expandIn(params).includes("data.source");
      const lines = world.sessions.flatMap((session) => balanceTransactions(session, isOpened)) as {
        id: string;
        created: number;
      }[];
      return page(
        call,
        lines.map((object) => ({ ...object, object })),
      );
    }
    default:
      return ofDispute(id, name, params, call, world);
  }
}

const expandIn = ({ expand = {} }: Params): string[] => Object.values(expand).map(String);
const textOf = (value: Params[string] | undefined): string => (typeof value === "string" ? value : "");
const isWebAddress = (value: unknown): value is string => typeof value === "string" && /^https?:\/\/\S+$/.test(value);

function create(params: Params, { sessions, now, urlOf }: World): Answer {
  const { mode, success_url, cancel_url = null, client_reference_id: reference, expires_at, metadata = {} } = params;
  const [item = {}, ...others] = Object.values((params["line_items"] ?? {}) as Params) as Params[];
  const { currency, unit_amount, product_data = {} } = (item["price_data"] ?? {}) as Params;
  const { metadata: intentMetadata = {} } = (params["payment_intent_data"] ?? {}) as Params;
  if (mode !== "payment") return invalid("parameter_missing", "mode");
  if (!isWebAddress(success_url)) return invalid("url_invalid", "success_url");
  if (cancel_url !== null && !isWebAddress(cancel_url)) return invalid("url_invalid", "cancel_url");
  if (others.length > 0 || item["quantity"] !== "1") return invalid("parameter_missing", "line_items");
  if ((product_data as Params)["name"] === undefined) return invalid("parameter_missing", "line_items[0][price_data]");
  if (typeof currency !== "string" || !/^[a-z]{3}$/.test(currency)) return invalid("parameter_invalid", "currency");
  const amount = Number(unit_amount);
  if (amount < (SMALLEST[currency] ?? 1)) return invalid("amount_too_small");
  if (amount > 999_999_999_999) return invalid("amount_too_large");
  if (/^(isk|ugx)$/.test(currency) && amount % 100 !== 0) return invalid("parameter_invalid", "unit_amount");
  const expiresAt = expires_at === undefined ? now() + DAY : Number(expires_at);
  if (expiresAt < now() + 30 * MINUTE || expiresAt > now() + DAY)
    return invalid(
      undefined,
      "expires_at",
      "The `expires_at` timestamp must be between 30 minutes and 24 hours from now.",
    );
  const texts = [metadata, intentMetadata].flatMap((one) => Object.entries(one as Params));
  if (texts.some(([key, value]) => key.length > 40 || textOf(value).length > 500))
    return invalid("parameter_invalid", "metadata");
  const session = newSession(
    {
      reference: textOf(reference),
      item: textOf((product_data as Params)["name"]),
      amount,
      currency,
      metadata: metadata as Record<string, string>,
      intentMetadata: intentMetadata as Record<string, string>,
      returnUrls: { success_url, cancel_url },
      expiresAt,
    },
    now(),
  );
  sessions.push(session);
  return { status: 200, body: shownSession(session, urlOf(session)) };
}

function ofSession(id: string, name: string, params: Params, { sessions, now, urlOf, tell }: World): Answer {
  const session = sessions.find((one) => one.id === id);
  if (session === undefined) return missing("checkout.session");
  if (session.status === "open" && session.expiresAt <= now()) session.status = "expired";
  if (name.endsWith("/expire")) {
    if (session.status !== "open")
      return invalid(undefined, undefined, `Only Checkout Sessions with a status in ["open"] can be expired.`);
    session.status = "expired";
    tell("checkout.session.expired", shownSession(session, urlOf(session)));
  }
  return { status: 200, body: shownSession(session, urlOf(session), expandIn(params)) };
}

function refund(params: Params, { sessions, now, refundsBecome, tell }: World): Answer {
  const session = sessions.find(({ intent }) => intent !== undefined && intent === params["payment_intent"]);
  if (session === undefined) return missing("payment_intent");
  const amount = Number(params["amount"]);
  const left = session.payment === "paid" ? session.amount - takenBack(session) : 0;
  if (left === 0) return invalid("charge_already_refunded");
  if (!(amount >= 1 && amount <= left)) return invalid("amount_too_large", "amount");
  const made = newRefund(amount, refundsBecome(), (params["metadata"] ?? {}) as Record<string, string>, now());
  session.refunds.push(made);
  tell("refund.created", shownRefund(session, made));
  return { status: 200, body: shownRefund(session, made) };
}

function ofDispute(id: string, name: string, params: Params, call: Call, { sessions, tell }: World): Answer {
  if (name === "get /v1/disputes") {
    const all = sessions.flatMap((session) =>
      session.disputes.map((one) => ({ ...one, object: shownDispute(session, one) })),
    );
    return page(call, all);
  }
  const session = sessions.find(({ disputes }) => disputes.some((one) => one.id === id));
  const dispute = session?.disputes.find((one) => one.id === id);
  if (session === undefined || dispute === undefined) return missing("dispute");
  const isInquiry = dispute.status === "warning_needs_response";
  const isOpen = dispute.status === "needs_response" || isInquiry;
  if (name.startsWith("post") && !isOpen) return invalid("dispute_not_open");
  if (name.endsWith("/close")) {
    dispute.status = "lost";
    tell("charge.dispute.closed", shownDispute(session, dispute));
  } else if (name.startsWith("post")) {
    Object.assign(dispute.evidence, params["evidence"] ?? {});
    if (params["submit"] !== "false") {
      dispute.submissions += 1;
      dispute.status = isInquiry ? "warning_under_review" : "under_review";
      tell("charge.dispute.updated", shownDispute(session, dispute));
    }
  }
  return { status: 200, body: shownDispute(session, dispute, expandIn(params)) };
}

const listed = (data: object[], more: boolean): Answer => ({
  status: 200,
  body: { object: "list", url: "/v1/list", has_more: more, data },
});

/** A page of a list, the newest first, as Stripe's lists are. */
function page({ url }: Call, all: readonly { id: string; created: number; object: object }[]): Answer {
  const given = (name: string): number | undefined => {
    const value = url.searchParams.get(`created[${name}]`);
    return value === null ? undefined : Number(value);
  };
  const found = all
    .filter(({ created }) => created >= (given("gte") ?? 0) && created <= (given("lte") ?? Infinity))
    .filter(({ created }) => created < (given("lt") ?? Infinity))
    .toReversed();
  const after = url.searchParams.get("starting_after");
  const from = after === null ? 0 : found.findIndex(({ id }) => id === after) + 1;
  const limit = Number(url.searchParams.get("limit") ?? 10);
  return listed(
    found.slice(from, from + limit).map(({ object }) => object),
    found.length > from + limit,
  );
}
