import { rangesFrom } from "../../../shared/channels/address-ranges.ts";
import type { ChannelEvent } from "../../../shared/channels/events.ts";
import { usesOf } from "../../../shared/channels/key-use.ts";
import {
  createChannel,
  createKey,
  findChannel,
  findKey,
  keyIdOf,
  revokeKey,
  setReturnHosts,
  setUnpaidLimit,
} from "../../../shared/channels/keys.ts";
import { listChannelsPaged, listKeys } from "../../../shared/channels/list.ts";
import { setTiers } from "../../../shared/channels/on-keys.ts";
import { rotatedIdOf, rotateKey, setKeyAddresses } from "../../../shared/channels/rotate-key.ts";
import type { Channel, NamedKey } from "../../../shared/channels/table.ts";
import { idOf } from "../../../shared/kernel/ids.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { pick } from "../../../shared/kernel/pick.ts";
import { ok, type Result, refuse } from "../../../shared/kernel/problem.ts";
import { setLanes } from "../../../shared/ledger/accounts.ts";
import { deposit } from "../../../shared/ledger/deposits.ts";
import { readLane } from "../../../shared/ledger/lanes.ts";
import { readStatement } from "../../../shared/ledger/statement.ts";
import type { DepositEvent } from "../../../shared/payments/events.ts";
import { carryOutReversal, planReversal } from "../../../shared/review/reverse-deposit.ts";
import type { UsageLimits } from "../../../shared/usage/model.ts";
import { dependenciesOf, eventsClient } from "../../runtime/dependencies.ts";
import { answer } from "../../runtime/handler.ts";
import { httpFunction } from "../../runtime/http.ts";
import { acts, made } from "../../runtime/record.ts";
import { forOperators } from "../../runtime/shells.ts";
import { tellOf } from "../tell.ts";
import { functions } from "./operations.ts";
import { shownLimits } from "./shown.ts";
import { termHandlers } from "./term-handlers.ts";

const { env, deps } = dependenciesOf(functions.operatorChannels);
const bus = { events: eventsClient(), eventBusName: env.EVENT_BUS };

/** Tells that a channel has changed. `of`: what was made or revoked. */
function tell(channelId: string, action: ChannelEvent["facts"]["action"], of: string): Promise<void> {
  const event = { occasion: `${action} ${of}`, at: deps.clock().toISOString(), facts: { channelId, action } };
  return tellOf("operator-channels", bus, {
    subject: channelId,
    events: [{ type: "channel.changed", ...event } satisfies ChannelEvent],
  });
}

/** Tells that money which an operator has typed in came to a balance, or was taken out again. A repeat of the call tells it again, as the same event. */
function tellDeposit(channelId: string, reference: string, end: "paid" | "reversed"): Promise<void> {
  const depositId = idOf("dep", channelId, "typed", reference);
  const event: DepositEvent = {
    type: `deposit.${end}`,
    occasion: `${depositId} ${end}`,
    at: deps.clock().toISOString(),
    facts: { depositId, channelId, reference },
  };
  return tellOf("operator-channels", bus, { subject: depositId, events: [event] });
}

async function known(channelId: string): Promise<Result<undefined>> {
  const found = await findChannel(deps, channelId);
  return found === undefined ? refuse("not_found", "There is no such channel.") : ok(undefined);
}

const shown = ({ limits, ...channel }: Channel) => ({
  ...pick(channel, ["id", "name", "createdAt", "returnHosts", "unpaidLimit", "tiers", "frozen"]),
  ...limitsOf(limits),
});

const limitsOf = (limits: UsageLimits | undefined) => (limits === undefined ? {} : { limits: shownLimits(limits) });

