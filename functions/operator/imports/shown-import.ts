import type { LargeImport } from "../../../shared/imports/model.ts";

/** An import as operators see it: without what only its workers need to know. */
export function shownImport({
  places: _places,
  beginning: _beginning,
  isQuoted: _isQuoted,
  begun: _begun,
  etag: _etag,
  madeWith: _key,
  ...shown
}: LargeImport): object {
  return shown;
}
