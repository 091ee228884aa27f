import { Marked, type Tokens } from "marked";
import { PROBLEMS } from "../../../shared/kernel/problem.ts";
import readme from "../../storefront/README.md";
import signedRequests from "../../storefront/SIGNED-REQUESTS.md";

/** A heading of the guide, for the list of contents. */
export type Heading = { id: string; text: string; depth: number };

/** The anchor of a heading, as GitHub makes it of plain words. */
const anchorOf = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s-]/gu, "")
    .trim()
    .replaceAll(/\s/g, "-");

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** Names of problems lead to their pages, wherever they are. */
const codespan = ({ text }: Tokens.Codespan): string =>
  Object.hasOwn(PROBLEMS, text)
    ? `<a href="docs/problems/${text}"><code>${text}</code></a>`
    : `<code>${escaped(text)}</code>`;

/** Where a link of a document leads on the page. What is only in the repository has no address here. */
function targetOf(href: string): string | undefined {
  if (/^https?:/.test(href) || href.startsWith("#")) return href;
  return href === "SIGNED-REQUESTS.md" ? "#signed-requests" : undefined;
}

/** Renders a document. `deeper`: by how many levels its headings are lower on the page; `prefix` keeps their anchors apart. */
function render(markdown: string, deeper: number, prefix: string): { html: string; headings: Heading[] } {
  const headings: Heading[] = [];
  const marked = new Marked({
    renderer: {
      codespan,
      heading({ tokens, depth, text }) {
        const own = anchorOf(text);
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
        `<figure class="code"><figcaption>${LABELS[lang] ?? "Text"}</figcaption><pre tabindex="0"><code>${escaped(text)}</code></pre></figure>`,
      table(token) {
        const cells = (row: Tokens.TableCell[], tag: string): string =>
          `<tr>${row.map(({ tokens }) => `<${tag}>${this.parser.parseInline(tokens)}</${tag}>`).join("")}</tr>`;
        const body = token.rows.map((row) => cells(row, "td")).join("");
        return `<div class="wide" tabindex="0" role="group" aria-label="Table"><table><thead>${cells(token.header, "th")}</thead><tbody>${body}</tbody></table></div>`;
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

/** Renders the guide: the README of the storefront API, and how requests are signed. */
export function guide(): { html: string; headings: readonly Heading[] } {
  const first = render(readme, 0, "");
  const signing = render(signedRequests, 1, "signed-requests");
  return { html: first.html + signing.html, headings: [...first.headings, ...signing.headings] };
}

/** What the README says to do about a problem, as HTML. */
export function adviceOn(code: string): string {
  const [, advice = ""] = new RegExp(`^\\| \`${code}\` \\| \\d{3} \\| [^|]+ \\| ([^|]+) \\|$`, "m").exec(readme) ?? [];
  const inline = new Marked({
    renderer: {
      codespan: ({ text }) => `<code>${escaped(text)}</code>`,
      link({ href, tokens }) {
        const target = targetOf(href);
        const text = this.parser.parseInline(tokens);
        if (target === undefined) return text;
        return `<a href="${target.startsWith("#") ? `../../docs${target}` : escaped(target)}">${text}</a>`;
      },
      html: ({ text }) => escaped(text),
    },
  });
  return inline.parseInline(advice, { async: false });
}
