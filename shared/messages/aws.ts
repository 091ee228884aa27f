import { isBeforeSending } from "../suppliers/exchange.ts";
import { SEND_TIMEOUT_MS, type SendOutcome } from "./contract.ts";

type Where = { region?: string; endpoint?: string };

/**
 * Says how to make a client of AWS that sends messages. One attempt: the SDK repeats a call whose answer was lost, and that would be a
 * second message. Who sends again is decided by what is written down.
 */
export const clientConfig = ({ region, endpoint }: Where): Where & { maxAttempts: number } => ({
  maxAttempts: 1,
  ...(region === undefined ? {} : { region }),
  ...(endpoint === undefined ? {} : { endpoint }),
});

/** Ends a call after its time, its answer's body included. */
export const inTime = (): { abortSignal: AbortSignal } => ({ abortSignal: AbortSignal.timeout(SEND_TIMEOUT_MS) });

/** Gives what an answer of an AWS client means: a message that was sent has an id. */
export const outcomeOf = ({ MessageId }: { MessageId?: string | undefined }): SendOutcome =>
  MessageId === undefined
    ? { kind: "unknown", reason: "unreadable_answer" }
    : { kind: "sent", senderMessageId: MessageId };

type AwsError = Error & { $metadata?: { httpStatusCode?: number } };

/** Gives what an error of an AWS client means. `known`: errors of the service by their names, as its documents list them. */
export function afterAwsError(error: unknown, known: Readonly<Record<string, SendOutcome>>): SendOutcome {
  if (!(error instanceof Error)) return { kind: "unknown", reason: "connection_lost" };
  const { name, $metadata } = error as AwsError;
  const outcome = known[name];
  if (outcome !== undefined) return outcome;
  const status = $metadata?.httpStatusCode;
  if (status === undefined) {
    if (isBeforeSending(error)) return { kind: "not_sent", reason: "unreachable" };
    return { kind: "unknown", reason: /^(AbortError|TimeoutError)$/.test(name) ? "timed_out" : "connection_lost" };
  }
  if (status === 429 || status === 503) return { kind: "not_sent", reason: "throttled" };
  if (status === 401 || status === 403) return { kind: "not_sent", reason: "unauthorised" };
  // What it doesn't take for another reason is our set-up: it would take no other message either.
  return status >= 400 && status < 500
    ? { kind: "not_sent", reason: "set_up_wrongly" }
    : { kind: "unknown", reason: "unreadable_answer" };
}
