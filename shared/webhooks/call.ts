import { type LookupAddress, lookup as systemLookup } from "node:dns";
import { type ClientRequest, request as httpRequest, type RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";
import type { LookupFunction } from "node:net";
import { callbackify } from "node:util";
import { machineMs } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import { type AllowedReceivers, isAllowed, isPublic, wrongWith } from "./address.ts";

/** Finds all addresses of a name. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

/** What came of a call: an answer with its status, or why there is none. */
export type Called = { status: number; answer: string; tookMs: number } | { failure: Failure; tookMs: number };

type Failure =
  | "address_refused"
  | "name_not_found"
  | "unreachable"
  | "timed_out"
  | "connection_lost"
  | "bad_certificate";

/** Sends a webhook. */
export type Post = (url: string, headers: Readonly<Record<string, string>>, body: string) => Promise<Called>;

const resolveBySystem: Resolve = (hostname) =>
  new Promise((resolve, reject) => {
    systemLookup(hostname, { all: true }, (error, addresses) => (error === null ? resolve(addresses) : reject(error)));
  });

/** A name leads to an address that we don't call. */
class AddressRefused extends Error {
  override readonly name = "AddressRefused";
}

/**
 * Makes a function that posts to receivers on the public internet and nowhere else. The name is resolved once, as the connection is
 * made; all of its addresses must be public, and the connection goes to one of those that were checked. So a name that leads elsewhere
 * a moment later changes nothing. Redirects are answers like others. The answer is read to `LIMITS.webhookAnswerBytes`.
 */
export function poster(allowed: AllowedReceivers, resolve: Resolve = resolveBySystem): Post {
  return async (address, headers, body) => {
    const since = machineMs();
    const took = () => Math.round(machineMs() - since);
    if (wrongWith(address, allowed()) !== undefined) return { failure: "address_refused", tookMs: took() };
    const url = new URL(address);
    const isFree = isAllowed(url, allowed());
    try {
      return { ...(await exchange(url, headers, body, checkedLookup(resolve, isFree))), tookMs: took() };
    } catch (error) {
      return { failure: failureOf(error), tookMs: took() };
    }
  };
}

/**
 * Resolves a name for a connection. One address that is not public is enough to refuse all of them. An address in place of a name needs
 * no lookup: `wrongWith` has seen it.
 */
function checkedLookup(resolve: Resolve, isFree: boolean): LookupFunction {
  const checked = async (hostname: string): Promise<readonly LookupAddress[]> => {
    const addresses = await resolve(hostname);
    if (addresses.length > 0 && (isFree || addresses.every(({ address }) => isPublic(address)))) return addresses;
    throw new AddressRefused();
  };
  return (hostname, { all }, callback) =>
    callbackify(checked)(hostname, (error, addresses) => {
      const [first] = addresses ?? [];
      if (first === undefined) callback(error, "");
      else if (all === true) callback(null, [...addresses]);
      else callback(null, first.address, first.family);
    });
}

function exchange(
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
  lookup: LookupFunction,
): Promise<{ status: number; answer: string }> {
  const options: RequestOptions = {
    method: "POST",
    headers: { ...headers, "content-length": Buffer.byteLength(body) },
    // A connection of its own for each call: one that is kept was checked for an earlier one.
    agent: false,
    lookup,
    signal: AbortSignal.timeout(LIMITS.webhookAnswerSeconds * 1000),
  };
  const send = url.protocol === "https:" ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const request: ClientRequest = send(url, options, (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      const end = (): void => {
        const answer = Buffer.concat(chunks).subarray(0, LIMITS.webhookAnswerBytes).toString("utf8");
        resolve({ status: response.statusCode ?? 0, answer: shownOf(answer) });
        request.destroy();
      };
      response.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        bytes += chunk.byteLength;
        if (bytes >= LIMITS.webhookAnswerBytes) end();
      });
      response.on("end", end);
      response.on("error", reject);
    });
    request.on("error", reject);
    request.end(body);
  });
}

/** What of an answer is kept: its beginning, in characters that can be shown. */
const shownOf = (answer: string): string => answer.replaceAll(/[^\P{C}\n]/gu, "").slice(0, LIMITS.webhookAnswerShown);

function failureOf(error: unknown): Failure {
  const { name, code = "", syscall } = error as NodeJS.ErrnoException;
  if (name === "AddressRefused") return "address_refused";
  if (name === "AbortError" || name === "TimeoutError") return "timed_out";
  if (syscall === "getaddrinfo") return "name_not_found";
  if (/CERT|SELF_SIGNED|UNABLE_TO/.test(code)) return "bad_certificate";
  return syscall === "connect" || error instanceof AggregateError ? "unreachable" : "connection_lost";
}
