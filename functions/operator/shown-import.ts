import type { LargeImport } from "../../shared/imports/model.ts";

/** An import as operators see it: without what only whoever goes on with it needs to know. */
export function shownImport({ places: _places, begun: _begun, etag: _etag, ...shown }: LargeImport): object {
  return shown;
}
