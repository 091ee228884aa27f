import { isStocked } from "../../../shared/catalog/kinds.ts";
import { allProducts } from "../../../shared/catalog/products.ts";
import { deleteLeftovers } from "../../../shared/imports/leftovers.ts";
import { tellLevels } from "../../../shared/inventory/levels.ts";
import { sweepProduct } from "../../../shared/inventory/sweep.ts";
import { machineMs } from "../../../shared/kernel/clock.ts";
import { clock, dependenciesOfJobs, eventsClient, s3Client } from "../../runtime/dependencies.ts";
import { forEachSubject } from "../../runtime/each.ts";
import { log } from "../../runtime/log.ts";
import { count } from "../../runtime/metrics.ts";
import { scheduleFunction } from "../../runtime/schedule.ts";
import { workers } from "./workers.ts";

const { jobs } = workers.stockSchedule;
const { env, deps: given } = dependenciesOfJobs(jobs);
const deps = {
  ...given,
  events: eventsClient(),
  eventBusName: env.EVENT_BUS,
  s3: s3Client(),
  uploadBucket: env.UPLOAD_BUCKET,
};

/** The next time is a quarter of an hour away, and goes on with what is left. */
const SWEEPS_UPLOADS_MS = 40_000;

export const handler = scheduleFunction(jobs, {
  /** Brings back tickets that nobody used, puts returned codes on sale, and tells what has become low. */
  sweepStock: async () => {
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
  },

  /** Deletes files that were put to an upload address when their import was over. */
  sweepUploads: async () => {
    const until = machineMs() + SWEEPS_UPLOADS_MS;
    log("uploads_swept", await deleteLeftovers(deps, () => machineMs() < until));
  },
});
