import * as z from "zod";
import { EMAIL } from "../../orders/contact.ts";
import type { SenderDescription } from "../contract.ts";

const HOST = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;
const isOnThisMachine = (host: string): boolean => /^(localhost|127(\.\d{1,3}){3})$/.test(host);

const settings = z
  .strictObject({
    host: z.string().regex(HOST, "must be a host name in lower case"),
    port: z.string().regex(/^[1-9]\d{0,4}$/, "must be a port"),
    /** `implicit`: the connection begins encrypted, as on port 465 · `starttls`: it must become so · `none`: on this machine only. */
    tls: z.enum(["implicit", "starttls", "none"]),
    from: z.string().regex(EMAIL, "must be an e-mail address"),
    dkimDomain: z.string().regex(HOST).exactOptional(),
    dkimSelector: z
      .string()
      .regex(/^[\w-]{1,63}$/)
      .exactOptional(),
  })
  .refine(({ tls, host }) => tls !== "none" || isOnThisMachine(host), {
    path: ["tls"],
    message: "must be implicit or starttls: addresses and links would be readable on the way",
  })
  .refine(({ dkimDomain, dkimSelector }) => (dkimDomain === undefined) === (dkimSelector === undefined), {
    path: ["dkimSelector"],
    message: "a DKIM signature needs a domain and a selector",
  });
export type SmtpSettings = z.infer<typeof settings>;

const credentials = z
  .strictObject({
    user: z.string().min(1).exactOptional(),
    password: z.string().min(1).exactOptional(),
    /** The private key of the DKIM signature, PEM. Absent: the server signs, or nobody. */
    dkimKey: z.string().includes("PRIVATE KEY").exactOptional(),
  })
  .refine(({ user, password }) => (user === undefined) === (password === undefined), {
    path: ["password"],
    message: "a user needs a password",
  });
export type SmtpCredentials = z.infer<typeof credentials>;

export const smtpDescription: SenderDescription<SmtpSettings, SmtpCredentials> = {
  medium: "email",
  settings,
  credentials,
};
