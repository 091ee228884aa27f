import { randomUUID } from "node:crypto";
import { onTestFinished, vi } from "vitest";
import { forChannels } from "../../../functions/runtime/callers.ts";
import { operations } from "../../../functions/storefront/operations.ts";
import type { Db } from "../../../shared/aws/dynamo.ts";
import { createChannel, findChannel, findKey, forgetKey } from "../../../shared/channels/keys.ts";
import { setChannelLimits } from "../../../shared/channels/on-keys.ts";
import { setKeyLimits } from "../../../shared/channels/rotate-key.ts";
import type { Clock } from "../../../shared/kernel/clock.ts";
import type { UsageLimits } from "../../../shared/usage/model.ts";
import { valueOf } from "../value-of.ts";

type Deps = Db<"identity" | "operations"> & { clock: Clock };

/** Makes a key of a channel with these limits; `own`: those of the key. */
export async function makeKey(deps: Deps, limits: UsageLimits = {}, own?: UsageLimits) {
  const made = valueOf(await createChannel(deps, { name: "A shop" }, randomUUID(), deps.clock()));
  const { id: channelId, keyId = "", apiKey = "" } = made;
  const channel = await findChannel(deps, channelId);
  if (channel !== undefined) valueOf(await setChannelLimits(deps, channel, limits));
  const key = await findKey(deps, channelId, keyId);
  if (key !== undefined && own !== undefined) valueOf(await setKeyLimits(deps, key, own));
  if (key !== undefined) forgetKey(deps, key.hash);
  return { channelId, keyId, apiKey };
}

export type Asks = { from?: string; operation?: keyof typeof operations; forged?: object };

/** Asks as API Gateway does, which says the address that it has seen; headers say what callers like. */
export async function askAs(
  deps: Deps,
  apiKey: string,
  { from = "192.0.2.1", operation = "getAccount", forged = {} }: Asks = {},
) {
  const event = {
    headers: { authorization: `Bearer ${apiKey}`, ...forged },
    requestContext: { requestId: "r", http: { sourceIp: from } },
  };
  const headers: Record<string, string> = {};
  const { authenticate, onMissing } = forChannels(deps);
  const found = await authenticate(event as never, operations[operation], headers);
  const why = found.ok ? { code: "ok" } : found;
  return { ...why, caller: found.ok ? found.value : undefined, headers, onMissing };
}

/** Counts answers by their codes. */
export const codes = (answers: readonly { code: string }[]) =>
  Object.fromEntries([...Map.groupBy(answers, ({ code }) => code)].map(([code, some]) => [code, some.length]));

/** Lets the machine's time stand still, from where `pass` moves it. */
export function stopTime(): { pass: (seconds: number) => void } {
  vi.useFakeTimers({ toFake: ["Date"] });
  onTestFinished(() => void vi.useRealTimers());
  return { pass: (seconds) => void vi.setSystemTime(Date.now() + seconds * 1000) };
}
