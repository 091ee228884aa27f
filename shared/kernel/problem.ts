/**
 * Every refusal by its stable code (RFC 9457 problem details). Status and title never vary; the detail speaks of one
 * request.
 */
export const PROBLEMS = {
  invalid_request: { status: 400, title: "The request is not valid" },
  invalid_json: { status: 400, title: "The body is not JSON" },
  idempotency_key_missing: { status: 400, title: "An Idempotency-Key header is required" },
  unauthorized: { status: 401, title: "The API key is missing, wrong or revoked" },
  signature_required: { status: 401, title: "The request must be signed" },
  signature_invalid: { status: 401, title: "The signature does not hold" },
  forged_callback: { status: 401, title: "The callback's signature does not verify" },
  forbidden: { status: 403, title: "This API key may not do that" },
  not_found: { status: 404, title: "There is no such thing" },
  method_not_allowed: { status: 405, title: "The address does not take this method" },
  sold_out: { status: 409, title: "Not enough stock" },
  file_missing: { status: 409, title: "The file is not there" },
  batch_void: { status: 409, title: "The batch is void" },
  import_finished: { status: 409, title: "The import is finished" },
  limit_reached: { status: 409, title: "The limit is reached" },
  order_expired: { status: 409, title: "The order has expired" },
  not_payable: { status: 409, title: "The order can't be paid" },
  code_taken: { status: 409, title: "The code belongs to an order" },
  too_scattered: { status: 409, title: "The stock lies in too many pieces" },
  insufficient_funds: { status: 409, title: "Not enough balance" },
  payment_refused: { status: 409, title: "The payment provider does not take the payment" },
  payment_disputed: { status: 409, title: "The payment is disputed" },
  case_open: { status: 409, title: "The line has a case that has not ended" },
  case_closed: { status: 409, title: "The case has been decided" },
  dispute_closed: { status: 409, title: "The dispute takes no such answer" },
  price_changed: { status: 409, title: "The price is above the stated maximum" },
  not_cancellable: { status: 409, title: "The order can no longer be cancelled" },
  not_refundable: { status: 409, title: "That can't be refunded" },
  not_in_review: { status: 409, title: "The order is not waiting for a decision" },
  line_unresolved: { status: 409, title: "The supplier has not given a definite answer" },
  line_settled: { status: 409, title: "The line is not open to that decision" },
  second_person_required: { status: 409, title: "A second person must decide the same" },
  person_unknown: { status: 409, title: "Nobody knows which person you are" },
  product_ended: { status: 409, title: "The product has ended" },
  wrong_kind: { status: 409, title: "The product is of another kind" },
  too_many_links: { status: 429, title: "Too many wrong links" },
  too_many_searches: { status: 429, title: "Too many searches for orders" },
  too_many_requests: { status: 429, title: "Too many requests" },
  quota_reached: { status: 429, title: "What may be used in a day is used" },
  body_too_large: { status: 413, title: "The body is too large" },
  unsupported_media_type: { status: 415, title: "The content type is not supported" },
  unknown_product: { status: 400, title: "The product is unknown or not on sale" },
  mixed_currencies: { status: 400, title: "All lines of an order must have one currency" },
  recipient_required: { status: 400, title: "A top-up needs a recipient" },
  idempotency_key_reused: { status: 422, title: "The Idempotency-Key was used with another request" },
  internal: { status: 500, title: "Something went wrong on our side" },
  changed_meanwhile: { status: 409, title: "Somebody else has changed it meanwhile" },
  sales_closed: { status: 503, title: "Sales are closed for a while" },
  busy: { status: 503, title: "Try again in a moment" },
} as const;

export type ProblemCode = keyof typeof PROBLEMS;
export const PROBLEM_CODES = Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]];
export type FieldError = { pointer: string; message: string };

/** An expected refusal. Use cases return it; they do not throw it. */
export type Refusal = {
  ok: false;
  code: ProblemCode;
  detail: string;
  errors?: readonly FieldError[];
  /** When the same request may be let in. */
  retryAfterSeconds?: number;
};

/** What a use case returns: the value, or the reason why not. */
export type Result<T> = { ok: true; value: T } | Refusal;

export function ok<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function refuse(code: ProblemCode, detail: string, errors?: readonly FieldError[]): Refusal {
  return errors === undefined ? { ok: false, code, detail } : { ok: false, code, detail, errors };
}

/** Turns a schema's issues into fields of a request. `root` is where the checked part of the request lies. */
export function pointersOf(
  issues: readonly { path: readonly PropertyKey[]; message: string }[],
  root = "",
): FieldError[] {
  return issues.map(({ path, message }) => ({ pointer: [root, ...path].map(String).join("/"), message }));
}
