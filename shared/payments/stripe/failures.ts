/** What came of a call that Stripe has not done: what each of its errors means for us (https://docs.stripe.com/api/errors). */
import * as z from "zod";

export type Failure =
  | { kind: "refused"; reason: string }
  | { kind: "unknown"; reason: string }
  | { kind: "not_sent"; reason: string; retryAfterSeconds?: number };

type Answered = { status: number; value: unknown; unreadable?: string; retryAfterSeconds?: number };

const problemSchema = z.object({
  error: z.object({ type: z.string(), code: z.string().nullish(), param: z.string().nullish() }),
});

/** The reason of a refusal because of a thing that Stripe doesn't have. */
export const MISSING = "resource_missing";

export function failureOf({ status, value, unreadable = "unreadable_answer", retryAfterSeconds }: Answered): Failure {
  if (status === 429)
    return { kind: "not_sent", reason: "throttled", ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) };
  if (status === 401 || status === 403) return { kind: "not_sent", reason: "unauthorised" };
  // An earlier call under the same idempotency key is being worked on.
  if (status === 409) return { kind: "unknown", reason: "in_progress" };
  // A 500 is kept under its idempotency key, although the work may have been done.
  if (status >= 500) return { kind: "unknown", reason: `http_${status}` };
  // A proxy has answers of its own, which say nothing about a payment.
  const problem = problemSchema.safeParse(value);
  if (status < 400 || !problem.success) return { kind: "unknown", reason: unreadable };
  const { type, code, param } = problem.data.error;
  // Something else was asked for under the key, and that may have been done.
  if (type === "idempotency_error") return { kind: "unknown", reason: "other_parameters" };
  const [parameter = ""] = param?.split("[", 1) ?? [];
  return {
    kind: "refused",
    reason: wordIn(code) ?? (wordIn(parameter) && `invalid_${parameter}`) ?? "invalid_request",
  };
}

/** Codes of errors are a published list of words; parameters are named in the same way. */
const wordIn = (text: string | null | undefined): string | undefined =>
  text != null && /^[a-z][a-z0-9_]{0,49}$/.test(text) ? text : undefined;
