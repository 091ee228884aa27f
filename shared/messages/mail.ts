import type { Mail } from "./contract.ts";

/** Makes the parts of a mail as it is written down by RFC 5322; `from` is the sender's address. */
export function partsOf(from: string, message: Mail) {
  const { id, to, fromName, subject, text, html, unsubscribe } = message;
  return {
    from: { name: fromName, address: from },
    // As an object: as a text a comma would make two recipients of it.
    to: { name: "", address: to },
    messageId: `<${id}@${from.slice(from.lastIndexOf("@") + 1)}>`,
    subject,
    text,
    html,
    headers: {
      // RFC 3834: no holiday notes in answer.
      "Auto-Submitted": "auto-generated",
      ...(unsubscribe === undefined ? {} : unsubscribeHeaders(unsubscribe)),
    },
  };
}

/** The headers by which a mail program offers to unsubscribe (RFC 2369, RFC 8058). */
const unsubscribeHeaders = (address: string) => ({
  "List-Unsubscribe": `<${address}>`,
  "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
});
