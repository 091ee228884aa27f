import { baseOf, call, printable } from "../../suppliers/call.ts";
import type { ProviderSettings, Secrets } from "../contract.ts";
import { problemSchema } from "./wire.ts";

type Answer = Awaited<ReturnType<typeof call>>;
type Failed = Exclude<Answer, { kind: "answered" }>;
export type Answered = Extract<Answer, { kind: "answered" }>;

/** Asks for a path; or posts something to it. */
export type Get = (path: string) => Promise<Answer>;
export type Post = (path: string, body: object) => Promise<Answer>;

type Key = Secrets<{ apiKey: string }>;

/** What says to the simulated provider who we are. */
export const authorizationOf = ({ apiKey }: Key): string => `Bearer ${printable(apiKey.reveal())}`;

/** Makes the two kinds of request that the simulated provider knows. */
export function clientOf(settings: ProviderSettings, credentials: Key) {
  const base = baseOf(settings.baseUrl);
  const authorization = authorizationOf(credentials);
  const headers = { accept: "application/json", authorization };
  return {
    get: (path: string) => call({ method: "GET", url: `${base}${path}`, headers }, settings.timeoutMs),
    post: (path: string, body: object) =>
      call(
        {
          method: "POST",
          url: `${base}${path}`,
          headers: { ...headers, "content-type": "application/json" },
          body: JSON.stringify(body),
        },
        settings.timeoutMs,
      ),
  };
}

export const unanswered = ({ reason }: Failed): { kind: "unknown"; reason: string } => ({ kind: "unknown", reason });

export const unread = ({
  status,
  unreadable = "unreadable_answer",
}: Answered): { kind: "unknown"; reason: string } => ({
  kind: "unknown",
  reason: status >= 500 ? `http_${status}` : unreadable,
});

/** What every refused request says: a definite no in the provider's form, our own mistake, or that we ask too often. */
export function refusalIn(answer: Answered) {
  const { status, value, retryAfterSeconds } = answer;
  if (status === 429)
    return {
      kind: "not_sent",
      reason: "throttled",
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    } as const;
  if (status === 401 || status === 403) return { kind: "not_sent", reason: "unauthorised" } as const;
  const problem = problemSchema.safeParse(value);
  // A proxy or a parked domain has answers of its own, which say nothing about a payment.
  if (status < 400 || status >= 500 || !problem.success) return unread(answer);
  return { kind: "refused", reason: problem.data.code } as const;
}

/** A 404 counts only in the provider's own form. */
export function isUnknownThere({ status, value }: Answered): boolean {
  const problem = problemSchema.safeParse(value);
  return status === 404 && problem.success && problem.data.code === "not_found";
}
