import { createKey, findChannel, keyIdOf } from "../../shared/channels/keys.ts";
import { ok, refuse } from "../../shared/kernel/problem.ts";
import { operators } from "../runtime/callers.ts";
import { clock, db, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { remembering } from "../runtime/idempotency.ts";
import { audited } from "./audited.ts";
import { createKeyEnv } from "./env.ts";
import { operations } from "./operations.ts";

const deps = { db, tables: tablesIn(readEnv(createKeyEnv)) };

export const handler = httpFunction(
  "create-key",
  operations.createKey,
  operators,
  async ({ params, body, idempotencyKey, requestId }, operator) => {
    if ((await findChannel(deps, params.channelId)) === undefined)
      return refuse("not_found", "There is no such channel.");
    const { channelId: subject } = params;
    const what = { keyId: keyIdOf(subject, idempotencyKey), scopes: body.scopes.join(" ") };
    const made = await audited(deps, { operator, requestId, action: "key_created", subject, what }, () =>
      createKey(deps, subject, body.scopes, clock(), idempotencyKey),
    );
    return made.ok ? ok({ body: made.value }) : made;
  },
  remembering(deps),
);
