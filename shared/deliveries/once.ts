import type { Db } from "../aws/dynamo.ts";
import type { Clock } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import { isLinkToken, type LinkToken, linkHashOf } from "../secrecy/link-tokens.ts";
import { unsealByToken } from "../secrecy/sealed-by-token.ts";
import { useOnceLink } from "./table.ts";

// A one-time link leads to an order's page once. Its item holds the page's token, sealed by the link's own token.

/** Names the ten minutes in which an order has one one-time link. */
export const onceOccasion = (now: Date): string =>
  String(Math.floor(now.getTime() / 1000 / LIMITS.onceLinkEverySeconds));

/** Makes the token of an order's one-time link of an occasion. The same for each repeat; no order's id has a blank in it. */
export const onceToken = (links: LinkToken, orderId: string, occasion: string): string =>
  links(`once ${orderId}`, Number(occasion));

/** The binding of what a one-time link holds. */
export const onceBinding = (once: string): string => `once ${linkHashOf(once)}`;

/** Uses a one-time link and gives the token of the page that it leads to. Undefined: it leads nowhere, or not any more. */
export async function openOnce(deps: Db<"operations"> & { clock: Clock }, once: string): Promise<string | undefined> {
  if (!isLinkToken(once)) return undefined;
  const sealed = await useOnceLink(deps, linkHashOf(once), deps.clock());
  return sealed === undefined ? undefined : unsealByToken(once, sealed, onceBinding(once));
}
