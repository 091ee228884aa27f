import { gzipSync } from "node:zlib";
import * as fc from "fast-check";
import { type DefaultTreeAdapterMap, type ParserError, parse } from "parse5";
import { describe, expect, test } from "vitest";
import { deliveryPage } from "../../../functions/buyer/delivery/delivery-page.tsx";
import { refusedPage } from "../../../functions/buyer/delivery/refused-page.tsx";
import { LANGUAGES, wordsIn } from "../../../functions/buyer/delivery/words.ts";
import { PROBLEM_CODES } from "../../../shared/kernel/problem.ts";
import { ORDER_STATES } from "../../../shared/orders/states.ts";
import { deliveryOf, shownOf } from "../../support/deliveries/pages.ts";

type Node = DefaultTreeAdapterMap["node"];
type Element = DefaultTreeAdapterMap["element"];

/** Parses a page as a browser would. Whatever the standard calls a mistake fails. */
function parsed(html: string): Node {
  const errors: string[] = [];
  const document = parse(html, {
    onParseError: ({ code, startOffset }: ParserError) => errors.push(`${code} at ${startOffset}`),
  });
  expect(errors).toEqual([]);
  return document;
}

function* elements(node: Node): Generator<Element> {
  if ("tagName" in node) yield node;
  if ("childNodes" in node) for (const child of node.childNodes) yield* elements(child);
}
const attribute = (element: Element | undefined, name: string): string | undefined =>
  element?.attrs.find((one) => one.name === name)?.value;
const textOf = (node: Node): string =>
  "value" in node ? node.value : "childNodes" in node ? node.childNodes.map(textOf).join("") : "";
const byTag = (node: Node, tag: string) => [...elements(node)].find(({ tagName }) => tagName === tag);
const byId = (node: Node, id: string) => [...elements(node)].find((element) => attribute(element, "id") === id);

const writing = { language: "en", zone: "Asia/Shanghai", token: "T".repeat(22), isReveal: true } as const;
const CODE = "ABCD-EFGH-JKLM-NPQR";
const LIMIT_BYTES = 30 * 1024;

const hostile = [
  `<script>alert(1)</script>`,
  `"><img src=x onerror=alert(1)>`,
  `javascript:alert(1)`,
  `&lt;b&gt; &amp; '"\``,
];

