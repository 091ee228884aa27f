import { isIPv6 } from "node:net";
import type { Db } from "../aws/dynamo.ts";
import type { Clock } from "../kernel/clock.ts";
import { shortName } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { memory } from "../kernel/memory.ts";
import { findByToken } from "../orders/link.ts";
import type { Order } from "../orders/model.ts";
import { isLinkToken } from "../secrecy/link-tokens.ts";
import { countGuess } from "./table.ts";

export type FindDeps = Db<"orders" | "operations"> & { clock: Clock };

/** `unknown`: no such link, or not any more. `too_many`: the same, from an address that has tried too many. */
export type Found = { kind: "found"; order: Order } | { kind: "unknown" } | { kind: "too_many" };

/**
 * Finds the order of a link. Wrong links are counted by the address that they come from: one read unit and one write unit each, and
 * only the read once there were too many. A good link opens from any address: nobody guesses 128 bits, and buyers share their
 * addresses with strangers.
 */
export async function findDelivery(deps: FindDeps, token: string, sourceIp: string): Promise<Found> {
  if (!isLinkToken(token)) return { kind: "unknown" };
  const now = deps.clock();
  const order = await findByToken(deps, token, now);
  if (order !== undefined) return { kind: "found", order };
  const seconds = Math.floor(now.getTime() / 1000);
  const window = Math.floor(seconds / LIMITS.wrongLinksSeconds);
  const address = shortName("address", addressBlock(sourceIp));
  const name = `${deps.tables.operations} ${address} ${window}`;
  if (guessers.recall(name) === true) return { kind: "too_many" };
  const guesses = await countGuess(deps, { address, window }, (window + KEPT_WINDOWS) * LIMITS.wrongLinksSeconds);
  if (guesses <= LIMITS.wrongLinks) return { kind: "unknown" };
  guessers.note(name, true);
  return { kind: "too_many" };
}

/** A counter goes an hour after its window. */
const KEPT_WINDOWS = 7;

const guessers = memory<true>({ lastsMs: LIMITS.wrongLinksSeconds * 1000, most: LIMITS.knownGuessers });

/** Gives what one customer of a network has: an address of IPv4, or a /64 of IPv6, all of whose addresses are one customer's. */
export function addressBlock(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = "", tail] = address.toLowerCase().split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = Array.from({ length: tail === undefined ? 0 : 8 - before.length - after.length }, () => "0");
  return [...before, ...zeros, ...after]
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ""))
    .join(":");
}
