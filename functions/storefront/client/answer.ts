/** An answer whose body has been read. */
export type Answered = { status: number; headers: Headers; text: string };

/** The shop refuses a call (RFC 9457). Branch on `code`; `errors` points at each wrong field of what was sent. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly status: number;
  readonly code: string;
  readonly errors: readonly { pointer: string; message: string }[];
  /** Name it when you ask for support. */
  readonly requestId: string | undefined;
  /** When the same request may be let in, if the shop says so. */
  readonly retryAfterSeconds: number | undefined;

  constructor({ status, headers }: Answered, said: Readonly<Record<string, unknown>>) {
    super(`${String(said["code"])}: ${String(said["detail"] ?? said["title"])}`);
    this.status = status;
    this.code = String(said["code"]);
    this.errors = (said["errors"] as Problem["errors"] | undefined) ?? [];
    this.requestId = headers.get("x-request-id") ?? undefined;
    const wait = Number(headers.get("retry-after"));
    this.retryAfterSeconds = wait > 0 ? wait : undefined;
  }
}

/** Nobody answered in a way that tells whether the call was done. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
  /** Call again with it: then it is done once. Absent for calls that change nothing. */
  readonly idempotencyKey: string | undefined;

  constructor(call: string, status: number | undefined, idempotencyKey: string | undefined) {
    super(`${call}: ${status === undefined ? "no answer" : `an answer ${status} that is not the shop's`}`);
    this.idempotencyKey = idempotencyKey;
  }
}

/**
 * Gives what an answer says.
 *
 * @throws Problem
 * @throws NoAnswer there is none, or it comes from somebody between us and the shop, or the shop does not know what became of the call
 */
export function answerOf(answer: Answered | undefined, call: string, key: string | undefined): unknown {
  const said = answer === undefined ? undefined : jsonOf(answer.text);
  if (answer === undefined || said === undefined) throw new NoAnswer(call, answer?.status, key);
  if (answer.status < 300) return said;
  if (typeof said["code"] !== "string") throw new NoAnswer(call, answer.status, key);
  throw new Problem(answer, said);
}

function jsonOf(text: string): Record<string, unknown> | undefined {
  try {
    const said: unknown = JSON.parse(text);
    return typeof said === "object" && said !== null ? (said as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
