import ipaddr from "ipaddr.js";
import { LIMITS } from "../kernel/limits.ts";

/** Receivers that may be called wherever they are, as `host:port`. Only a local stack has some. */
export type AllowedReceivers = () => readonly string[];

const PORTS = new Set(["", "443", "8443"]);

/** Tells whether a receiver is one of those that a local stack allows, by its exact host and port. */
export function isAllowed({ protocol, hostname, port }: URL, allowed: readonly string[]): boolean {
  const usual = protocol === "https:" ? "443" : "80";
  return allowed.includes(`${hostname}:${port === "" ? usual : port}`);
}

/**
 * Says what is wrong with the address of a receiver, in words for people. Undefined: nothing that can be seen in it. Where its name
 * leads is looked at with each call.
 */
export function wrongWith(address: string, allowed: readonly string[]): string | undefined {
  if (address.length > LIMITS.webhookUrlLength) return `may have at most ${LIMITS.webhookUrlLength} characters`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) return "must be an address: https://…";
  if (url.username !== "" || url.password !== "") return "may have no user and no password";
  if (url.hash !== "") return "may have no fragment";
  if (isAllowed(url, allowed)) return undefined;
  if (url.protocol !== "https:") return "must be https";
  if (!PORTS.has(url.port)) return "may name the ports 443 and 8443 only";
  const literal = addressIn(url.hostname);
  if (literal !== undefined && !isPublic(literal)) return "must lead to a public address";
  return undefined;
}

/** Gives the IP address that a host is, without the brackets of IPv6. Undefined: it is a name. */
export function addressIn(hostname: string): string | undefined {
  const bare = hostname.replace(/^\[(.*)\]$/, "$1");
  return ipaddr.isValid(bare) ? bare : undefined;
}

/** The part of IPv6 that is given out to the internet. What lies outside is local, or leads to IPv4 in some other way. */
const GLOBAL_IPV6 = ipaddr.parseCIDR("2000::/3");

/**
 * Tells whether an IP address is one of the public internet, by IANA's registries of special addresses. Private, link-local, loopback,
 * shared (RFC 6598) and reserved ones are not, nor those that carry an IPv4 address inside: mapped, NAT64, 6to4, Teredo.
 */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== "unicast") return false;
  return parsed.kind() === "ipv4" || parsed.match(GLOBAL_IPV6);
}
