import { Marked, type Tokens } from "marked";
import { PROBLEMS, type ProblemCode } from "../../../shared/kernel/problem.ts";
import type { Language } from "../../buyer/delivery/words.ts";
import readme from "../../storefront/README.md";
import chinese from "../../storefront/README.zh-Hans.md";
import signedRequests from "../../storefront/SIGNED-REQUESTS.md";
import { wordsIn } from "./words.ts";

/** A heading of the guide, for the list of contents. */
export type Heading = { id: string; text: string; depth: number };

/** What a document is rendered with: by how many levels its headings are lower on the page, and what keeps their anchors apart. */
type How = { language: Language; deeper: number; prefix: string };

const README: Record<Language, string> = { en: readme, zh: chinese };

/** The anchor of a heading, as GitHub makes it of plain words. */
const anchorOf = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s-]/gu, "")
    .trim()
    .replaceAll(/\s/g, "-");

const anchorsIn = (markdown: string): string[] =>
  [...markdown.replaceAll(/^```[^]*?^```$/gm, "").matchAll(/^#+ (.+)$/gm)].map(([, text = ""]) => anchorOf(text));

/** The English anchor for each Chinese one: a place has the same address in both languages. */
const english = new Map(anchorsIn(chinese).map((anchor, index) => [anchor, anchorsIn(readme)[index] ?? anchor]));
const placeOf = (anchor: string): string => english.get(anchor) ?? anchor;

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** Where a link of a document leads on the page. What is only in the repository has no address here. */
function targetOf(href: string): string | undefined {
  if (/^https?:/.test(href)) return href;
  if (href.startsWith("#")) return `#${placeOf(href.slice(1))}`;
  return href === "SIGNED-REQUESTS.md" ? "#signed-requests" : undefined;
}

/** Renders a document. */
function render(markdown: string, { language, deeper, prefix }: How): { html: string; headings: Heading[] } {
  const words = wordsIn(language);
  const headings: Heading[] = [];
  const marked = new Marked({
    renderer: {
      // Names of problems lead to their pages, wherever they are.
      codespan: ({ text }) =>
        Object.hasOwn(PROBLEMS, text)
          ? `<a href="docs/problems/${text}?lang=${language}"><code>${text}</code></a>`
          : `<code>${escaped(text)}</code>`,
      heading({ tokens, depth, text }) {
        const own = placeOf(anchorOf(text));
        const id = depth === 1 || prefix === "" ? own : `${prefix}-${own}`;
        const level = Math.min(depth + deeper, 6);
        headings.push({ id, text, depth: level });
        return `<h${level} id="${id}"><a href="#${id}">${this.parser.parseInline(tokens)}</a></h${level}>`;
      },
      link({ href, tokens }) {
        const target = targetOf(href);
        const text = this.parser.parseInline(tokens);
        return target === undefined ? text : `<a href="${escaped(target)}">${text}</a>`;
      },
      code: ({ text, lang = "" }) =>
        `<figure class="code"><figcaption>${LABELS[lang] ?? words.text}</figcaption><pre tabindex="0"><code>${escaped(text)}</code></pre></figure>`,
      table(token) {
        const cells = (row: Tokens.TableCell[], tag: string): string =>
          `<tr>${row.map(({ tokens }) => `<${tag}>${this.parser.parseInline(tokens)}</${tag}>`).join("")}</tr>`;
        const body = token.rows.map((row) => cells(row, "td")).join("");
        return `<div class="wide" tabindex="0" role="group" aria-label="${words.table}"><table><thead>${cells(token.header, "th")}</thead><tbody>${body}</tbody></table></div>`;
      },
      html: ({ text }) => escaped(text),
    },
  });
  return { html: marked.parse(markdown, { async: false }), headings };
}

const LABELS: Readonly<Record<string, string>> = {
  sh: "curl",
  bash: "Shell",
  ts: "TypeScript",
  python: "Python",
  go: "Go",
  json: "JSON",
};

/** Renders the guide: the README of the storefront API, and how requests are signed, which is told in English only. */
export function guide(language: Language): { html: string; headings: readonly Heading[] } {
  const first = render(README[language], { language, deeper: 0, prefix: "" });
  const signing = render(signedRequests, { language, deeper: 1, prefix: "signed-requests" });
  return {
    html: `${first.html}<div lang="en">${signing.html}</div>`,
    headings: [...first.headings, ...signing.headings],
  };
}

/** What the README says of a problem: its title, and as HTML what to do about it. */
export function adviceOn(code: ProblemCode, language: Language): { title: string; advice: string } {
  const row = new RegExp(`^\\| \`${code}\` \\| \\d{3} \\| ([^|]+) \\| ([^|]+) \\|$`, "m").exec(README[language]);
  const [, title = PROBLEMS[code].title, advice = ""] = row ?? [];
  const inline = new Marked({
    renderer: {
      codespan: ({ text }) => `<code>${escaped(text)}</code>`,
      link({ href, tokens }) {
        const target = targetOf(href);
        const text = this.parser.parseInline(tokens);
        if (target === undefined) return text;
        const whole = target.startsWith("#") ? `../../docs?lang=${language}${target}` : target;
        return `<a href="${escaped(whole)}">${text}</a>`;
      },
      html: ({ text }) => escaped(text),
    },
  });
  return { title, advice: inline.parseInline(advice, { async: false }) };
}
