import { isStocked } from "../../shared/catalog/model.ts";
import { allProducts } from "../../shared/catalog/products.ts";
import { tellLevels } from "../../shared/inventory/levels.ts";
import { sweepProduct } from "../../shared/inventory/sweep.ts";
import { clock, db, eventsClient, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { log } from "../runtime/log.ts";
import { count } from "../runtime/metrics.ts";
import { forEachSubject } from "./each.ts";
import { sweepStockEnv } from "./env.ts";

const env = readEnv(sweepStockEnv);
const deps = { db, tables: tablesIn(env), events: eventsClient(), eventBusName: env.EVENT_BUS };

/** Each minute: brings back tickets that nobody used, puts returned codes on sale, and tells what has become low. */
export const handler = async (): Promise<void> => {
  const done = { products: 0, orphans: 0, published: 0, buried: 0 };
  const products = (await allProducts(deps)).filter(({ kind }) => isStocked(kind));
  try {
    await forEachSubject(
      "sweep-stock",
      products,
      ({ id }) => id,
      async ({ id }) => {
        const swept = await sweepProduct(deps, id, clock());
        await tellLevels(deps, id, clock());
        done.products += 1;
        done.orphans += swept.orphans;
        done.published += swept.published;
        done.buried += swept.buried;
      },
    );
  } finally {
    if (done.orphans > 0) count("OrphansSwept", done.orphans);
    log("sweep_done", done);
  }
};
