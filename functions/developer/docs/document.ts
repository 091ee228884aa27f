import type { VNode } from "preact";
import { renderToString } from "preact-render-to-string";
import { STYLE } from "./style.ts";

/** Makes a whole document around the content of a page. The style is a constant of ours, `title` is text of ours. */
export const documentOf = (htmlLang: string, title: string, content: VNode): string =>
  [
    `<!DOCTYPE html><html lang="${htmlLang}"><head><meta charset="utf-8">`,
    `<meta name="viewport" content="width=device-width, initial-scale=1"><title>${title.replaceAll("<", "&lt;")}</title>`,
    `<link rel="icon" href="data:,"><style>${STYLE}</style></head><body>`,
    renderToString(content),
    "</body></html>",
  ].join("");
