import * as z from "zod";
import { Address } from "../../suppliers/address.ts";
import type { SenderDescription } from "../contract.ts";

const settings = z.strictObject({
  /** The signature that stands before each text: it is registered. */
  signName: z.string().min(2).max(20),
  /** Another endpoint than that of mainland China. */
  endpoint: Address.exactOptional(),
});
export type AliyunSmsSettings = z.infer<typeof settings>;

const credentials = z.strictObject({
  accessKeyId: z.string().regex(/^\w{16,128}$/),
  accessKeySecret: z.string().regex(/^\w{16,128}$/),
});
export type AliyunSmsCredentials = z.infer<typeof credentials>;

export const aliyunSmsDescription: SenderDescription<AliyunSmsSettings, AliyunSmsCredentials> = {
  medium: "sms",
  settings,
  credentials,
  hasTemplates: true,
};
