import { findKey, revokeKey } from "../../shared/channels/keys.ts";
import { ok, refuse } from "../../shared/kernel/problem.ts";
import { operators } from "../runtime/callers.ts";
import { clock, db, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { audited } from "./audited.ts";
import { revokeKeyEnv } from "./env.ts";
import { operations } from "./operations.ts";

const deps = { db, tables: tablesIn(readEnv(revokeKeyEnv)) };

export const handler = httpFunction(
  "revoke-key",
  operations.revokeKey,
  operators,
  async ({ params, requestId }, operator) => {
    const { channelId, keyId } = params;
    const found = await findKey(deps, channelId, keyId);
    if (found === undefined) return refuse("not_found", "The channel has no such key.");
    const what = { keyId, scopes: found.scopes.join(" ") };
    const said = { what, before: { revoked: found.revokedAt !== undefined }, after: { revoked: true } };
    const revoked = await audited(
      deps,
      { operator, requestId, action: "key_revoked", subject: channelId, ...said },
      () => revokeKey(deps, channelId, keyId, clock()),
    );
    return revoked.ok ? ok({ body: revoked.value }) : revoked;
  },
);
