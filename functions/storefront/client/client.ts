import { Webhook } from "standardwebhooks";
import { type Answered, answerOf } from "./answer.ts";
import { type Calls, ROUTES } from "./calls.ts";

export { NoAnswer, Problem } from "./answer.ts";
export type * from "./calls.ts";

/** How a client reaches its shop. */
export type Options = {
  /** The address of the API, such as `https://api.example.com`. */
  apiUrl: string;
  /** An API key of the channel, `vs_…`. */
  apiKey: string;
  /** How often a call is tried before it gives up; 5. */
  tries?: number;
  /** Milliseconds before the first repeat; each one more waits twice as long. 250. */
  firstPauseMs?: number;
  /** What sends requests: `fetch`, unless you say. */
  fetch?: typeof globalThis.fetch;
};

/** The names of all calls, as the OpenAPI document has them. */
export type CallName = keyof Calls;
/** What a call takes: `path`, `query` and `body`, and an `idempotencyKey` where it makes or moves something. */
export type Input<Name extends CallName> = Calls[Name]["input"];
/** What a call answers. */
export type Output<Name extends CallName> = Calls[Name]["answer"];

/** The calls that answer lists, page by page. */
export type ListName = { [Name in CallName]: Output<Name> extends Page ? Name : never }[CallName];
type Page = { data: readonly unknown[]; nextCursor: string | null };
type ItemOf<Name extends ListName> = Output<Name> extends { data: readonly (infer Item)[] } ? Item : never;

type AnyInput = {
  path?: Record<string, string>;
  query?: Record<string, string | number | boolean | undefined>;
  body?: unknown;
  idempotencyKey?: string;
};

/**
 * Makes a client of a shop's storefront API. Its calls are repeated by themselves while the shop is busy or does not answer, always with
 * the same Idempotency-Key: what they ask for is done once.
 */
export function vouchsafe(options: Options) {
  return {
    /**
     * Makes a call. Without an `idempotencyKey` a new one is made for this call and all its repeats; name your own, such as your order's
     * number, so that another process of yours can repeat it too.
     *
     * @throws Problem the shop refuses it; `code` says why
     * @throws NoAnswer nobody knows whether it was done: call again with the same `idempotencyKey`, which it carries
     */
    call: <Name extends CallName>(name: Name, input: Input<Name>): Promise<Output<Name>> =>
      send(options, name, input) as Promise<Output<Name>>,

    /** Gives all items of a list, one after the other, and asks for the next page when it is needed. */
    async *each<Name extends ListName>(name: Name, input: Input<Name>): AsyncGenerator<ItemOf<Name>> {
      let cursor: string | null | undefined;
      do {
        const { query, ...rest } = input as AnyInput;
        const asked = { ...rest, query: { ...query, ...(cursor == null ? {} : { cursor }) } };
        const page = (await send(options, name, asked)) as Page;
        yield* page.data as ItemOf<Name>[];
        cursor = page.nextCursor;
      } while (cursor !== null);
    },
  };
}

/**
 * Checks that a message to a webhook endpoint comes from the shop, and gives what it says. `body`: as it came, before anything parsed it.
 * Drop a message whose `webhook-id` you have seen.
 *
 * @throws Error the signature does not hold, or the message is older than five minutes
 */
export function webhookOf(
  secret: string,
  body: string,
  headers: Readonly<Record<string, string>>,
): { type: string; timestamp: string; data: Record<string, unknown> } {
  return new Webhook(secret).verify(body, headers) as ReturnType<typeof webhookOf>;
}

/** What the shop says when it is busy, or when something before it does: the same request may go through in a moment. */
const AGAIN = new Set([429, 500, 502, 503, 504]);
/** Whoever is told to wait longer than this hears of it instead. */
const LONGEST_PAUSE_MS = 30_000;

async function send(options: Options, name: CallName, input: AnyInput): Promise<unknown> {
  const { tries = 5, firstPauseMs = 250 } = options;
  const [method, path, takesKey] = ROUTES[name];
  const key = takesKey ? (input.idempotencyKey ?? crypto.randomUUID()) : undefined;
  const request = requestOf(options, { method, path, key }, input);
  for (let tried = 1; ; tried++) {
    const answer = await ask(options, request);
    const mayRepeat = answer === undefined || AGAIN.has(answer.status);
    const pauseMs = Math.max(waitOf(answer), firstPauseMs * 2 ** (tried - 1) * spread());
    if (!mayRepeat || tried >= tries || pauseMs > LONGEST_PAUSE_MS) return answerOf(answer, name, key);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

/** From 0.5 to 1.5 by chance, so that many clients that were sent away together do not come back together. */
const spread = (): number => 0.5 + (crypto.getRandomValues(new Uint8Array(1))[0] ?? 0) / 255;

const waitOf = (answer: Answered | undefined): number => 1_000 * Number(answer?.headers.get("retry-after") ?? 0) || 0;

function requestOf(
  { apiUrl, apiKey }: Options,
  { method, path, key }: { method: string; path: string; key: string | undefined },
  { path: params = {}, query = {}, body }: AnyInput,
): Request {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ""));
  const url = new URL(apiUrl.replace(/\/$/, "") + filled);
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value));
  return new Request(url, {
    method,
    headers: {
      authorization: `Bearer ${apiKey}`,
      ...(key === undefined ? {} : { "idempotency-key": key }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

/** Sends a request once. Nothing comes back where the connection broke or could not be made. */
async function ask({ fetch: by = globalThis.fetch }: Options, request: Request): Promise<Answered | undefined> {
  try {
    // A copy: a body can be sent once only.
    const answer = await by(request.clone(), { redirect: "error", signal: AbortSignal.timeout(35_000) });
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  } catch {
    return undefined;
  }
}
