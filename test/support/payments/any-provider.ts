import { createChannel, setReturnHosts } from "../../../shared/channels/keys.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import type { ByCheckout } from "../../../shared/payments/by-checkout.ts";
import { setProvider } from "../../../shared/payments/set-provider.ts";
import type { Domain } from "../engine/domain.ts";
import { fakeBus, fakeQueues } from "../engine/fake-aws.ts";
import { giveMoney, type Market, openMarket } from "../orders/market.ts";
import { valueOf } from "../value-of.ts";
import { allCashiers } from "./cashiers/all.ts";
import { checkOut } from "./checkout-shop.ts";
import { parameters } from "./parameters.ts";

/** Gives use cases every payment provider, each at an address that leads to it: its own, or one with something in between. */
export async function withAllProviders<D extends Domain>(
  domain: D,
  addressOf: (url: string) => Promise<string> | string = (url) => url,
) {
  const cashiers = await allCashiers();
  const { sqs, sent } = fakeQueues();
  const { events } = fakeBus();
  const deps = {
    ...domain,
    ssm: parameters(),
    paymentSecretsPrefix: `/payments/${cashiers.simulated.url}/`,
    environmentName: "local",
    sqs,
    paymentQueueUrl: "payments",
    events,
    eventBusName: "bus",
  };
  for (const { settings, url } of cashiers.all) valueOf(await setProvider(deps, settings(await addressOf(url))));
  return { deps, cashiers, sent };
}

export type AnyProvider = Awaited<ReturnType<typeof withAllProviders<Domain>>>;

/** A market whose buyers may be sent back to its own pages. */
export async function onlineMarket(deps: Domain, options: Parameters<typeof openMarket>[1]): Promise<Market> {
  const market = await openMarket(deps, { ...options, money: 0 });
  const { id: channelId } = valueOf(await createChannel(deps, { name: "Shop" }, newId("evt"), new Date()));
  await setReturnHosts(deps, channelId, ["shop.example"]);
  if (options.money > 0) await giveMoney(deps, channelId, options.money);
  return { ...market, channelId };
}

/** A market, and an order of it that waits for its buyer to pay in this way. */
export async function waitingFor({ deps }: Pick<AnyProvider, "deps">, payment: ByCheckout, stock = 1, price = 1500) {
  const market = await onlineMarket(deps, { stock, money: 0, price });
  return { market, ...(await checkOut({ deps }, market, "order", { payment })) };
}
