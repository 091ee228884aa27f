/** Stripe's own SDK, with our way to make calls under it: our limits of time and size, no redirects, and no second try by itself. */
import { Stripe } from "stripe";
import type * as z from "zod";
import { baseOf, call, printable } from "../../suppliers/call.ts";
import type { ProviderSettings, Secrets } from "../contract.ts";
import type { Credentials } from "./credentials.ts";
import { type Failure, failureOf } from "./failures.ts";
import { API_VERSION } from "./names.ts";

export type Answered<T> = { kind: "answered"; value: T };
export type Asked<T> = Answered<T> | Failure;

/** Carries through the SDK what its errors have no place for. */
class Unanswered extends Error {
  override readonly name = "Unanswered";
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.reason);
    this.failure = failure;
  }
}

/** What the SDK sends beside these is about this machine. */
const HEADERS = ["accept", "authorization", "content-type", "idempotency-key", "stripe-version"];

export function stripeClient(settings: ProviderSettings, { apiKey }: Pick<Secrets<Credentials>, "apiKey">): Stripe {
  const base = baseOf(settings.baseUrl);
  return new Stripe(printable(apiKey.reveal()), {
    apiVersion: API_VERSION,
    maxNetworkRetries: 0,
    telemetry: false,
    httpClient: Stripe.createFetchHttpClient(async (address, init = {}) => {
      const { pathname, search } = new URL(address instanceof Request ? address.url : address);
      const given = new Headers(init.headers);
      const headers = Object.fromEntries([...given].filter(([name]) => HEADERS.includes(name)));
      const method = init.method === "POST" ? "POST" : "GET";
      const body = typeof init.body === "string" ? { body: init.body } : {};
      const answer = await call({ method, url: `${base}${pathname}${search}`, headers, ...body }, settings.timeoutMs);
      if (answer.kind !== "answered") throw new Unanswered(answer);
      // The SDK takes whatever is no error for what was asked for. A page of a proxy, or half an answer, has no value.
      if (answer.status !== 200 || answer.value == null) throw new Unanswered(failureOf(answer));
      return Response.json(answer.value);
    }),
  });
}

/** Makes a call by the SDK and reads its answer. What went wrong is returned, and never says more than a word. */
export async function ask<T>(schema: z.ZodType<T>, work: Promise<unknown>): Promise<Asked<T>> {
  try {
    const read = schema.safeParse(await work);
    return read.success ? { kind: "answered", value: read.data } : { kind: "unknown", reason: "unreadable_answer" };
  } catch (error) {
    const { detail } = error as { detail?: unknown };
    if (detail instanceof Unanswered) return detail.failure;
    throw error;
  }
}

/** A question that wasn't answered leaves things as unknown as they were. */
export const unanswered = ({ reason }: Failure): { kind: "unknown"; reason: string } => ({ kind: "unknown", reason });
