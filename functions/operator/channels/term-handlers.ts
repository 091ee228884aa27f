import type { Db } from "../../../shared/aws/dynamo.ts";
import { findCurrent } from "../../../shared/catalog/products.ts";
import { findChannel, findKey } from "../../../shared/channels/keys.ts";
import { setChannelLimits, setFrozen } from "../../../shared/channels/on-keys.ts";
import { setKeyLimits, setKeySigning } from "../../../shared/channels/rotate-key.ts";
import { publicKeyFrom } from "../../../shared/channels/signed-requests.ts";
import type { Channel } from "../../../shared/channels/table.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { ok, type Refusal, refuse } from "../../../shared/kernel/problem.ts";
import { limitFacts, limitsAfter, productLimitAfter } from "../../../shared/usage/change.ts";
import type { UsageLimits } from "../../../shared/usage/model.ts";
import type { Operator } from "../../runtime/callers.ts";
import type { Handlers } from "../../runtime/handler.ts";
import { acts } from "../../runtime/record.ts";
import { shownLimits } from "./shown.ts";
import type { termOperations } from "./term-operations.ts";

type Deps = Db<"identity" | "catalog">;

/** Answers what operators say about limits, signatures, and whether a channel is frozen. `tell`: that a channel has changed. */
export function termHandlers(
  deps: Deps,
  tell: (channelId: string, action: "limits_set" | "frozen_set" | "key_changed") => Promise<void>,
): Handlers<typeof termOperations, Operator> {
  const set = (channel: Channel, limits: UsageLimits) => {
    const facts = { what: {}, before: limitFacts(channel.limits ?? {}), after: limitFacts(limits) };
    return acts(facts, async () => {
      const done = await setChannelLimits(deps, channel, limits);
      if (!done.ok) return done;
      await tell(channel.id, "limits_set");
      return ok({ body: { channelId: channel.id, limits: shownLimits(limits) } });
    });
  };
  const noChannel = (): Refusal => refuse("not_found", "There is no such channel.");
  return {
    setFrozen: async ({ params: { channelId }, body: { frozen } }) => {
      const channel = await findChannel(deps, channelId);
      if (channel === undefined) return noChannel();
      const facts = { what: {}, before: { frozen: channel.frozen ?? false }, after: { frozen } };
      return acts(facts, async () => {
        await setFrozen(deps, channelId, frozen);
        await tell(channelId, "frozen_set");
        return ok({ body: { channelId, frozen } });
      });
    },

    setChannelLimits: async ({ params: { channelId }, body }) => {
      const channel = await findChannel(deps, channelId);
      if (channel === undefined) return noChannel();
      return set(channel, limitsAfter(channel.limits ?? {}, body, "channel"));
    },

    setProductLimit: async ({ params: { channelId, productId }, body: { codesPerDay } }) => {
      const channel = await findChannel(deps, channelId);
      if (channel === undefined) return noChannel();
      if ((await findCurrent(deps, productId)) === undefined) return refuse("not_found", "There is no such product.");
      const limits = productLimitAfter(channel.limits ?? {}, productId, codesPerDay);
      if (Object.keys(limits.productPerDay ?? {}).length > LIMITS.productLimits)
        return refuse("limit_reached", `A channel has limits for ${LIMITS.productLimits} products at most.`);
      return set(channel, limits);
    },

    setKeyLimits: async ({ params: { channelId, keyId }, body }) => {
      const key = await findKey(deps, channelId, keyId);
      if (key === undefined) return refuse("not_found", "The channel has no such key.");
      const limits = limitsAfter(key.limits ?? {}, body, "key");
      const facts = { what: { keyId }, before: limitFacts(key.limits ?? {}), after: limitFacts(limits) };
      return acts(facts, async () => {
        const done = await setKeyLimits(deps, key, limits);
        if (!done.ok) return done;
        await tell(channelId, "key_changed");
        return ok({ body: { keyId, limits: shownLimits(limits) } });
      });
    },

    setKeySigning: async ({ params: { channelId, keyId }, body: { publicKey: said, accepts } }) => {
      const key = await findKey(deps, channelId, keyId);
      if (key === undefined) return refuse("not_found", "The channel has no such key.");
      const publicKey = said === null ? undefined : publicKeyFrom(said);
      if (said !== null && publicKey === undefined)
        return refuse("invalid_request", "That is no public key.", [
          { pointer: "/publicKey", message: "must be a public key of Ed25519, in PEM or Base64" },
        ]);
      const signing = publicKey === undefined ? undefined : { publicKey, accepts };
      const [before, after] = [key.signing, signing].map((one) => ({ publicKey: "", accepts: "unsigned", ...one }));
      return acts({ what: { keyId }, before: before ?? {}, after: after ?? {} }, async () => {
        const done = await setKeySigning(deps, key, signing);
        if (!done.ok) return done;
        await tell(channelId, "key_changed");
        return ok({ body: { keyId, ...(signing === undefined ? {} : { signing }) } });
      });
    },
  };
}
