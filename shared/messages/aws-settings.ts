import * as z from "zod";
import { Address } from "../suppliers/address.ts";

/** The settings that all senders have that are services of AWS. */
export const awsSettings = {
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
};

/** The credentials of a service of AWS: none, because the function's role may send. */
export const awsCredentials = z.strictObject({});
