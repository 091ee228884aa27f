import { type DefaultTreeAdapterMap, type ParserError, parse } from "parse5";
import { expect, test } from "vitest";
import { codePage } from "../../../functions/buyer/delivery/code-page.tsx";
import { LANGUAGES } from "../../../functions/buyer/delivery/words.ts";
import { oncePage, searchedPage, searchPage } from "../../../functions/buyer/find/find-page.tsx";
import { deliveryOf } from "../../support/deliveries/pages.ts";

type Node = DefaultTreeAdapterMap["node"];
type Element = DefaultTreeAdapterMap["element"];

function elementsOf(html: string): Element[] {
  const errors: string[] = [];
  const document = parse(html, { onParseError: ({ code }: ParserError) => errors.push(code) });
  expect(errors).toEqual([]);
  const all: Element[] = [];
  const walk = (node: Node): void => {
    if ("tagName" in node) all.push(node);
    if ("childNodes" in node) node.childNodes.forEach(walk);
  };
  walk(document);
  return all;
}
const attribute = (element: Element | undefined, name: string) =>
  element?.attrs.find((one) => one.name === name)?.value;

const hostile = `"><script>alert(1)</script>`;

test.each(LANGUAGES)("the pages by which an order is found are HTML without a mistake, in %s", (language) => {
  const values = { reference: hostile, contact: hostile };
  for (const html of [
    searchPage(language, { values: { reference: "", contact: "" }, wrong: [] }),
    searchPage(language, { values, wrong: ["reference", "contact"] }),
    searchedPage(language),
    oncePage(language, hostile),
    codePage("sent", deliveryOf({ seller: hostile }), { language, zone: "UTC", token: hostile, isReveal: true }),
    codePage("wrong", deliveryOf({ seller: hostile }), { language, zone: "UTC", token: hostile, isReveal: false }),
  ]) {
    const all = elementsOf(html);
    expect(all.filter(({ tagName }) => tagName === "h1")).toHaveLength(1);
    expect(all.filter(({ tagName }) => tagName === "script")).toHaveLength(1);
    expect(new Blob([html]).size).toBeLessThan(30 * 1024);
  }
});

test("what can't be looked for is named above the form and at its field, and what was typed stays", () => {
  const all = elementsOf(searchPage("en", { values: { reference: "A1", contact: hostile }, wrong: ["contact"] }));
  const field = (id: string) => all.find((one) => attribute(one, "id") === id);
  expect([attribute(field("reference"), "value"), attribute(field("contact"), "value")]).toEqual(["A1", hostile]);
  expect([attribute(field("reference"), "aria-invalid"), attribute(field("contact"), "aria-invalid")]).toEqual([
    "false",
    "true",
  ]);
  expect(all.filter((one) => attribute(one, "href") === "#contact")).toHaveLength(1);
});

test("each field has a label, and the form works without a script", () => {
  const all = elementsOf(searchPage("zh", { values: { reference: "", contact: "" }, wrong: [] }));
  const labels = all.filter(({ tagName }) => tagName === "label").map((one) => attribute(one, "for"));
  expect(labels).toEqual(["reference", "contact"]);
  const form = all.find(({ tagName }) => tagName === "form");
  expect([attribute(form, "method"), attribute(form, "action")]).toEqual(["post", "find?lang=zh"]);
});

test.each(LANGUAGES)(
  "the page that asks for a one-time code names the seller, the order and whom to ask, in %s",
  (language) => {
    const html = codePage("sent", deliveryOf({ seller: "Sun Shop", order: { reference: "Sun-2026-7" } }), {
      language,
      zone: "UTC",
      token: "x",
      isReveal: true,
    });
    for (const said of ["Sun Shop</b>", "Sun-2026-7"]) expect(html).toContain(said);
  },
);
