import type { Language, Mail, TextMessage } from "../contract.ts";
import type { TemplateName } from "../model.ts";
import { mailHtml } from "./html.ts";
import { FRAME, WORDS } from "./words.ts";

/** What a template is filled with. `order`: what the buyer calls the order. */
export type Filling = { shop: string; help?: string | undefined; order: string; link: Handed };

/** Where the buyer's page of an order is. `token`: what follows the registered domain in a template of a text message. */
export type Link = { url: string; token: string };

/** What a message hands over. */
export type Handed = Link | { code: string };

/** What stands in the message for it. */
export const handedText = (link: Handed): string => ("code" in link ? link.code : link.url);

/** Writes a mail: subject, text and HTML. */
export function composeMail(
  template: TemplateName,
  language: Language,
  filling: Filling,
): Pick<Mail, "fromName" | "subject" | "text" | "html"> {
  const { shop, help, order, link } = filling;
  const words = WORDS[language][template];
  const frame = FRAME[language];
  const text = [
    shop,
    "",
    words.headline,
    "",
    ...words.body,
    "",
    `${words.action}:`,
    handedText(link),
    "",
    `${frame.order}: ${order}`,
    ...(help === undefined ? [] : [`${frame.help}: ${help}`]),
    frame.never,
    "",
  ].join("\n");
  return { fromName: shop, subject: words.subject(shop), text, html: mailHtml(language, words, frame, filling) };
}

/** Writes a text message, whole and as what fills a registered template. */
export function composeText(
  template: TemplateName,
  language: Language,
  { shop, link }: Filling,
): Pick<TextMessage, "text" | "template" | "variables"> {
  const text = `${WORDS[language][template].short(shop)}${handedText(link)}`;
  return { text, template: `${template}.${language}`, variables: { token: "code" in link ? link.code : link.token } };
}
