import { createChannel } from "../../shared/channels/keys.ts";
import { ok } from "../../shared/kernel/problem.ts";
import { operators } from "../runtime/callers.ts";
import { clock, db, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { remembering } from "../runtime/idempotency.ts";
import { madeOnRecord } from "./audited.ts";
import { createChannelEnv } from "./env.ts";
import { operations } from "./operations.ts";

const deps = { db, tables: tablesIn(readEnv(createChannelEnv)) };

export const handler = httpFunction(
  "create-channel",
  operations.createChannel,
  operators,
  async ({ body, idempotencyKey, requestId }, operator) => {
    const created = await createChannel(deps, body, idempotencyKey, clock());
    if (!created.ok) return created;
    const { id, name, keyId } = created.value;
    // The first key may do all. A repeat tells no key.
    const what = { name, keyId };
    await madeOnRecord(deps, { operator, requestId, action: "channel_created", subject: id, what });
    return ok({ body: created.value });
  },
  remembering(deps),
);
