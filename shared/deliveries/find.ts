import type { Db } from "../aws/dynamo.ts";
import type { Clock } from "../kernel/clock.ts";
import { shortName } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { memory } from "../kernel/memory.ts";
import { findByToken } from "../orders/link.ts";
import type { Order } from "../orders/model.ts";
import { isLinkToken } from "../secrecy/link-tokens.ts";
import { networkOf } from "../usage/model.ts";
import { countGuess } from "./table.ts";

export type FindDeps = Db<"orders" | "operations"> & { clock: Clock };
type CountDeps = Db<"operations"> & { clock: Clock };

/**
 * `unknown`: no such link, or not any more. `too_many`: the same, from an address that has tried too many. `no_link`: a text that never was
 * a link, as programs try them everywhere.
 */
export type Found = { kind: "found"; order: Order } | { kind: "unknown" } | { kind: "too_many" } | { kind: "no_link" };

/**
 * Finds the order of a link. Wrong links are counted by the address that they come from: one read unit and one write unit each, and
 * only the read once there were too many. A good link opens from any address: nobody guesses 128 bits, and buyers share their
 * addresses with strangers.
 */
export async function findDelivery(deps: FindDeps, token: string, sourceIp: string): Promise<Found> {
  if (!isLinkToken(token)) return { kind: "no_link" };
  const order = await findByToken(deps, token, deps.clock());
  if (order !== undefined) return { kind: "found", order };
  return { kind: await countWrongLink(deps, sourceIp) };
}

/** Counts a link that opens nothing, by the address that it comes from. `too_many`: so many came from there that none is looked at. */
export async function countWrongLink(deps: CountDeps, sourceIp: string): Promise<"unknown" | "too_many"> {
  const place = windowOf(sourceIp, deps.clock(), LIMITS.wrongLinksSeconds);
  const name = `${deps.tables.operations} ${place.address} ${place.window}`;
  if (guessers.recall(name) === true) return "too_many";
  const guesses = await countGuess(deps, place, place.endsAt);
  if (guesses <= LIMITS.wrongLinks) return "unknown";
  guessers.note(name, true);
  return "too_many";
}

/** Gives where an address is counted: under a hash of its network, in a window of so many seconds. `endsAt`: when the counter may go. */
export function windowOf(
  sourceIp: string,
  now: Date,
  seconds: number,
): { address: string; window: number; endsAt: number } {
  const window = Math.floor(now.getTime() / 1000 / seconds);
  return { address: networkName(sourceIp), window, endsAt: (window + KEPT_WINDOWS) * seconds };
}

/** Names the network of an address by a hash. */
export const networkName = (sourceIp: string): string => shortName("address", networkOf(sourceIp));

/** A counter goes an hour after its window. */
const KEPT_WINDOWS = 7;

const guessers = memory<true>({ lastsMs: LIMITS.wrongLinksSeconds * 1000, most: LIMITS.knownGuessers });
