import { LIMITS } from "../kernel/limits.ts";
import { memory, promisedOnce } from "../kernel/memory.ts";
import type { Sender } from "./contract.ts";
import { findChannelMessages } from "./read-settings.ts";
import { senderOf } from "./registry.ts";
import { findSender, limitsOf, type SenderDeps, senderCredentials } from "./senders.ts";
import type { ChannelMessages } from "./table.ts";

// What a process that sends remembers, for half a minute: a changed setting or credential is in use everywhere after that.

const lastsMs = LIMITS.messageSettingsSeconds * 1000;

/** A sender's adapter, and what it may do. */
export type Reached = Sender & ReturnType<typeof limitsOf>;

/** Makes what gives the adapter of a sender by its name. Undefined: there is none, or its settings can't work. */
export function sendersBy(deps: SenderDeps): (name: string) => Promise<Reached | undefined> {
  const known = memory<Promise<Reached | undefined>>({ lastsMs, most: 100 });
  const reach = async (name: string): Promise<Reached | undefined> => {
    const sender = await findSender(deps, name);
    if (sender === undefined) return undefined;
    const credentials = await senderCredentials(deps, name);
    try {
      return { ...senderOf(sender.protocol, sender.settings, credentials, sender.templates), ...limitsOf(sender) };
    } catch {
      return undefined;
    }
  };
  return (name) => promisedOnce(known, name, () => reach(name));
}

/** Makes what gives the settings of a channel. */
export function channelSettings(deps: SenderDeps): (channelId: string) => Promise<ChannelMessages | undefined> {
  const known = memory<Promise<ChannelMessages | undefined>>({ lastsMs, most: 1_000 });
  return (channelId) => promisedOnce(known, channelId, () => findChannelMessages(deps, channelId));
}
