import { deployedStack } from "../engine/deployed-stack.ts";
import { domain } from "../engine/domain.ts";
import { openShop, order, stockProduct } from "../orders/shop.ts";
import type { Scene } from "./webhook-scenes.ts";

/** Somebody who has bought once, by their address, and by the name that records call them by. */
async function buyer(): Promise<{ email: string; person: string }> {
  const email = `somebody-${crypto.randomUUID()}@example.com`;
  const [shop, { productId }] = await Promise.all([openShop(), stockProduct(deployedStack(), 1)]);
  await order(shop, [{ productId, quantity: 1 }], crypto.randomUUID(), { contact: { email } });
  return { email, person: (await domain().recognise())("contact", email) };
}

const scene = (what: string, action: string) => async (): Promise<Scene> => {
  const { email, person } = await buyer();
  return {
    path: `/admin/v1/buyers/${what}`,
    json: { email },
    subject: person,
    says: { action, what: { by: "email" } },
  };
};

const since = new Date(Date.now() - 24 * 3600 * 1000).toISOString();

/** Acts of operators on what is known of people, with what their records say. */
export const buyerScenes = {
  exportBuyer: scene("exports", "buyer_exported"),
  eraseBuyer: scene("erasures", "buyer_erased"),
  replayErasures: async (): Promise<Scene> => ({
    path: "/admin/v1/buyers/erasure-replays",
    json: { since },
    subject: "erasures",
    says: { action: "erasures_replayed", what: { since } },
  }),
};
