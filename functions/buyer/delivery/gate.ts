import { askForCode, type CodeDeps, checkCode, isProof, wantsCode } from "../../../shared/deliveries/one-time-code.ts";
import { memory, promisedOnce } from "../../../shared/kernel/memory.ts";
import { findChannelMessages } from "../../../shared/messages/read-settings.ts";
import type { ChannelMessages } from "../../../shared/messages/table.ts";
import { piecesToSee } from "../../../shared/orders/goods.ts";
import type { Order } from "../../../shared/orders/model.ts";
import { type CodeAsked, codePage } from "./code-page.tsx";
import { readDelivery } from "./view.ts";
import type { Writing } from "./writing.ts";

/** What the forms of a page say about a one-time code. */
export type Confirmed = { code?: string | undefined; proof?: string | undefined; again?: string | undefined };

/** What a page is asked: by which form, and from where. */
type Visited = { form: Confirmed; sourceIp: string };

/** Open: with a proof, where one was needed. Otherwise the page that asks for the code. */
export type Gate = { isOpen: true; proof?: string } | { isOpen: false; page: string };

type GateDeps = CodeDeps & Parameters<typeof readDelivery>[0];

/** A changed setting is in use everywhere after a minute. */
const settings = memory<Promise<ChannelMessages | undefined>>({ lastsMs: 60_000, most: 1_000 });

/** Lets who has an order's link see its goods: at once, or where its channel says so after a one-time code that is sent to the buyer. */
export async function gateOf(
  deps: GateDeps,
  order: Order,
  { form, sourceIp }: Visited,
  writing: Writing,
): Promise<Gate> {
  const { channelId } = order;
  const name = `${deps.tables.operations} ${channelId}`;
  const said = await promisedOnce(settings, name, () => findChannelMessages(deps, channelId));
  if (piecesToSee(order) === 0 || !wantsCode(order, said)) return { isOpen: true };
  if (form.proof !== undefined && (await isProof(deps, order, form.proof))) return { isOpen: true, proof: form.proof };
  const page = async (asked: CodeAsked): Promise<Gate> => ({
    isOpen: false,
    page: codePage(asked, await readDelivery(deps, order), writing),
  });
  if (form.code !== undefined) {
    const proof = await checkCode(deps, order, form.code, sourceIp);
    return proof === undefined ? page("wrong") : { isOpen: true, proof };
  }
  return page(await askForCode(deps, order, form.again !== undefined));
}
