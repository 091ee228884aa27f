import type { KMSClient } from "@aws-sdk/client-kms";
import { unseal, unwrap } from "../secrecy/envelope.ts";
import { CONTACT_CONTEXT, type Contact, type ContactField, contactBinding } from "./contact.ts";
import type { Order } from "./model.ts";

export type ContactDeps = { kms: KMSClient; personalKey: string };

/** Opens the contact of an order. Undefined: it has none, or it was erased. */
export async function openContact(
  { kms, personalKey }: ContactDeps,
  { id, contact }: Pick<Order, "id" | "contact">,
): Promise<Contact | undefined> {
  if (contact === undefined) return undefined;
  const key = await unwrap({ kms, keyId: personalKey, context: CONTACT_CONTEXT }, contact.dataKey);
  const fields = Object.entries(contact.fields) as [ContactField, Uint8Array][];
  return Object.fromEntries(fields.map(([field, sealed]) => [field, unseal(key, sealed, contactBinding(id, field))]));
}
