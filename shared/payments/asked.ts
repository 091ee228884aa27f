import * as z from "zod";
import type { Db } from "../aws/dynamo.ts";
import { findChannel } from "../channels/keys.ts";
import { type FieldError, ok, type Result, refuse } from "../kernel/problem.ts";
import { isPrivate } from "../suppliers/call.ts";
import { FLOWS, type Flow, type Flows } from "./contract.ts";
import { type Chosen, payerIn } from "./payer.ts";
import { findProvider } from "./providers.ts";
import { startingProtocols } from "./starters.ts";

const returnUrl = z
  .url({ protocol: /^https?$/ })
  .max(2_000)
  .refine((url) => !URL.canParse(url) || isPrivate(new URL(url)), "must be https")
  .refine((url) => !URL.canParse(url) || new URL(url).username === "", "may have no user and no password");

/** How a buyer is to pay at a payment provider, as a request says it. */
export const ByCheckout = z.strictObject({
  method: z.literal("checkout"),
  provider: z
    .string()
    .min(1)
    .max(32)
    .meta({ description: "The payment provider, by the name that operators gave it." }),
  flow: z
    .enum(FLOWS)
    .optional()
    .meta({
      description:
        "`page`: the buyer opens an address on a computer · `wap`: on a phone · `qr`, `native`: the buyer scans a text · `jsapi`: a page " +
        "inside WeChat calls its client with parameters · `checkout`: the buyer opens a page of Stripe. Absent: the provider's first one.",
    }),
  openId: z
    .string()
    .regex(/^[\w-]{1,128}$/, "must be an open id")
    .optional()
    .meta({ description: "The buyer in WeChat's app. `jsapi` needs it. Kept until the payment is begun." }),
  payerIp: z
    .union([z.ipv4(), z.ipv6()])
    .optional()
    .meta({ description: "The address from which the buyer calls you. Kept until the payment is begun." }),
  returnUrl: returnUrl.optional().meta({
    description:
      "Where the buyer's browser goes afterwards. Its host must be among the channel's return hosts. That it comes back says nothing about " +
      "money: read the order.",
  }),
});
export type ByCheckout = z.infer<typeof ByCheckout>;

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
