import * as z from "zod";
import { EMAIL } from "../../orders/contact.ts";
import { awsCredentials, awsSettings } from "../aws-settings.ts";
import type { SenderDescription } from "../contract.ts";

const settings = z.strictObject({
  from: z.string().regex(EMAIL, "must be an e-mail address"),
  // Bounces and complaints are told of where the configuration set says: the stack makes one.
  ...awsSettings,
});
export type SesSettings = z.infer<typeof settings>;

export const sesDescription: SenderDescription<SesSettings, z.infer<typeof awsCredentials>> = {
  medium: "email",
  settings,
  credentials: awsCredentials,
};
