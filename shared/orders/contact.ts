import * as z from "zod";
import { hasUnseen, trimmed } from "../kernel/one-name.ts";
import type { SealedFields } from "../secrecy/sealer.ts";

/** An address of any script, with a domain that has a dot. Whether mail arrives there only mail can tell. */
export const EMAIL = /^[^\s@"<>]{1,64}@[^\s@"<>.]+(?:\.[^\s@"<>.]+)+$/u;
/** ITU-T E.164: at most 15 digits. */
const PHONE = /^\+[1-9]\d{6,14}$/;
/** Of BCP 47: a language, perhaps a script, perhaps a region. */
const LOCALE = /^[a-z]{2,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?$/i;

/** Domains have no capitals; what stands before the @ is the mailbox's own. */
const oneEmail = (email: string): string => {
  const at = email.lastIndexOf("@");
  return `${email.slice(0, at)}${email.slice(at).toLowerCase()}`;
};

const oneLocale = (locale: string): string => {
  const [language = "", ...others] = locale.split("-");
  const other = (tag: string): string =>
    tag.length === 4 ? `${tag.slice(0, 1).toUpperCase()}${tag.slice(1).toLowerCase()}` : tag.toUpperCase();
  return [language.toLowerCase(), ...others.map(other)].join("-");
};

/** Addresses of people, each in the one form that addresses are compared in. */
export const ADDRESSES = {
  email: z
    .string()
    .max(254)
    .overwrite((email) => trimmed(email).normalize("NFC"))
    .refine((email) => EMAIL.test(email) && !hasUnseen(email), "must be an e-mail address")
    .overwrite(oneEmail),
  phone: z
    .string()
    .max(40)
    .overwrite((phone) =>
      trimmed(phone)
        .normalize("NFKC")
        .replaceAll(/[ ().-]/g, ""),
    )
    .regex(PHONE, "must be an international number, as +8613800138000"),
};

/** How a buyer can be reached, in one form for each address, number and language. */
export const Contact = z
  .strictObject({
    ...ADDRESSES,
    locale: z
      .string()
      .max(40)
      .overwrite(trimmed)
      .regex(LOCALE, "must be a language, as zh-Hans-CN or en")
      .overwrite(oneLocale),
  })
  .partial()
  .refine((contact) => Object.values(contact).some((value) => value !== undefined), "says how to reach somebody");
export type Contact = z.infer<typeof Contact>;
export type ContactField = keyof Contact;

/** A contact as an order keeps it. */
export type SealedContact = SealedFields<ContactField>;

export const CONTACT_CONTEXT = { purpose: "contact" };

/** The binding of a sealed field: it opens for this order and this field alone. */
export const contactBinding = (orderId: string, field: ContactField): string => `${orderId} contact ${field}`;
