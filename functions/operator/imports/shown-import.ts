import type { LargeImport } from "../../../shared/imports/model.ts";
import { pick } from "../../../shared/kernel/pick.ts";

/** Shows an import to operators. What only its workers need to know stays inside. */
export const shownImport = (made: LargeImport) =>
  pick(made, [
    "importId",
    "productId",
    "batchId",
    "layout",
    "sealed",
    "generation",
    "dryRun",
    "unitCost",
    "sharesCodes",
    "state",
    "createdAt",
    "startedAt",
    "finishedAt",
    "bytes",
    "segments",
    "bytesDone",
    "linesDone",
    "rowsDone",
    "imported",
    "refused",
    "reason",
    "reasonAt",
  ]);
