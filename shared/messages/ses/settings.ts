import * as z from "zod";
import { EMAIL } from "../../orders/contact.ts";
import { Address } from "../../suppliers/address.ts";
import type { SenderDescription } from "../contract.ts";

const settings = z.strictObject({
  from: z.string().regex(EMAIL, "must be an e-mail address"),
  /** Where bounces and complaints are told of: the stack makes one. */
  configurationSet: z
    .string()
    .regex(/^[\w-]{1,64}$/)
    .exactOptional(),
  /** Another region than the function's own. */
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "must be a region of AWS")
    .exactOptional(),
  /** Another endpoint than AWS's own, as that of a VPC. */
  endpoint: Address.exactOptional(),
});
export type SesSettings = z.infer<typeof settings>;

/** The function's role may send; there is nothing to keep secret. */
const credentials = z.strictObject({});

export const sesDescription: SenderDescription<SesSettings, z.infer<typeof credentials>> = {
  medium: "email",
  settings,
  credentials,
};
