import * as z from "zod";
import { isPrivate } from "../suppliers/call.ts";
import { FLOWS } from "./contract.ts";

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
