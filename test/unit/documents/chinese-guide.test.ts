import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const BLOCK = /^```[^]*?^```$/gm;

/** Reads what is the same of a document in every language: blocks of code, and of each section its level, rows, points and names. */
function structureOf(file: string) {
  const document = readFileSync(file, "utf8");
  const [, ...parts] = document.replaceAll(BLOCK, "").split(/^(#+) .+$/m);
  const sections = Array.from({ length: parts.length / 2 }, (_, index) => {
    const [level = "", text = ""] = parts.slice(2 * index);
    const rows = [...text.matchAll(/^\| (.+?) \|/gm)].map(([, first = ""]) => namesIn(first));
    return { level: level.length, rows, points: text.match(/^- /gm)?.length ?? 0, names: namesIn(text) };
  });
  return { blocks: document.match(BLOCK) ?? [], sections };
}

/** The names of the API that stand in a text, in the order of the alphabet: each language has its own order of words. */
const namesIn = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name).sort();

/** What stands after each code of an error: its status. */
const errorsIn = (file: string): string[] =>
  [...readFileSync(file, "utf8").matchAll(/^\| `([a-z_]+)` \| (\d{3}) \| [^|]+ \| [^|]+ \|$/gm)].map(
    ([, code, status]) => `${code} ${status}`,
  );

const [english, chinese] = ["functions/storefront/README.md", "functions/storefront/README.zh-Hans.md"] as const;

test("the guide in Chinese has the sections, tables, points, names and code of the one in English", () => {
  const [expected, found] = [structureOf(english), structureOf(chinese)];
  expect(expected.sections.length).toBeGreaterThan(20);
  expect(found.blocks).toEqual(expected.blocks);
  expect(found.sections).toEqual(expected.sections);
});

test("the guide in Chinese lists every error code in the order of the English one, with its status", () => {
  expect(errorsIn(english).length).toBeGreaterThan(40);
  expect(errorsIn(chinese)).toEqual(errorsIn(english));
});

test("every link within the guide in Chinese leads to one of its headings", () => {
  const document = readFileSync(chinese, "utf8");
  const anchors = [...document.matchAll(/^#+ (.+)$/gm)].map(([, text = ""]) =>
    text
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s-]/gu, "")
      .replaceAll(/\s/g, "-"),
  );
  const links = [...document.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor = ""]) => anchor);
  expect(links.length).toBeGreaterThan(3);
  expect(links.filter((anchor) => !anchors.includes(anchor))).toEqual([]);
});
