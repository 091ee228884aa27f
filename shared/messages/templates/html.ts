import type { Language } from "../contract.ts";
import type { Filling, Handed } from "./compose.ts";
import type { FRAME, Words } from "./words.ts";

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Makes a text safe between tags and in quoted attributes. */
export const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);

/** A text of somebody else's: in a direction of its own, so that it turns nothing around that stands beside it. */
const isolated = (text: string): string => `<bdi dir="auto">${escaped(text)}</bdi>`;

const SMALL = "margin:0 0 8px;font-size:13px;line-height:20px;color:#57606a";

const TAGS: Readonly<Record<Language, string>> = { zh: "zh-Hans", en: "en" };

/**
 * Writes the HTML of a mail. Mail programs know little CSS and load nothing: styles stand where they apply, there are no pictures, and
 * the link also stands as text. The colours keep 4.5 : 1 also where a program turns them dark.
 */
export function mailHtml(
  language: Language,
  { headline, body, action }: Words,
  frame: (typeof FRAME)[Language],
  { shop, help, order, link }: Filling,
): string {
  return `<!doctype html>
<html lang="${TAGS[language]}" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(headline)}</title>
</head>
<body style="margin:0;padding:24px 16px;background:#f6f8fa;font-family:-apple-system,'Segoe UI','PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif">
<div role="article" style="max-width:560px;margin:0 auto;padding:32px 24px;background:#ffffff;border:1px solid #d0d7de;border-radius:8px;color:#1f2328">
<p style="margin:0 0 24px;font-size:15px;font-weight:600">${isolated(shop)}</p>
<h1 style="margin:0 0 16px;font-size:22px;line-height:30px">${escaped(headline)}</h1>
${body.map((line) => `<p style="margin:0 0 24px;font-size:16px;line-height:26px">${escaped(line)}</p>`).join("\n")}
${handedOver(link, action, frame)}
<hr style="margin:24px 0;border:0;border-top:1px solid #d0d7de">
<p style="${SMALL}">${escaped(frame.order)}: ${isolated(order)}</p>
${help === undefined ? "" : `<p style="${SMALL}">${escaped(frame.help)}: ${isolated(help)}</p>\n`}<p style="${SMALL}">${escaped(frame.never)}</p>
</div>
</body>
</html>
`;
}

/** The button with its link, which also stands as text; or a one-time code, to be typed. */
function handedOver(link: Handed, action: string, frame: (typeof FRAME)[Language]): string {
  if ("code" in link)
    return `<p style="${SMALL}">${escaped(action)}:</p>
<p style="margin:0 0 24px;font-family:ui-monospace,Menlo,Consolas,monospace;font-size:28px;line-height:36px;font-weight:700;letter-spacing:4px">${escaped(link.code)}</p>`;
  const url = escaped(link.url);
  return `<p style="margin:0 0 24px"><a href="${url}" style="display:inline-block;padding:12px 24px;background:#0b57d0;border-radius:8px;color:#ffffff;font-size:16px;font-weight:600;text-decoration:none">${escaped(action)}</a></p>
<p style="${SMALL}">${escaped(frame.plain)}:<br><a href="${url}" style="color:#0b57d0;word-break:break-all">${url}</a></p>`;
}
