import { AwsClient } from "aws4fetch";
import { untilNotThrottled } from "./throttled.ts";

/** Where an operator API is, and whom to be there. */
export type OperatorAccess = {
  apiUrl: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
};

export type OperatorCall = {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  path: string;
  query?: Record<string, string>;
  json?: unknown;
  csv?: string;
  /** The same for each repeat of one intention; a new one by default. */
  idempotencyKey?: string;
};

/** `parted`: some of what was asked for was done before it failed, and the body says what. */
export type OperatorAnswer = { ok: boolean; status: number; body: unknown; parted?: true };

/** Sends one call to the operator API. */
export type Send = (call: OperatorCall) => Promise<OperatorAnswer>;

/** Calls the operator API, signed with AWS Signature Version 4. A call that was throttled is repeated. */
export function operatorClient({
  apiUrl,
  region,
  credentials,
}: OperatorAccess): (call: OperatorCall) => Promise<OperatorAnswer> {
  const aws = new AwsClient({ ...credentials, region, service: "execute-api", retries: 0 });
  return async ({ method, path, query = {}, json, csv, idempotencyKey = crypto.randomUUID() }) => {
    const url = new URL(`${apiUrl}${path}`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const headers: Record<string, string> = {};
    if (method === "POST") headers["Idempotency-Key"] = idempotencyKey;
    if (json !== undefined) headers["Content-Type"] = "application/json";
    if (csv !== undefined) headers["Content-Type"] = "text/csv";
    const body = csv ?? (json === undefined ? null : JSON.stringify(json));
    const call = () => aws.fetch(url.toString(), { method, headers, body });
    const answer = await untilNotThrottled(call).catch((error: unknown) => {
      throw new Error(`The operator API at ${url.origin} can't be reached: ${reasonOf(error)}.`);
    });
    const text = await answer.text();
    return { ok: answer.ok, status: answer.status, body: parsed(text) };
  };
}

/** `fetch failed` is all that a failed call says; its cause says why. */
function reasonOf(error: unknown): string {
  const cause = (error as { cause?: NodeJS.ErrnoException }).cause;
  return cause?.code ?? cause?.message ?? String(error);
}

/** What gateways say by themselves need not be JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text === "" ? null : text;
  }
}
