import { createChannel, createKey, findChannel, findKey, keyIdOf, revokeKey } from "../../../shared/channels/keys.ts";
import { listChannelsPaged, listKeys } from "../../../shared/channels/list.ts";
import type { Channel } from "../../../shared/channels/table.ts";
import { pick } from "../../../shared/kernel/pick.ts";
import { ok, type Result, refuse } from "../../../shared/kernel/problem.ts";
import { deposit, setLanes } from "../../../shared/ledger/accounts.ts";
import { readLane } from "../../../shared/ledger/lanes.ts";
import { readStatement } from "../../../shared/ledger/statement.ts";
import { dependenciesOf } from "../../runtime/dependencies.ts";
import { answer } from "../../runtime/handler.ts";
import { httpFunction } from "../../runtime/http.ts";
import { acts, made } from "../../runtime/record.ts";
import { forOperators } from "../../runtime/shells.ts";
import { functions } from "./operations.ts";

const { deps } = dependenciesOf(functions.operatorChannels);

async function known(channelId: string): Promise<Result<undefined>> {
  const found = await findChannel(deps, channelId);
  return found === undefined ? refuse("not_found", "There is no such channel.") : ok(undefined);
}

const shown = (channel: Channel) => pick(channel, ["id", "name", "createdAt"]);

export const handler = httpFunction("operator-channels", functions.operatorChannels, forOperators(deps), {
  createChannel: async ({ body, idempotencyKey }) => {
    const created = await createChannel(deps, body, idempotencyKey, deps.clock());
    if (!created.ok) return created;
    const { id, name, keyId } = created.value;
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
    const what = { keyId: keyIdOf(channelId, idempotencyKey), scopes: scopes.join(" ") };
    return acts({ what }, async () => answer(await createKey(deps, channelId, scopes, deps.clock(), idempotencyKey)));
  },

  revokeKey: async ({ params: { channelId, keyId } }) => {
    const found = await findKey(deps, channelId, keyId);
    if (found === undefined) return refuse("not_found", "The channel has no such key.");
    const what = { keyId, scopes: found.scopes.join(" ") };
    const facts = { what, before: { revoked: found.revokedAt !== undefined }, after: { revoked: true } };
    return acts(facts, async () => answer(await revokeKey(deps, channelId, keyId, deps.clock())));
  },

  deposit: async ({ params: { channelId }, body: { money, reference } }) => {
    const channel = await known(channelId);
    if (!channel.ok) return channel;
    return acts({ what: { reference, ...money } }, async () => {
      const paid = await deposit(deps, channelId, money, reference, deps.clock());
      return paid.ok ? ok({ body: await readStatement(deps, channelId) }) : paid;
    });
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
