import { revokeKey } from "../../shared/channels/keys.ts";
import { ok } from "../../shared/kernel/problem.ts";
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
    const revoked = await revokeKey(deps, params.channelId, params.keyId, clock());
    if (!revoked.ok) return revoked;
    await audited(deps, operator, requestId, "key_revoked", params.channelId);
    return ok({ body: revoked.value });
  },
);
