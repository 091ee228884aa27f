import * as z from "zod";
import { Address } from "../suppliers/address.ts";
import { FLOWS } from "./contract.ts";

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
    .union([z.ipv4(), z.ipv6()], "must be an address of IPv4 or IPv6")
    .optional()
    .meta({ description: "The address from which the buyer calls you. Kept until the payment is begun." }),
  returnUrl: Address.max(2_000)
    .optional()
    .meta({
      description:
        "Where the buyer's browser goes afterwards. Its host must be among the channel's return hosts. That it comes back says nothing about " +
        "money: read the order.",
    }),
});
export type ByCheckout = z.infer<typeof ByCheckout>;
