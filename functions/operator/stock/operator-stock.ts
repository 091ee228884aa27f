import { findChannel } from "../../../shared/channels/keys.ts";
import { findBatch, listBatches } from "../../../shared/inventory/batches.ts";
import { changePool, settingsOf } from "../../../shared/inventory/change-pool.ts";
import { closeBatch, voidExpired } from "../../../shared/inventory/closing.ts";
import { countPage, importedInto, sumOf } from "../../../shared/inventory/count.ts";
import { readDirectory } from "../../../shared/inventory/directory.ts";
import { poolIdOf } from "../../../shared/inventory/model.ts";
import { findPool, listPools, setPool, showPool } from "../../../shared/inventory/pools.ts";
import { transferByName } from "../../../shared/inventory/transfer.ts";
import { verifyStock } from "../../../shared/inventory/verify.ts";
import { ok, type Refusal, refuse } from "../../../shared/kernel/problem.ts";
import { releaseWithheld } from "../../../shared/restore/release.ts";
import { clock, dependenciesOf } from "../../runtime/dependencies.ts";
import { answer } from "../../runtime/handler.ts";
import { httpFunction } from "../../runtime/http.ts";
import { acts } from "../../runtime/record.ts";
import { forOperators } from "../../runtime/shells.ts";
import { ofCodeProducts } from "../code-product.ts";
import { functions } from "./operations.ts";

const { deps } = dependenciesOf(functions.operatorStock);

const handlers = ofCodeProducts(deps, functions.operatorStock, {
  countStock: async ({ params: { productId }, after }) => {
    const [imported, { rows, next }] = await Promise.all([
      importedInto(deps, productId),
      countPage(deps, productId, clock(), after),
    ]);
    return ok({ body: { imported, ...sumOf(rows), rows }, next: next ?? null });
  },

  verifyStock: async ({ params: { productId }, after }) => {
    const { next, ...verified } = await verifyStock(deps, productId, clock(), after);
    return ok({ body: verified, next: next ?? null });
  },

  listPools: async ({ params: { productId }, query, after }) => {
    const { pools, next } = await listPools(deps, productId, query.limit, after);
    return ok({ body: { data: await Promise.all(pools.map((pool) => showPool(deps, pool))) }, next });
  },

  createPool: async ({ params: { productId }, body: { owner, whenEmpty } }) => {
    if (owner.kind === "channel" && (await findChannel(deps, owner.subject)) === undefined) return unknownChannel();
    const before = await readDirectory(deps, productId, poolIdOf(productId, owner));
    const what = { pool: before.pool, ...owner };
    return acts({ what, before: { whenEmpty: before.whenEmpty }, after: { whenEmpty } }, async () =>
      ok({ body: await showPool(deps, await setPool(deps, productId, owner, whenEmpty)) }),
    );
  },

  changePool: async ({ params: { productId, pool }, body }) => {
    const found = await findPool(deps, productId, pool);
    if (!found.ok) return found;
    const before = settingsOf(found.value);
    return acts({ what: { pool }, before, after: { ...before, ...body } }, async () => {
      const changed = await changePool(deps, productId, pool, body);
      return changed.ok ? ok({ body: await showPool(deps, changed.value) }) : changed;
    });
  },

  transferStock: async ({ params: { productId }, body, idempotencyKey }) => {
    return acts({ what: body }, async () => answer(await transferByName(deps, productId, body, idempotencyKey)));
  },

  listBatches: async ({ params: { productId }, after }) => {
    const { batches, next } = await listBatches(deps, productId, after);
    return ok({ body: { data: batches }, next });
  },

  closeBatch: async ({ params: { productId, batchId }, body: { state } }) => {
    const batch = await findBatch(deps, productId, batchId);
    if (batch === undefined) return refuse("not_found", "There is no such batch.");
    const { left, leftFrozen } = batch;
    const facts = { what: { batchId }, before: { state: batch.state, left, leftFrozen }, after: { state } };
    return acts(facts, async () => answer(await closeBatch(deps, productId, batchId, state)));
  },

  voidExpired: async ({ params: { productId } }) => {
    const now = clock();
    return acts({ what: { expiredBy: now.toISOString() } }, async () =>
      ok({ body: await voidExpired(deps, productId, now) }),
    );
  },

  releaseWithheld: async ({ params: { productId }, after }) => {
    return acts({ what: { from: after ?? "the first" } }, async () => {
      const { next, released } = await releaseWithheld(deps, productId, after);
      return ok({ body: { released }, next });
    });
  },
});

export const handler = httpFunction("operator-stock", functions.operatorStock, forOperators(deps), handlers);

/** Refuses a channel that does not exist: a pool for it would hold stock that nobody can buy. */
const unknownChannel = (): Refusal =>
  refuse("invalid_request", "There is no such channel.", [{ pointer: "/owner/subject", message: "is not a channel" }]);