describe("a buyer's page", () => {
  test.each(LANGUAGES)("is HTML without a mistake, in %s, in every state, with and without codes", (language) => {
    for (const state of ORDER_STATES) {
      const delivery = deliveryOf({ order: { state } });
      for (const shown of [undefined, shownOf(CODE), shownOf(...Array<string>(50).fill(CODE))]) {
        const html = deliveryPage(delivery, { ...writing, language }, shown);
        const document = parsed(html);
        expect([...elements(document)].filter(({ tagName }) => tagName === "h1")).toHaveLength(1);
      }
    }
  });

  test("shows any text of a code, a name and a reference as that text, and nothing else of it", () => {
    const text = fc
      .oneof(fc.constantFrom(...hostile), fc.string({ unit: "grapheme", minLength: 1, maxLength: 80 }))
      .filter(
        // No import takes control characters; HTML can't hold some of them.
        (one) => !/\p{Cc}/u.test(one) && one.isWellFormed(),
      );
    fc.assert(
      fc.property(text, text, text, (secret, name, reference) => {
        const html = deliveryPage(deliveryOf({ name, seller: name, order: { reference } }), writing, shownOf(secret));
        const document = parsed(html);
        expect(textOf(byId(document, "c0") as Node)).toBe(secret);
        const all = [...elements(document)];
        expect(all.filter(({ tagName }) => tagName === "script")).toHaveLength(1);
        expect(all.some(({ tagName }) => tagName === "img")).toBe(false);
        expect(textOf(all.find(({ tagName }) => tagName === "h1") as Node)).toBe(name);
        expect(all.filter(({ tagName }) => tagName === "dd").map(textOf)).toContain(reference);
        expect(all.flatMap(({ attrs }) => attrs).filter((one) => /^on|^style$/.test(one.name))).toEqual([]);
      }),
    );
  });

  test.each([
    ["before the tap", undefined],
    ["with one code, its QR code and its instructions", shownOf(CODE)],
    ["with fifty codes", shownOf(...Array<string>(50).fill(CODE))],
  ])("weighs at most 30 KB, all told, %s", (_, shown) => {
    const redemption = { url: "https://redeem.example.com/", instructions: { en: "Open the app. ".repeat(50) } };
    const html = deliveryPage(deliveryOf({ redemption, codes: shown?.all ?? 1 }), writing, shown);
    expect(html).not.toMatch(/<(link|script|img)[^>]+(src|href)="(?!data:,)/);
    expect((shown?.all === 50 ? gzipSync(html) : Buffer.from(html)).byteLength).toBeLessThan(LIMIT_BYTES);
  });

  test("shows no code before the tap, and offers it by a form", () => {
    const html = deliveryPage(deliveryOf(), { ...writing, isReveal: false });
    const form = [...elements(parsed(html))].find(({ tagName }) => tagName === "form");
    expect([attribute(form, "method"), attribute(form, "action")]).toEqual(["post", `${writing.token}/reveal?lang=en`]);
  });

  test("puts the code into the address of its redemption only where the product says so", () => {
    const url = "https://redeem.example.com/use?a=1";
    const hrefOf = (redemption: object) => {
      const document = parsed(
        deliveryPage(deliveryOf({ redemption: { url, ...redemption } }), writing, shownOf("A&B=C ü")),
      );
      return [...elements(document)].map((one) => attribute(one, "href")).find((href) => href?.startsWith("https:"));
    };
    expect(hrefOf({})).toBe(url);
    expect(hrefOf({ codeInUrl: "code" })).toBe(`${url}&code=A%26B%3DC+%C3%BC`);
  });

  test.each(hostile)("opens no link that is no address of the web: %s", (secret) => {
    const delivery = deliveryOf();
    const [line] = delivery.order.lines;
    if (line !== undefined) line.kind = "link";
    const document = parsed(deliveryPage(delivery, writing, shownOf(secret)));
    const links = [...elements(document)].flatMap((one) => attribute(one, "href") ?? []);
    expect(links.filter((href) => !/^(data:,|\?lang=|\.\.\/T{22}\?lang=en$)/.test(href))).toEqual([]);
  });

  test("names a product in its reader's language, as the version calls it that was bought, everywhere on the page", () => {
    const codes = (count: number) => shownOf(...Array<string>(count).fill(CODE));
    const page = (language: "zh" | "en", names: object | undefined, shown?: ReturnType<typeof codes>) =>
      deliveryPage(
        deliveryOf({ name: "Music", ...(names === undefined ? {} : { names }) }),
        { ...writing, language },
        shown,
      );
    for (const shown of [undefined, codes(1), codes(9)]) {
      const both = { zh: "音乐月卡", en: "Music, a month" };
      expect(page("zh", both, shown)).toContain("音乐月卡");
      expect(page("zh", both, shown)).not.toMatch(/Music/);
      expect(page("en", { zh: "音乐月卡" }, shown)).toMatch(/>Music</);
      expect(page("zh", undefined, shown)).toMatch(/>Music</);
    }
  });

  test("has the other language's instructions where its own are missing", () => {
    const page = (language: "zh" | "en", instructions: object) =>
      deliveryPage(deliveryOf({ redemption: { instructions } }), { ...writing, language }, shownOf(CODE));
    expect(page("zh", { zh: "打开应用", en: "Open the app" })).toContain("打开应用");
    expect(page("zh", { en: "Open the app" })).toContain("Open the app");
  });

  test("says that a code is too long for a QR code instead of drawing one that nobody can scan", () => {
    const page = (length: number) => deliveryPage(deliveryOf(), writing, shownOf("x".repeat(length)));
    expect([page(300).includes("<svg"), page(301).includes("<svg")]).toEqual([true, false]);
    expect(page(301)).toContain(wordsIn("en").qrTooLong);
  });
});

describe("the page of a refusal", () => {
  test.each(PROBLEM_CODES)("of %s is HTML without a mistake, in both languages", (code) => {
    const titles = LANGUAGES.map((language) =>
      byTag(parsed(refusedPage({ code }, language, { requestId: "request-1", find: "../find" })), "h1"),
    );
    expect(titles.map((title) => title && textOf(title))).toEqual([
      expect.stringMatching(/./),
      expect.stringMatching(/./),
    ]);
  });

  test("of a link that opens nothing is the same for each request", () => {
    const page = (requestId: string) => refusedPage({ code: "not_found" }, "en", { requestId, find: "../find" });
    expect(page("a")).toBe(page("b"));
    expect(page("a")).toContain('href="../find?lang=en"');
  });
});
