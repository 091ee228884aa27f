import type { Db } from "../aws/dynamo.ts";
import { listChannels } from "../channels/keys.ts";
import { inParallel } from "../kernel/in-parallel.ts";
import { accountCurrencies } from "../ledger/accounts.ts";
import type { Book } from "../ledger/entries.ts";
import { otherBooks } from "../ledger/verify.ts";

const CHANNELS_AT_ONCE = 8;

/** Reads which books there are: of channels, of suppliers, and our own; each in one currency. */
export async function allBooks(deps: Db<"ledger" | "identity">): Promise<Book[]> {
  const channels = await listChannels(deps);
  const ofChannels = await inParallel(
    CHANNELS_AT_ONCE,
    channels,
    async ({ id: owner }): Promise<Book[]> =>
      (await accountCurrencies(deps, owner)).map((currency) => ({ owner, currency })),
  );
  return [...ofChannels.flat(), ...(await otherBooks(deps))];
}