export const handler = httpFunction("operator-channels", functions.operatorChannels, forOperators(deps), {
  createChannel: async ({ body, idempotencyKey }) => {
    const created = await createChannel(deps, body, idempotencyKey, deps.clock());
    if (!created.ok) return created;
    const { id, name, keyId } = created.value;
    await tell(id, "created", id);
    // The first key may do all. A repeat tells no key.
    return made({ what: { name, keyId }, names: { id } }, { body: created.value });
  },

  listChannels: async ({ query, after }) => {
    const { channels, next } = await listChannelsPaged(deps, query.limit, after);
    return ok({ body: { data: channels.map(shown) }, next });
  },

  getChannel: async ({ params: { channelId } }) => {
    const channel = await findChannel(deps, channelId);
    if (channel === undefined) return refuse("not_found", "There is no such channel.");
    return ok({ body: { ...shown(channel), account: await readStatement(deps, channelId) } });
  },

  listKeys: async ({ params: { channelId }, query, after }) => {
    const channel = await known(channelId);
    if (!channel.ok) return channel;
    const { keys, next } = await listKeys(deps, channelId, query.limit, after);
    const uses = await usesOf(
      deps,
      keys.map(({ keyId }) => keyId),
    );
    const shownKey = (key: NamedKey) => ({
      ...pick(key, ["keyId", "scopes", "addresses", "signing", "createdAt", "endsAt", "revokedAt"]),
      ...limitsOf(key.limits),
      ...uses.get(key.keyId),
    });
    return ok({ body: { data: keys.map(shownKey) }, next });
  },

  createKey: async ({ params: { channelId }, body: { scopes, addresses: said = [] }, idempotencyKey }) => {
    const channel = await known(channelId);
    if (!channel.ok) return channel;
    const ranges = rangesFrom(said);
    if (!ranges.ok) return ranges;
    const addresses = ranges.value.length === 0 ? undefined : ranges.value;
    const keyId = keyIdOf(channelId, idempotencyKey);
    const what = {
      keyId,
      scopes: scopes.join(" "),
      ...(addresses === undefined ? {} : { addresses: addresses.join(" ") }),
    };
    return acts({ what }, async () => {
      const key = await createKey(deps, channelId, { scopes, addresses }, deps.clock(), idempotencyKey);
      if (key.ok) await tell(channelId, "key_created", keyId);
      return answer(key);
    });
  },

  ...termHandlers(deps, (channelId, action) => tell(channelId, action, deps.clock().toISOString())),

  rotateKey: async ({ params, body: { overlapSeconds }, idempotencyKey }) => {
    const { channelId, keyId: replaces } = params;
    const found = await findKey(deps, channelId, replaces);
    if (found === undefined) return refuse("not_found", "The channel has no such key.");
    const keyId = rotatedIdOf(channelId, replaces, idempotencyKey);
    const what = { keyId, replaces, scopes: found.scopes.join(" "), overlapSeconds };
    return acts({ what }, async () => {
      const rotated = await rotateKey(deps, params, overlapSeconds, deps.clock(), idempotencyKey);
      if (rotated.ok) await tell(channelId, "key_rotated", keyId);
      return answer(rotated);
    });
  },

  setKeyAddresses: async ({ params: { channelId, keyId }, body }) => {
    const found = await findKey(deps, channelId, keyId);
    if (found === undefined) return refuse("not_found", "The channel has no such key.");
    const ranges = rangesFrom(body.addresses);
    if (!ranges.ok) return ranges;
    const addresses = ranges.value;
    const [before, after] = [found.addresses ?? [], addresses].map((some) => ({ addresses: some.join(" ") }));
    return acts({ what: { keyId }, before: before ?? {}, after: after ?? {} }, async () => {
      const set = await setKeyAddresses(deps, found, addresses);
      if (!set.ok) return set;
      await tell(channelId, "key_changed", deps.clock().toISOString());
      return ok({ body: { keyId, addresses } });
    });
  },

  revokeKey: async ({ params: { channelId, keyId } }) => {
    const found = await findKey(deps, channelId, keyId);
    if (found === undefined) return refuse("not_found", "The channel has no such key.");
    const what = { keyId, scopes: found.scopes.join(" ") };
    const facts = { what, before: { revoked: found.revokedAt !== undefined }, after: { revoked: true } };
    return acts(facts, async () => {
      const revoked = await revokeKey(deps, channelId, keyId, deps.clock());
      if (revoked.ok) await tell(channelId, "key_revoked", keyId);
      return answer(revoked);
    });
  },

  deposit: async ({ params: { channelId }, body: { money, reference } }) => {
    const channel = await known(channelId);
    if (!channel.ok) return channel;
    return acts({ what: { reference, ...money } }, async () => {
      const paid = await deposit(deps, channelId, money, reference, deps.clock());
      if (!paid.ok) return paid;
      await tellDeposit(channelId, reference, "paid");
      return ok({ body: await readStatement(deps, channelId) });
    });
  },

  setTiers: async ({ params: { channelId }, body: { tiers } }) => {
    const channel = await findChannel(deps, channelId);
    if (channel === undefined) return refuse("not_found", "There is no such channel.");
    const { tiers: before = [] } = channel;
    const facts = { what: {}, before: { tiers: before.join(" ") }, after: { tiers: tiers.join(" ") } };
    return acts(facts, async () => {
      await setTiers(deps, channelId, tiers);
      await tell(channelId, "tiers_set", deps.clock().toISOString());
      return ok({ body: { channelId, tiers } });
    });
  },

  setReturnHosts: async ({ params: { channelId }, body: { hosts } }) => {
    const channel = await findChannel(deps, channelId);
    if (channel === undefined) return refuse("not_found", "There is no such channel.");
    const { returnHosts: before = [] } = channel;
    const facts = { what: {}, before: { hosts: before.join(" ") }, after: { hosts: hosts.join(" ") } };
    return acts(facts, async () => {
      await setReturnHosts(deps, channelId, hosts);
      await tell(channelId, "return_hosts_set", deps.clock().toISOString());
      return ok({ body: { channelId, hosts } });
    });
  },

  setUnpaidLimit: async ({ params: { channelId }, body: { limit } }) => {
    const channel = await findChannel(deps, channelId);
    if (channel === undefined) return refuse("not_found", "There is no such channel.");
    const { unpaidLimit: before = LIMITS.unpaidPerChannel } = channel;
    const facts = { what: {}, before: { limit: before ?? "none" }, after: { limit: limit ?? "none" } };
    return acts(facts, async () => {
      await setUnpaidLimit(deps, channelId, limit);
      await tell(channelId, "unpaid_limit_set", deps.clock().toISOString());
      return ok({ body: { channelId, limit } });
    });
  },

  reverseDeposit: async ({ params: { channelId }, body: { reference, reason }, requestId }, { arn: operator }) => {
    const planned = await planReversal(deps, channelId, reference, { operator, requestId });
    if (!planned.ok) return planned;
    const plan = planned.value;
    const carryOut = async () => {
      const done = await carryOutReversal(deps, plan);
      if (!done.ok) return done;
      const { state } = done.value;
      // What was paid at a provider is told by its payment.
      if (state === "reversed" && plan.found.provider === undefined)
        await tellDeposit(channelId, reference, "reversed");
      return ok({ body: done.value, status: state === "proposed" ? 202 : 200 });
    };
    // A repeat of what was done is no act.
    if (plan.step === "done") return carryOut();
    const { amount, currency } = plan.found;
    const note = plan.step === "reversed" ? `${reason}${plan.proposedBy}` : reason;
    return acts({ what: { reference, amount, currency, reason: note }, names: { step: plan.step } }, carryOut);
  },

  setLanes: async ({ params: { channelId }, body: { currency, lanes } }) => {
    const channel = await known(channelId);
    if (!channel.ok) return channel;
    const first = await readLane(deps, { channelId, currency, lane: 0 });
    const facts = { what: { currency }, before: { lanes: first?.lanes ?? 1 }, after: { lanes } };
    return acts(facts, async () => {
      const widened = await setLanes(deps, { channelId, currency }, lanes);
      return widened.ok ? ok({ body: { channelId, currency, ...widened.value } }) : widened;
    });
  },
});
