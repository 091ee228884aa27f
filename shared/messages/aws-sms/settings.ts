import * as z from "zod";
import { Address } from "../../suppliers/address.ts";
import type { SenderDescription } from "../contract.ts";

const settings = z.strictObject({
  /** The number, sender id or pool that messages come from: its id or ARN. */
  origin: z.string().regex(/^[\w:/+-]{1,256}$/, "must be the id or ARN of a number, a sender id or a pool"),
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
export type AwsSmsSettings = z.infer<typeof settings>;

/** The function's role may send; there is nothing to keep secret. */
const credentials = z.strictObject({});

export const awsSmsDescription: SenderDescription<AwsSmsSettings, z.infer<typeof credentials>> = {
  medium: "sms",
  settings,
  credentials,
};
