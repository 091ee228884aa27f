import { BlockList, isIPv6 } from "node:net";
import { memory } from "../kernel/memory.ts";

/**
 * Tells whether an address lies in one of these ranges, which are in CIDR notation (RFC 4632, RFC 4291). An address of IPv4 that is
 * written as one of IPv6 (`::ffff:192.0.2.1`) counts as what it is. Pure.
 */
export function isWithin(address: string, ranges: readonly string[]): boolean {
  const name = ranges.join(" ");
  const known = lists.recall(name) ?? listOf(ranges);
  lists.note(name, known);
  return known.check(address, isIPv6(address) ? "ipv6" : "ipv4");
}

/** Lists that were made of ranges: a key has the same at each call. */
const lists = memory<BlockList>({ lastsMs: Number.POSITIVE_INFINITY, most: 1_000 });

function listOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [net = "", bits] = range.split("/");
    list.addSubnet(net, Number(bits), isIPv6(net) ? "ipv6" : "ipv4");
  }
  return list;
}
