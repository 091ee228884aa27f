import type { APIGatewayProxyEventV2 } from "aws-lambda";
import type * as z from "zod";
import { LIMITS } from "../../shared/kernel/limits.ts";
import { type FieldError, ok, type Result, refuse } from "../../shared/kernel/problem.ts";
import { cursorFrom } from "./cursor.ts";
import type { RequestOf } from "./handler.ts";
import type { Operation } from "./operation.ts";
import { requestIdOf } from "./request-id.ts";

/** The whole request, checked against its operation; or what is wrong with it, field by field. */
export function parseRequest<O extends Operation>(operation: O, event: APIGatewayProxyEventV2): Result<RequestOf<O>> {
  const key = idempotencyKey(operation, event);
  if (!key.ok) return key;
  // What no call asks for is not looked at: its answers speak of no body.
  const takesNone = [operation.body, operation.text, operation.form].every((one) => one === undefined);
  const text = takesNone ? ok("") : readText(event, operation.text?.limit ?? LIMITS.jsonBodyBytes);
  if (!text.ok) return text;
  const body = operation.body === undefined ? ok(undefined) : readJson(event, text.value);
  if (!body.ok) return body;
  const isForm = operation.form !== undefined;
  if (isForm && !hasType(event, "application/x-www-form-urlencoded"))
    return refuse("unsupported_media_type", "The body must be a form.");
  if (operation.text !== undefined && !hasType(event, operation.text.contentType))
    return refuse("unsupported_media_type", `The body must be ${operation.text.contentType}.`);

  const errors: FieldError[] = [];
  const check = (schema: z.ZodType | undefined, value: unknown, root: string): unknown => {
    if (schema === undefined) return {};
    const parsed = schema.safeParse(value);
    if (!parsed.success) errors.push(...parsed.error.issues.flatMap((issue) => fieldErrors(issue, root)));
    return parsed.data;
  };
  const request = {
    params: check(operation.params, event.pathParameters ?? {}, "/path"),
    query: check(operation.query, event.queryStringParameters ?? {}, "/query"),
    body: operation.body === undefined ? undefined : check(operation.body, body.value, ""),
    form: check(operation.form, isForm ? Object.fromEntries(new URLSearchParams(text.value)) : {}, "/form"),
    text: text.value,
    after: undefined as string | undefined,
    headers: event.headers,
    idempotencyKey: key.value,
    requestId: requestIdOf(event),
    sourceIp: event.requestContext.http.sourceIp,
  };
  if (errors.length > 0)
    return refuse("invalid_request", "Some fields are not as they should be.", errors.slice(0, 50));
  if (operation.pages !== undefined) {
    const after = cursorFrom(request.query as object, request.body as object | undefined, operation.pages);
    if (!after.ok) return after;
    request.after = after.value;
  }
  return ok(request as RequestOf<O>);
}

function idempotencyKey(operation: Operation, event: APIGatewayProxyEventV2): Result<string> {
  if (operation.idempotent === undefined) return ok("");
  const key = event.headers["idempotency-key"] ?? "";
  if (key === "") return refuse("idempotency_key_missing", "Send an Idempotency-Key, the same for each repeat.");
  if (key.length > LIMITS.idempotencyKeyLength || !/^[\x20-\x7e]+$/.test(key))
    return refuse("invalid_request", "The Idempotency-Key is not usable.", [
      {
        pointer: "/headers/Idempotency-Key",
        message: `must be 1 to ${LIMITS.idempotencyKeyLength} printable ASCII characters`,
      },
    ]);
  return ok(key);
}

/** How every gzip stream begins (RFC 1952, 2.3.1). */
const GZIP = Buffer.from([0x1f, 0x8b]);

function readText(event: APIGatewayProxyEventV2, limit: number): Result<string> {
  const bytes = Buffer.from(event.body ?? "", event.isBase64Encoded ? "base64" : "utf8");
  const encoding = event.headers["content-encoding"] ?? "identity";
  if (encoding.toLowerCase() !== "identity" || bytes.subarray(0, GZIP.length).equals(GZIP))
    return refuse("unsupported_media_type", "The body is compressed. Send it as it is, without Content-Encoding.");
  if (bytes.length > limit) return refuse("body_too_large", `The body may have at most ${limit} bytes.`);
  try {
    return ok(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return refuse("invalid_request", "The body is not UTF-8.");
  }
}

function readJson(event: APIGatewayProxyEventV2, text: string): Result<unknown> {
  if (!hasType(event, "application/json"))
    return refuse("unsupported_media_type", "The body must be application/json.");
  if (text.startsWith("\ufeff"))
    return refuse("invalid_json", "The body begins with a byte order mark. Send JSON without one.");
  try {
    return ok(JSON.parse(text, onlyWholeCharacters) as unknown);
  } catch {
    return refuse("invalid_json", "The body does not parse as JSON.");
  }
}

/** JSON may spell half of a surrogate pair; nothing behind us can store that. */
function onlyWholeCharacters(name: string, value: unknown): unknown {
  if (!name.isWellFormed() || (typeof value === "string" && !value.isWellFormed())) throw new SyntaxError();
  return value;
}

function hasType(event: APIGatewayProxyEventV2, wanted: string): boolean {
  if (wanted === "*/*") return true;
  return (event.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase() === wanted;
}

type Issue = z.core.$ZodIssue;

/** A JSON pointer (RFC 6901) and a sentence that says what is wrong without repeating what was sent. */
export function fieldErrors(issue: Issue, root: string): FieldError[] {
  const at = root + issue.path.map(token).join("");
  const meant = issue.code === "invalid_union" ? closest(issue.errors) : [];
  if (meant.length > 0) return meant.flatMap((inner) => fieldErrors(inner, at));
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({ pointer: at + token(key), message: "is not a known field" }));
  const isMissing = issue.code === "invalid_type" && issue.message.endsWith("received undefined");
  return [{ pointer: at, message: isMissing ? "is required" : issue.message }];
}

/** Of several forms that a value may have, what keeps it from the one that it is closest to; nothing if two are as close. */
function closest(forms: readonly (readonly Issue[])[]): readonly Issue[] {
  const [first = [], second] = forms.toSorted((a, b) => wrongIn(a) - wrongIn(b));
  return second === undefined || wrongIn(first) < wrongIn(second) ? first : [];
}

const wrongIn = (issues: readonly Issue[]): number =>
  issues.reduce((sum, issue) => sum + (issue.code === "unrecognized_keys" ? issue.keys.length : 1), 0);

/** One step of a pointer; cut, because a caller may choose any name for a field. */
function token(part: PropertyKey): string {
  return `/${String(part).slice(0, 60).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}
