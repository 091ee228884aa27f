import ipaddr from "ipaddr.js";
import { type FieldError, ok, type Result, refuse } from "../kernel/problem.ts";

/**
 * Understands the ranges that a key may be used from: a range in CIDR notation, or one address. Gives them in their canonical form, each
 * once. A range that names bits beyond its prefix is refused, because its writer meant another one; and so is one that holds every address.
 */
export function rangesFrom(said: readonly string[]): Result<string[]> {
  const errors: FieldError[] = [];
  const ranges = said.flatMap((one, index) => {
    const read = rangeFrom(one.trim());
    if (typeof read !== "string") return [`${read.net}/${read.bits}`];
    errors.push({ pointer: `/addresses/${index}`, message: read });
    return [];
  });
  return errors.length > 0
    ? refuse("invalid_request", "Some addresses are not as they should be.", errors)
    : ok([...new Set(ranges)]);
}

/** A range; or what is wrong with what was said. */
function rangeFrom(said: string): { net: string; bits: number } | string {
  const [address = "", prefix, more] = said.split("/");
  const is4 = ipaddr.IPv4.isValidFourPartDecimal(address);
  const isAddress = is4 || (ipaddr.IPv6.isValid(address) && !address.includes("%"));
  if (!isAddress || more !== undefined || !/^(\d{1,3})?$/.test(prefix ?? "") || prefix === "")
    return "must be an address, or a range such as 192.0.2.0/24 or 2001:db8::/32";
  const parsed = ipaddr.parse(address);
  if (parsed instanceof ipaddr.IPv6 && parsed.isIPv4MappedAddress()) return "must be written as an address of IPv4";
  const width = is4 ? 32 : 128;
  const bits = Number(prefix ?? width);
  if (bits < 1 || bits > width) return `must have a prefix of 1 to ${width}`;
  const net = parsed.toString();
  const Of = is4 ? ipaddr.IPv4 : ipaddr.IPv6;
  const begin = Of.networkAddressFromCIDR(`${net}/${bits}`).toString();
  return begin === net ? { net, bits } : `has bits beyond its prefix: do you mean ${begin}/${bits}?`;
}
