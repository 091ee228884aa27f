import type { Db } from "../aws/dynamo.ts";
import { findChannel } from "../channels/keys.ts";
import { type FieldError, ok, type Result, refuse } from "../kernel/problem.ts";
import type { ByCheckout } from "./by-checkout.ts";
import { FLOWS, type Flow, type Flows } from "./contract.ts";
import { type Chosen, payerIn } from "./payer.ts";
import { findProvider } from "./providers.ts";
import { startingProtocols } from "./starters.ts";

/**
 * Checks how a request wants somebody to pay: there is such a provider, it has the flow, it is told what it needs of the payer, and the
 * payer comes back to a host that an operator has allowed to the channel.
 * @param pointer where the request says it, such as `/payment`
 */
export async function chosenBy(
  deps: Db<"operations" | "identity">,
  channelId: string,
  { provider: name, flow: asked, ...said }: Omit<ByCheckout, "method">,
  pointer: string,
): Promise<Result<Chosen>> {
  const no = (member: string, message: string): Result<never> =>
    wrong("The payment can't be begun like this.", [{ pointer: `${pointer}/${member}`, message }]);
  const provider = await findProvider(deps, name);
  if (provider === undefined) return no("provider", "is unknown");
  const { flows }: { flows: Flows } = startingProtocols[provider.protocol];
  const known = FLOWS.filter((flow) => flow in flows);
  const flow = asked ?? (Object.keys(flows)[0] as Flow);
  const needs = flows[flow];
  if (needs === undefined) return no("flow", `must be one of ${known.join(", ")}`);
  const payer = payerIn(said);
  const missing = needs.find((member) => payer[member] === undefined);
  if (missing !== undefined) return no(missing, `is required for ${flow} of this provider`);
  if (payer.returnUrl !== undefined && !(await maySendBackTo(deps, channelId, payer.returnUrl)))
    return no("returnUrl", "has a host that is not among the channel's return hosts");
  const { fees } = provider;
  return ok({ provider: name, flow, ...(fees === undefined ? {} : { fees }), ...payer });
}

const wrong = (detail: string, errors: FieldError[]) => refuse("invalid_request", detail, errors);

async function maySendBackTo(deps: Db<"identity">, channelId: string, url: string): Promise<boolean> {
  const { returnHosts = [] } = (await findChannel(deps, channelId)) ?? {};
  return returnHosts.includes(new URL(url).host);
}
