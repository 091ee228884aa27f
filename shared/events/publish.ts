import { type ArchiveDeps, archive } from "./archive.ts";
import { type EventDeps, emitTogether } from "./emit.ts";
import { allToldOf, type News } from "./event.ts";

/**
 * Puts news of one kind of subject into the archive, and then on the bus, several subjects to an entry. So what a consumer misses it finds there. `at` and `of` name the object:
 * the same news, published again, must have the same ones.
 */
export async function publish(
  deps: EventDeps & ArchiveDeps,
  news: readonly News[],
  { at, of }: { at: string; of: string },
): Promise<void> {
  const told = allToldOf(news);
  await archive(deps, { at, of }, told);
  await emitTogether(deps, told);
}
