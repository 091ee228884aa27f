import type { ChannelEvent } from "../../../shared/channels/events.ts";
import {
  createChannel,
  createKey,
  findChannel,
  findKey,
  keyIdOf,
  revokeKey,
  setReturnHosts,
} from "../../../shared/channels/keys.ts";
import { listChannelsPaged, listKeys } from "../../../shared/channels/list.ts";
import type { Channel } from "../../../shared/channels/table.ts";
import { pick } from "../../../shared/kernel/pick.ts";
import { ok, type Result, refuse } from "../../../shared/kernel/problem.ts";
import { setLanes } from "../../../shared/ledger/accounts.ts";
import { deposit } from "../../../shared/ledger/deposits.ts";
import { readLane } from "../../../shared/ledger/lanes.ts";
import { readStatement } from "../../../shared/ledger/statement.ts";
import { carryOutReversal, planReversal } from "../../../shared/review/reverse-deposit.ts";
import { dependenciesOf, eventsClient } from "../../runtime/dependencies.ts";
import { answer } from "../../runtime/handler.ts";
import { httpFunction } from "../../runtime/http.ts";
import { acts, made } from "../../runtime/record.ts";
import { forOperators } from "../../runtime/shells.ts";
import { tellOf } from "../tell.ts";
import { functions } from "./operations.ts";

const { env, deps } = dependenciesOf(functions.operatorChannels);
const bus = { events: eventsClient(), eventBusName: env.EVENT_BUS };

/** Tells that a channel has changed. `of`: what was made or revoked. */
function tell(
  channelId: string,
  action: "created" | "key_created" | "key_revoked" | "return_hosts_set",
  of: string,
): Promise<void> {
  const event = { occasion: `${action} ${of}`, at: deps.clock().toISOString(), facts: { channelId, action } };
  return tellOf("operator-channels", bus, {
    subject: channelId,
    events: [{ type: "channel.changed", ...event } satisfies ChannelEvent],
  });
}

async function known(channelId: string): Promise<Result<undefined>> {
  const found = await findChannel(deps, channelId);
  return found === undefined ? refuse("not_found", "There is no such channel.") : ok(undefined);
}

const shown = (channel: Channel) => pick(channel, ["id", "name", "createdAt", "returnHosts"]);

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
    return ok({ body: { data: keys.map((key) => pick(key, ["keyId", "scopes", "createdAt", "revokedAt"])) }, next });
  },

  createKey: async ({ params: { channelId }, body: { scopes }, idempotencyKey }) => {
    const channel = await known(channelId);
    if (!channel.ok) return channel;
    const keyId = keyIdOf(channelId, idempotencyKey);
    return acts({ what: { keyId, scopes: scopes.join(" ") } }, async () => {
      const key = await createKey(deps, channelId, scopes, deps.clock(), idempotencyKey);
      if (key.ok) await tell(channelId, "key_created", keyId);
      return answer(key);
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
      return paid.ok ? ok({ body: await readStatement(deps, channelId) }) : paid;
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

  reverseDeposit: async ({ params: { channelId }, body: { reference, reason }, requestId }, { arn: operator }) => {
    const planned = await planReversal(deps, channelId, reference, { operator, requestId });
    if (!planned.ok) return planned;
    const plan = planned.value;
    const carryOut = async () => {
      const done = await carryOutReversal(deps, plan);
      return done.ok ? ok({ body: done.value, status: done.value.state === "proposed" ? 202 : 200 }) : done;
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
