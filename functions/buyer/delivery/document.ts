import type { VNode } from "preact";
import { renderToString } from "preact-render-to-string";
import { SCRIPT } from "./script.ts";
import { STYLE } from "./style.ts";
import { type Language, wordsIn } from "./words.ts";

/** What a page may need of its surroundings: where news is asked for, and what it shows now. */
export type Live = { stamp: string; state: string };

const quoted = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

/** A browser without our script loads a page that has news to come again by itself, after so many seconds. */
const RELOAD_SECONDS = 20;

/**
 * Makes a whole document around the content of a page. Style and script are constants of ours and stand in the document as they are;
 * all else comes escaped from Preact.
 */
export function documentOf(language: Language, title: string, content: VNode, live?: Live): string {
  const data = live === undefined ? "" : ` data-stamp="${quoted(live.stamp)}" data-state="${quoted(live.state)}"`;
  const reload =
    live === undefined ? "" : `<noscript><meta http-equiv="refresh" content="${RELOAD_SECONDS}"></noscript>`;
  return [
    `<!DOCTYPE html><html lang="${wordsIn(language).htmlLang}"><head><meta charset="utf-8">`,
    `<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex, nofollow">`,
    `<meta name="format-detection" content="telephone=no"><title>${quoted(title)}</title>${reload}`,
    `<link rel="icon" href="data:,"><style>${STYLE}</style></head><body${data}>`,
    // A browser would read the bare character as the end of a line (HTML, 13.2.3.5).
    renderToString(content).replaceAll("\r", "&#13;"),
    `<script>${SCRIPT}</script></body></html>`,
  ].join("");
}
