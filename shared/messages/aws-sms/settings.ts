import * as z from "zod";
import { awsCredentials, awsSettings } from "../aws-settings.ts";
import type { SenderDescription } from "../contract.ts";

const settings = z.strictObject({
  /** The number, sender id or pool that messages come from: its id or ARN. */
  origin: z.string().regex(/^[\w:/+-]{1,256}$/, "must be the id or ARN of a number, a sender id or a pool"),
  ...awsSettings,
});
export type AwsSmsSettings = z.infer<typeof settings>;

export const awsSmsDescription: SenderDescription<AwsSmsSettings, z.infer<typeof awsCredentials>> = {
  medium: "sms",
  settings,
  credentials: awsCredentials,
};
