import { findChannel } from "../../shared/channels/keys.ts";
import { ok, refuse } from "../../shared/kernel/problem.ts";
import { setLanes } from "../../shared/ledger/accounts.ts";
import { readLane } from "../../shared/ledger/lanes.ts";
import { operators } from "../runtime/callers.ts";
import { db, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { audited } from "./audited.ts";
import { setLanesEnv } from "./env.ts";
import { operations } from "./operations.ts";

const deps = { db, tables: tablesIn(readEnv(setLanesEnv)) };

export const handler = httpFunction(
  "set-lanes",
  operations.setLanes,
  operators,
  async ({ params: { channelId }, body: { currency, lanes }, requestId }, operator) => {
    if ((await findChannel(deps, channelId)) === undefined) return refuse("not_found", "There is no such channel.");
    const first = await readLane(deps, { channelId, currency, lane: 0 });
    const said = { what: { currency }, before: { lanes: first?.lanes ?? 1 }, after: { lanes } };
    const widened = await audited(deps, { operator, requestId, action: "lanes_set", subject: channelId, ...said }, () =>
      setLanes(deps, { channelId, currency }, lanes),
    );
    return widened.ok ? ok({ body: { channelId, currency, ...widened.value } }) : widened;
  },
);
