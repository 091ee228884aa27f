import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from "aws-lambda";
import { ok, PROBLEMS, type Refusal, refuse } from "../../shared/kernel/problem.ts";
import type { Authenticate } from "./callers.ts";
import type { Handlers } from "./handler.ts";
import { httpFunction } from "./http.ts";
import type { Operations } from "./operation.ts";

type Event = APIGatewayProxyEventV2;
type Http = APIGatewayProxyStructuredResultV2;

export type PageShell = {
  /** The style and the script that pages have in themselves; nothing else is ever run or applied. */
  inline: { style: string; script: string };
  /** Writes the page that says why there is no other. */
  refused: (refusal: Refusal, event: Event) => string;
  /** True: its pages are the same for everybody, so caches may keep them, and search engines show them. */
  isPublic?: boolean;
};

/**
 * Makes the Lambda handler of a function that answers with pages for people. It does what `httpFunction` does. Besides, it takes forms
 * from our own pages only, writes refusals as pages, answers HEAD, compresses, and forbids browsers whatever a page doesn't need.
 */
export function pageFunction<O extends Operations>(
  name: string,
  operations: O,
  { inline, refused, isPublic = false }: PageShell,
  handlers: Handlers<O, undefined>,
) {
  const protect = protection(inline);
  const writeRefusal = (refusal: Refusal, event: Event): Http => ({
    statusCode: PROBLEMS[refusal.code].status,
    headers: { "Content-Type": HTML },
    body: refused(refusal, event),
  });
  const shell = { authenticate: fromOwnPages, writeRefusal } as Parameters<typeof httpFunction<O, undefined>>[2];
  const answer = httpFunction(name, operations, shell, handlers);
  return async (event: Event, context: Context): Promise<Http> => {
    const isHead = event.routeKey.startsWith("HEAD ");
    // A HEAD is answered as its GET is, without the body (RFC 9110, 9.3.2).
    const asked = isHead ? { ...event, routeKey: `GET ${event.routeKey.slice("HEAD ".length)}` } : event;
    const { headers, ...rest } = await answer(asked, context);
    const isKept = isPublic && rest.statusCode === 200;
    const kept = isKept ? forEverybody(rest.body ?? "") : {};
    const { "X-Robots-Tag": robots = "", ...rules } = protect;
    const hidden = isKept ? {} : { "X-Robots-Tag": robots };
    const all = { ...rest, headers: { ...headers, ...rules, ...hidden, ...kept } };
    const isKnown = isKept && asked.headers["if-none-match"] === kept["ETag"];
    if (isKnown) return { ...all, statusCode: 304, body: "" };
    const whole = compressed(event, all);
    return isHead ? { ...whole, body: "", isBase64Encoded: false } : whole;
  };
}

export const HTML = "text/html; charset=utf-8";

/**
 * Refuses a form that another site's page sends. Browsers say where a request comes from (`Sec-Fetch-Site`); older ones say the
 * origin, which must be our own.
 */
const fromOwnPages: Authenticate<undefined> = async ({ headers }, { method }) => {
  if (method === "GET") return ok(undefined);
  const site = headers["sec-fetch-site"];
  const isOurs = site === undefined ? isOwnOrigin(headers) : site === "same-origin";
  return isOurs ? ok(undefined) : refuse("forbidden", "The form does not come from our own page.");
};

const isOwnOrigin = ({ origin, host }: Event["headers"]): boolean =>
  origin !== undefined && host !== undefined && URL.canParse(origin) && new URL(origin).host === host;

/** A hash by which a policy allows one inline style or script (CSP 3). */
const hashOf = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** Makes the headers that every page has. */
function protection({ style, script }: PageShell["inline"]): Record<string, string> {
  const policy = {
    "default-src": "'none'",
    "script-src": hashOf(script),
    "style-src": hashOf(style),
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "'none'",
  };
  return {
    "Content-Security-Policy": Object.entries(policy)
      .map((rule) => rule.join(" "))
      .join("; "),
    // Not `no-referrer`: with that Chromium sends `Origin: null` with our own form. To other sites neither tells anything.
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), clipboard-write=(self)",
    "Strict-Transport-Security": "max-age=63072000",
  };
}

/** Headers of a page that caches may keep. The tag is weak: compressed and plain are the same page. */
const forEverybody = (body: string): Record<string, string> => ({
  "Cache-Control": "public, max-age=300",
  ETag: `W/"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`,
});

/** Below this a compressed answer saves nothing. */
const COMPRESSED_FROM_BYTES = 1024;

/** Compresses an answer for who takes that: an HTTP API does not, and what leaves AWS costs $0.09 a GB. */
function compressed({ headers }: Event, answer: Http): Http {
  const { body = "" } = answer;
  const takesIt = /\bgzip\b/.test(headers["accept-encoding"] ?? "");
  const varied = { ...answer, headers: { ...answer.headers, Vary: "Accept-Encoding, Accept-Language" } };
  if (!takesIt || body.length < COMPRESSED_FROM_BYTES) return varied;
  return {
    ...varied,
    headers: { ...varied.headers, "Content-Encoding": "gzip" },
    body: gzipSync(body).toString("base64"),
    isBase64Encoded: true,
  };
}
