import type { Language, Medium, Outgoing } from "../contract.ts";
import type { TemplateName } from "../model.ts";
import type { ChannelMessages } from "../table.ts";
import { composeMail, composeText } from "./compose.ts";

/** What stands for the order in a preview and in a test. There is none of this name. */
const NO_ORDER = `ord_${"0".repeat(26)}`;

/** What stands for a link of ours, which only a real order has. */
const NO_LINK = { url: `https://example.com/d/${"0".repeat(22)}`, token: "0".repeat(22) };

/** What stands for a one-time code. */
const NO_CODE = { code: "00000000" };

/** Writes a message as a channel's buyers would get it, about an order that isn't there. */
export function previewOf({ shop, help, page }: ChannelMessages, template: TemplateName, language: Language) {
  const ownPage = page === undefined ? NO_LINK : { url: page.replace("{order}", NO_ORDER), token: NO_ORDER };
  const filling = { shop, help, order: NO_ORDER, link: template === "code" ? NO_CODE : ownPage };
  const { subject, text, html } = composeMail(template, language, filling);
  return { subject, text, html, short: composeText(template, language, filling).text };
}

/** Writes the message by which an operator tries a sender: that of a delivery, whose link leads nowhere. */
export function testMessage(medium: Medium, id: string, to: string): Outgoing {
  const filling = { shop: "Vouchsafe", order: NO_ORDER, link: NO_LINK };
  return medium === "email"
    ? { medium, id, to, ...composeMail("delivered", "en", filling) }
    : { medium, id, to, ...composeText("delivered", "en", filling) };
}
